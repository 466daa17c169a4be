"""What a snippet printed, as a page shows it: under which versions, and for a failure its messages first."""

from xml.etree.ElementTree import Element, SubElement

from snippets.lab.outputs import Output, messages


def output_element(title: str, output: Output, failed: bool) -> Element:
    """A failure's messages without the frames of its tracebacks, and the whole text to open."""
    box = Element("div", {"class": "nw-output", "data-search-exclude": ""})
    heading = SubElement(box, "p", {"class": "nw-output-of"})
    SubElement(heading, "strong").text = title
    if output.absent:
        heading[-1].tail = f" – not run here: {output.absent}"
        return box
    heading[-1].tail = f" – Python {output.python}, torch {output.torch}, {output.day}"
    said = messages(output.text) if failed else output.text
    SubElement(box, "pre").text = said
    if said != output.text:
        details = SubElement(box, "details")
        SubElement(details, "summary").text = "With its traceback"
        SubElement(details, "pre").text = output.text
    return box
