"""A run of the model of the DataLoader, with what it gave to whom."""

from dataclasses import dataclass, field

import pytest

from snippets.lab import loader_model
from snippets.lab.loader_model import Batch, Loader, simulate


@dataclass
class Run:
    """One epoch. `times`: seconds of each delivery; `given`: which batch that was; `made_by`: the worker of each batch.

    `assigned` counts, after each delivery, the batches that workers were told to make so far; `ahead` the same before
    the first one. `loads`: of each worker, the most batches that it had assigned and not delivered.
    """

    times: list[float]
    given: list[int] = field(default_factory=list)
    made_by: list[int] = field(default_factory=list)
    assigned: list[int] = field(default_factory=list)
    ahead: int = 0
    loads: list[int] = field(default_factory=list)


def modelled(costs: list[Batch], loader: Loader) -> Run:
    run = Run([], loads=[0] * loader.num_workers)

    class Watched(loader_model._State):
        def assign(self) -> None:
            super().assign()
            run.loads = [max(most, now) for most, now in zip(run.loads, self.tasks, strict=True)]
            if not run.given:
                run.ahead = self.sent

        def taken(self, batch: int) -> None:
            run.given.append(batch)
            super().taken(batch)
            run.assigned.append(self.sent)
            run.made_by = [self.made_by[number] for number in range(self.sent)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader_model, "_State", Watched)
        run.times = simulate(costs, loader)
    return run


def waits(seconds: list[float]) -> list[Batch]:
    return [Batch(each) for each in seconds]
