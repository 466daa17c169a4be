"""How legible the text of a drawing is: its size and its contrast, from the pixels that are behind it."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image
from playwright.sync_api import ElementHandle, Page

from .visit import Visit

ENOUGH = 0.9
"""Share of a text's background that has to stand out from it: a thin line may cross it, an edge may not."""

HIDE_TEXT = "figure svg text, .md-header, .md-top { visibility: hidden !important; }"

READ_TEXTS = """svg => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = colour => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const frame = svg.getBoundingClientRect();
    const said = element => [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const texts = [...svg.querySelectorAll("text, tspan")].filter(e => said(e) && e.checkVisibility());
    return texts.map(element => {
        const style = getComputedStyle(element), box = element.getBoundingClientRect();
        const matrix = element.closest("text").getScreenCTM();
        let opacity = parseFloat(style.fillOpacity);
        for (let e = element; e !== svg.parentElement; e = e.parentElement) {
            opacity *= parseFloat(getComputedStyle(e).opacity);
        }
        const [r, g, b, a] = rgba(style.fill);
        const outlined = style.stroke !== "none" && style.paintOrder.startsWith("stroke");
        return {
            text: element.textContent.trim(),
            size: parseFloat(style.fontSize) * Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c)),
            colour: [r, g, b, a * opacity],
            outline: outlined ? rgba(style.stroke).slice(0, 3) : null,
            box: [box.left - frame.left, box.top - frame.top, box.right - frame.left, box.bottom - frame.top],
        };
    });
}"""


@dataclass(frozen=True)
class Text:
    text: str
    size: float
    """Rendered height of its font in CSS pixels."""
    contrast: float
    """Contrast ratio (WCAG 2) that `ENOUGH` of its background reaches."""


def visible_drawings(page: Page) -> list[ElementHandle]:
    return page.query_selector_all("figure svg[role=img]:visible")


def texts_of(visit: Visit, drawings: list[ElementHandle]) -> list[Text]:
    with visit.styled(HIDE_TEXT):
        # A caret would be hidden by more style, with which all is styled anew.
        shots = [drawing.screenshot(caret="initial") for drawing in drawings]
    found = []
    for drawing, shot in zip(drawings, shots, strict=True):
        behind = np.asarray(Image.open(BytesIO(shot)).convert("RGB"), dtype=float)
        found += [_text(read, behind) for read in drawing.evaluate(READ_TEXTS)]
    return found


def _text(read: dict, behind: np.ndarray) -> Text:
    height, width = behind.shape[:2]
    left, top, right, bottom = (round(edge) for edge in read["box"])
    pixels = behind[max(0, top) : min(height, bottom), max(0, left) : min(width, right)].reshape(-1, 3)
    if read["outline"]:
        pixels = np.array([read["outline"]], dtype=float)
    if not len(pixels):
        # Outside of its drawing, where nobody sees it.
        return Text(read["text"], read["size"], 1.0)
    *ink, alpha = read["colour"]
    painted = _luminance(np.array(ink) * alpha + pixels * (1 - alpha))
    paper = _luminance(pixels)
    ratios = (np.maximum(painted, paper) + 0.05) / (np.minimum(painted, paper) + 0.05)
    return Text(read["text"], read["size"], float(np.quantile(ratios, 1 - ENOUGH)))


def _luminance(rgb: np.ndarray) -> np.ndarray:
    """Relative luminance (WCAG 2.2) of sRGB colours from 0 to 255."""
    part = rgb / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])
