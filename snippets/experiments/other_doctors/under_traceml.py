"""A loop of the doctor's experiment, as TraceML's README has one of plain PyTorch. `traceml run` starts this file."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from snippets.experiments.doctor.loops import LOOPS
from snippets.lab.instruments.starting import start_cheaply


class Model(nn.Module):
    """TraceML times its forward, which is the loop's step, its backward and its optimizer, which do next to nothing."""

    def __init__(self, step: Callable[[Any], object]) -> None:
        super().__init__()
        self.step, self.weight = step, nn.Parameter(torch.zeros(()))

    def forward(self, batch: Any) -> torch.Tensor:
        self.step(batch)
        return self.weight * 1.0


def main(name: str) -> None:
    traceml: Any = importlib.import_module("traceml_ai")
    start_cheaply("torch")
    loop = LOOPS[name]
    traceml.init(mode="auto")
    model = Model(loop.step)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loader = loop.make()
    for _ in range(loop.epochs):
        for batch in loader:
            with traceml.trace_step(model):
                optimizer.zero_grad(set_to_none=True)
                model(batch).backward()
                optimizer.step()


if __name__ == "__main__":
    main(sys.argv[1])
