"""What a run shows of a pass while it is measured."""

from snippets.lab.judging.rules import PASSES
from snippets.lab.measuring.child import Listener, Pass
from snippets.lab.measuring.one_pass import Event
from snippets.lab.progress import Progress


def listener(name: str, number: int, bars: Progress) -> Listener:
    """Shows the progress of one pass."""
    which = "confirming pass, " if number == PASSES else f"pass {number + 1}, " if number else ""

    def listen(event: Event, outcome: Pass) -> None:
        match event["event"]:
            case "arms":
                bars.begin(name, event["runs"])
            case "warm":
                bars.step(name, f"{which}warming up")
            case "sample":
                assert outcome.about
                bars.step(name, f"{which}round {event['round'] + 1} of {outcome.about.rounds}")

    return listen
