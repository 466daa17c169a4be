"""Bars of what a batch takes: made by the main process itself, and made and handed over by a worker."""

from snippets.experiments.estimates import in_milliseconds
from snippets.experiments.handing_over.arms import IN_PYTHON, WAITING, alone, floats, handed
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration, megabytes, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def pieces(result: Measured) -> list[int]:
    return result.numbers("pieces")


def all_floats(result: Measured) -> str:
    return floats(int(result.number("floats")))


BESIDE = {"the worker waits": WAITING, "the worker runs Python": IN_PYTHON}
"""What a worker does while its batch is received, and the arm."""


def title(count: int) -> str:
    return "1 tensor" if count == 1 else f"{count} tensors"


def values(result: Measured) -> dict[str, str]:
    found = {
        "bytes": megabytes(result.number("bytes")),
        "floats": duration(result.estimate(all_floats(result)).median),
        "float_count": f"{result.params['floats']:,}",  # pyrefly: ignore[invalid-format-spec]: it is a number
        "float_bytes": megabytes(8.0 * int(result.number("floats"))),
    }
    found["beside_pieces"] = str(result.params["beside_pieces"])
    found["beside_waiting"], found["beside_python"] = (duration(result.estimate(arm).median) for arm in BESIDE.values())
    for count in pieces(result):
        found[f"alone_{count}"] = duration(result.estimate(alone(count)).median)
        found[f"handed_{count}"] = duration(result.estimate(handed(count)).median)
        found[f"receive_{count}"] = duration(result.estimate(handed(count), "main_cpu").median)
    most = pieces(result)[-1]
    found["many_over_one"] = times(result.ratio(handed(most), handed(1)).median)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    most = pieces(result)[-1]
    message = (
        f"A batch of {say['bytes']} takes {say['handed_1']} to make and hand over as one tensor, and "
        f"{say[f'handed_{most}']} as {most}. Of these, {say['receive_1']} and {say[f'receive_{most}']} are work of the "
        f"main process. To receive {say['beside_pieces']} tensors that are ready takes {say['beside_waiting']} while "
        f"their worker waits, and {say['beside_python']} while it runs Python."
    )
    groups = tuple(
        BarGroup(
            title(count),
            (
                Bar("made by main", in_milliseconds(result, alone(count)), "fetch"),
                Bar("from a worker", in_milliseconds(result, handed(count)), "receive"),
                Bar("of this, main’s work", in_milliseconds(result, handed(count), "main_cpu"), "wait"),
            ),
        )
        for count in pieces(result)
    )
    beside = f"{say['beside_pieces']} tensors, received while"
    bars = tuple(Bar(does, in_milliseconds(result, arm), "receive") for does, arm in BESIDE.items())
    rows = [
        (arm, interval(in_milliseconds(result, arm)), interval(in_milliseconds(result, arm, "main_cpu")))
        for count in pieces(result)
        for arm in (alone(count), handed(count))
    ]
    name = all_floats(result)
    rows.append((name, interval(in_milliseconds(result, name)), interval(in_milliseconds(result, name, "main_cpu"))))
    rows += [
        (f"{beside} {does}", interval(in_milliseconds(result, arm)), interval(in_milliseconds(result, arm, "main_cpu")))
        for does, arm in BESIDE.items()
    ]
    table = Table(("", "Per batch, ms", "Main’s CPU time, ms"), tuple(rows))
    return Figure(message, Bars("ms per batch", "lower", (*groups, BarGroup(beside, bars)), "log"), table)
