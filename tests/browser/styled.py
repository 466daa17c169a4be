"""How much of a page a browser styles while it opens it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page


@contextmanager
def styled_elements(page: Page) -> Iterator[list[int]]:
    """Of each time that Chromium works out styles within the block: for how many elements, once the block is left."""
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    counts: list[int] = []
    session = page.context.new_cdp_session(page)
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    session.send("Tracing.start", {"transferMode": "ReportEvents", "categories": "devtools.timeline"})
    try:
        yield counts
    finally:
        session.send("Tracing.end")
        while not ended:
            page.wait_for_timeout(20)
        session.detach()
    updates = (event["args"] for event in events if event["name"] == "UpdateLayoutTree" and event["ph"] == "X")
    counts += [args.get("elementCount", 0) for args in updates]
