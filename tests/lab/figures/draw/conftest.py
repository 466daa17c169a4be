"""Each test that asks for a chart, its markup or its pictures is run for every chart."""

from xml.etree import ElementTree

import pytest

from snippets.lab.figures.figure import Chart
from tests.lab.figures.draw.charts import CHARTS, markup_of


@pytest.fixture(params=CHARTS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def chart(name: str) -> Chart:
    return CHARTS[name]


@pytest.fixture
def markup(name: str) -> str:
    return markup_of(name)


@pytest.fixture
def pictures(markup: str) -> list[ElementTree.Element]:
    """The wide and the narrow `<svg>`."""
    return list(ElementTree.fromstring(markup).iter("{http://www.w3.org/2000/svg}svg"))
