"""What a snippet printed, as a page shows it: under which versions, and for a failure its messages first."""

from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown

from snippets.lab.machine.machine import Machine
from snippets.lab.markdown.shown import is_old, those_who_speak
from snippets.lab.markdown.wording import on
from snippets.lab.output import GAP, Output
from snippets.lab.outputs.running import Kind, OutputError, check
from snippets.lab.results.held import MachineResults

LAST_CALLS = 3


def printed_elsewhere(name: str, here: Output, kind: Kind) -> MachineResults | None:
    """Whose output stands in for a snippet that could not run `here`: who ran the same code, not too long ago, and saw
    it end as the page says. None of a stranger's.
    """
    return next((held for held in those_who_speak() if _stands_in(held, name, here, kind)), None)


def _stands_in(held: MachineResults, name: str, here: Output, kind: Kind) -> bool:
    output = held.results.outputs.get(name)
    if output is None or output.source_hash != here.source_hash or is_old(held, output.day):
        return False
    try:
        check(name, kind, output)
    except OutputError:
        return False
    return True


def output_element(md: Markdown, title: str, output: Output, failed: bool, elsewhere: Machine | None = None) -> Element:
    """What a snippet printed, here or `elsewhere`; of a failure its messages, without frames of tracebacks, and the
    whole text to open.

    What it printed is put in at the end, as it is: else a last line in braces would be the block's attributes, and a
    printed `&lt;` a sign.
    """
    box = Element("div", {"class": "nw-output", "data-search-exclude": ""})
    heading = SubElement(box, "p", {"class": "nw-output-of"})
    SubElement(heading, "strong").text = title
    if output.absent:
        heading[-1].tail = f" – not run here: {output.absent}"
        return box
    where = f"{on(elsewhere)}, " if elsewhere else ""
    heading[-1].tail = f" – {where}Python {output.python}, torch {output.torch}, {output.day}"
    text = messages(output.text) if failed else output.text
    SubElement(box, "pre").text = md.htmlStash.store(escape(text))
    if text != output.text:
        details = SubElement(box, "details")
        SubElement(details, "summary").text = "With its traceback"
        SubElement(details, "pre").text = md.htmlStash.store(escape(output.text))
    return box


def messages(text: str) -> str:
    """What a failure says, without the frames of its tracebacks; of a stack by `faulthandler`, the last few calls."""
    return "\n".join(_messages(text.splitlines())).strip("\n")


def _messages(lines: list[str]) -> Iterator[str]:
    in_frames, calls = False, 0
    for line in lines:
        if line.startswith(("Traceback (most recent call last)", "Original Traceback (most recent call last)")):
            in_frames = True
        elif line.endswith("(most recent call first):"):
            in_frames, calls = True, LAST_CALLS
            yield line
        elif in_frames and line.startswith("  "):
            if calls:
                calls -= 1
                yield line
        elif not line.startswith("Extension modules:"):
            in_frames, calls = line == GAP, 0
            yield line
