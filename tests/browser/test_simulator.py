"""The simulator: its module says what the Python model says, and its page works by mouse, keyboard, address and paste.

That the page is legible and accessible while nothing was touched, the tests of each page show. What is not proven: that
a loader does what the model says; the experiments compare it with measured ones.
"""

import gzip
import json
import math
import random
import re
from dataclasses import asdict
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, expect

from snippets.lab.batch_costs import factors
from snippets.lab.figures.simulated import Settings
from snippets.lab.loader_model import Batch, Loader, enough, limit, simulate
from snippets.lab.paths import DOCS
from snippets.tools import loader_doctor as doctor
from snippets.tools import tune_num_workers as tuner

from .axe import violations, violations_of_contrast
from .site import Site
from .visit import DARK, LIGHT, NARROW, WIDE, Visit

PAGE = "explanation/simulator/"
MODULE = "const module = await import(`${address}assets/simulator.mjs`);"
MOST_BYTES = 15_000
"""Of the module as a server sends it."""
SCENARIOS = 200
VARIED = 60
ALIKE = 1e-9
MOST = 12
"""Workers, where enough of them are asked for."""


def asked(visit: Visit, script: str, argument: Any = None) -> Any:
    """What a script says that has the simulator's `module`."""
    function = f"async ([address, given]) => {{ {MODULE} {script} }}"
    return visit.page.evaluate(function, [visit.site.address, argument])


@pytest.fixture(scope="module")
def page(regular: Visit) -> Visit:
    regular.at(WIDE)
    regular.open(PAGE)
    return regular


# The model.


def scenarios() -> list[tuple[list[Batch], Loader]]:
    """The same at each run. Zeros and ties among them, which are where two models part."""
    draw = random.Random(20_261_127)

    def cost(most: float) -> float:
        return draw.choice([0.0, most / 2, draw.uniform(0, most)])

    made = []
    for _ in range(SCENARIOS):
        alike = Batch(draw.uniform(0.001, 0.1), cost(0.05))
        batches = [Batch(cost(0.1), cost(0.1)) if draw.random() < 0.3 else alike for _ in range(draw.randint(1, 40))]
        loader = Loader(
            num_workers=draw.randint(0, 8),
            prefetch_factor=draw.randint(1, 4),
            in_order=draw.random() < 0.6,
            receive=cost(0.01),
            step=cost(0.05),
            cores=draw.choice([0.5, 1.0, 2.0, 3.7, 8.0, math.inf]),
            send=cost(0.01),
            step_compute=cost(0.03),
            start=cost(0.02),
            begin=cost(0.05),
        )
        made.append((batches, loader))
    return made


def given(case: tuple[list[Batch], Loader]) -> list[Any]:
    batches, loader = case
    return [[asdict(batch) for batch in batches], asdict(loader)]


def test_it_says_what_the_python_model_says(page: Visit) -> None:
    """When each batch is there, the limit, and how many workers are enough."""
    said = asked(
        page,
        """return given.map(([batches, loader]) => [module.simulate(batches, loader).delivered,
            module.limit(batches[0], loader), module.enough(batches[0], loader, 12)]);""",
        [given(case) for case in scenarios()],
    )
    assert len(said) == SCENARIOS
    for (batches, loader), (delivered, at_most, count) in zip(scenarios(), said, strict=True):
        assert delivered == pytest.approx(simulate(batches, loader), rel=ALIKE, abs=ALIKE), loader
        assert at_most == pytest.approx(limit(batches[0], loader), rel=ALIKE)
        assert count == enough(batches[0], loader, MOST)


def varied() -> list[Settings]:
    """The same at each run; of batches that vary, with slow ones among them."""
    draw = random.Random(13)
    return [
        Settings(
            Batch(draw.choice([0.0, draw.uniform(0, 0.1)]), draw.uniform(0, 0.1)),
            Loader(
                num_workers=draw.randint(0, 16),
                prefetch_factor=draw.randint(1, 4),
                in_order=draw.random() < 0.7,
                receive=draw.uniform(0, 0.003),
                step=draw.uniform(0, 0.05),
                cores=draw.choice([1.0, 3.7, 16.0]),
                send=draw.uniform(0, 0.003),
            ),
            batches=draw.randint(1, 60),
            slow_every=draw.randint(2, 9),
            slow_times=draw.choice([1.0, draw.uniform(1, 9)]),
            spread=draw.choice([0.0, draw.uniform(0, 0.5), draw.uniform(0, 3)]),
        )
        for _ in range(VARIED)
    ]


def state_of(settings: Settings) -> dict[str, float]:
    """By the keys of the module, and not rounded as in a link."""
    loader, batch = settings.loader, settings.batch
    return {
        "w": loader.num_workers,
        "b": batch.wait + batch.compute,
        "c": batch.compute,
        "s": loader.step,
        "n": loader.cores,
        "p": loader.prefetch_factor,
        "o": int(loader.in_order),
        "h": loader.send,
        "r": loader.receive,
        "v": settings.spread,
        "k": settings.slow_every,
        "x": settings.slow_times,
        "i": 0,
        "e": 0,
        "d": 0,
        "m": 0,
        "l": settings.batches,
    }


def test_batches_that_vary_are_those_that_python_draws(page: Visit) -> None:
    said = asked(
        page,
        "return given.map(state => [module.factors(state.l, state.v), module.outcome(state).delivered]);",
        [state_of(settings) for settings in varied()],
    )
    for settings, (drawn, delivered) in zip(varied(), said, strict=True):
        assert drawn == pytest.approx(factors(settings.batches, settings.spread), rel=ALIKE)
        assert delivered == pytest.approx(simulate(settings.costs(), settings.loader), rel=ALIKE, abs=ALIKE), settings


def test_batches_that_vary_have_the_limit_of_alike_ones_and_come_later_in_order(page: Visit) -> None:
    """The mean cost stays what it was."""
    limits = asked(
        page,
        """return given.map(link => [0, 1].map(v => {
            const { state } = module.read(`${link};v=${v}`);
            const { limit, rate, binds } = module.outcome(state);
            return [limit, rate, binds];
        }));""",
        ["1;w=4;b=0.04;c=0;s=0.012;l=200", "1;w=8;b=0.1;c=0.05;s=0.02;n=16;l=100", "1;w=2;b=0.05;c=0;s=0.001;l=60"],
    )
    for (alike, quick, binds), (other, slow, then) in limits:
        assert other == pytest.approx(alike, rel=ALIKE)
        assert slow < 0.9 * quick
        assert binds in ("step", "workers") and then == "slow"


def test_each_batch_is_given_once_and_no_thread_does_two_things_at_once(page: Visit) -> None:
    """A worker sends in its second thread, while it makes the next batch."""
    problems = asked(
        page,
        """return given.flatMap(([batches, loader], number) => {
            const { given, spans, delivered, end } = module.simulate(batches, loader);
            const found = [];
            if ([...given].sort((a, b) => a - b).join() !== batches.map((_, place) => place).join()) {
                found.push([number, "given", given]);
            }
            if (loader.in_order && given.join() !== [...given].sort((a, b) => a - b).join()) {
                found.push([number, "order", given]);
            }
            const until = {};
            for (const { lane, role, start, end, beside } of spans) {
                const thread = `${lane} ${Boolean(beside)}`;
                if (start < (until[thread] ?? 0) - 1e-9 || end < start) {
                    found.push([number, "overlap", thread, start, end]);
                }
                if (lane && (role === "receive") !== Boolean(beside)) {
                    found.push([number, "thread", thread, role]);
                }
                until[thread] = end;
            }
            return found;
        });""",
        [given(case) for case in scenarios()],
    )
    assert problems == []


def test_sending_is_drawn_at_the_foot_of_what_is_made_meanwhile(page: Visit) -> None:
    page.open(PAGE + "#1;w=1;b=0.04;c=0;h=0.03;r=0;s=0.01;l=6")
    drawing = page.page.locator(".nw-simulator figure svg").first
    expect(drawing).to_have_attribute("aria-label", re.compile("^1 worker; "))
    expect(drawing).to_be_visible()  # what is not laid out has no box
    boxes = drawing.evaluate(
        """drawing => ["fetch", "receive"].map(role => {
            const [key, drawn] = drawing.querySelectorAll(`:scope > path[fill*="${role}"]`);
            const { x, y, width, height } = drawn.getBBox();
            return { left: x, right: x + width, top: y, bottom: y + height };
        })"""
    )
    made, sent = boxes
    assert made["top"] < sent["top"] and sent["bottom"] == pytest.approx(made["bottom"])
    assert sent["left"] < made["right"] < sent["right"], "the last batch is sent after all are made"


def test_one_worker_more_never_slows_a_loader_whose_items_wait(page: Visit) -> None:
    """And costs nothing to start or to hand over, with batches that all take as long."""
    draw = random.Random(7)
    links = []
    for _ in range(20):
        batch, step = draw.uniform(0.001, 1), draw.uniform(0, 0.2)
        links.append(f"1;c=0;b={batch:.4g};s={step:.4g};l={draw.randint(1, 60)};p={draw.randint(1, 4)}")
    rates = asked(
        page, "return given.map(link => module.curve(module.read(link).state).map(({ rate }) => rate));", links
    )
    for link, each in zip(links, rates, strict=True):
        assert all(later >= rate * (1 - ALIKE) for rate, later in zip(each, each[1:], strict=False)), (link, each)


def test_a_link_from_python_is_the_same_run(page: Visit) -> None:
    draw = random.Random(11)

    def rounded(most: float) -> float:
        return float(f"{draw.uniform(0, most):.4g}")

    settings = [
        Settings(
            Batch(0.0, rounded(0.1)) if draw.random() < 0.5 else Batch(rounded(0.1)),
            Loader(
                num_workers=draw.randint(0, 6),
                prefetch_factor=draw.randint(1, 4),
                in_order=draw.random() < 0.5,
                receive=rounded(0.01),
                step=rounded(0.05),
                cores=draw.choice([0.5, 1.0, 4.0]),
                send=rounded(0.01),
                start=rounded(0.02),
                begin=rounded(0.05),
            ),
            batches=draw.randint(1, 30),
            slow_every=draw.randint(2, 9),
            slow_times=draw.choice([1.0, rounded(9) + 1]),
            spread=draw.choice([0.0, rounded(1)]),
        )
        for _ in range(20)
    ]
    said = asked(
        page,
        """return given.map(link => {
            const { state, problems } = module.read(link);
            return [module.outcome(state).end, problems];
        });""",
        [each.link() for each in settings],
    )
    for each, (end, problems) in zip(settings, said, strict=True):
        assert problems == []
        assert end == pytest.approx(each.epoch(), rel=1e-3), "a link has four digits"


def test_it_is_small() -> None:
    assert len(gzip.compress((DOCS / "assets" / "simulator.mjs").read_bytes())) <= MOST_BYTES


# The address.


def test_an_address_from_before_batches_could_vary_is_of_batches_that_do_not(page: Visit) -> None:
    old = "1;w=3;b=0.04;c=0.01;s=0.01;n=2;p=4;o=0;h=0.001;r=0.002;k=8;x=3;i=0;e=0;d=0;m=0;l=24"
    assert asked(page, "return module.read(given);", old)["problems"] == []
    assert asked(page, "return module.read(given).state.v;", old) == 0


def test_an_address_restores_each_state(page: Visit) -> None:
    lost = asked(
        page,
        """let seed = 1;
        const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
        const lost = [];
        for (let number = 0; number < 200; number += 1) {
            const state = {};
            for (const [key, { least, most, whole, of }] of Object.entries(module.SETTINGS)) {
                const value = least + chance() * ((of ? state[of] ?? 0 : most) - least);
                state[key] = whole ? Math.round(value) : value;
            }
            const { state: again, problems } = module.read(module.write(state));
            if (problems.length || JSON.stringify(again) !== JSON.stringify(state)) {
                lost.push([module.write(state), problems]);
            }
        }
        return lost;""",
    )
    assert lost == []


def field(page: Visit, name: str) -> Locator:
    return page.page.locator(".nw-simulator").get_by_label(name, exact=True).and_(page.page.locator("[type=number]"))


def slider(page: Visit, name: str) -> Locator:
    return page.page.locator(".nw-simulator").get_by_role("slider", name=name, exact=True)


def moment(page: Visit) -> Locator:
    return page.page.get_by_label("A moment of the model’s timeline")


def read_out(page: Visit) -> Locator:
    return page.page.locator(".nw-simulator [role=status].nw-unseen")


def notice(page: Visit) -> Locator:
    return page.page.locator(".nw-sim-notice")


def test_the_arrow_keys_move_it_and_back_undoes_that(page: Visit) -> None:
    page.open(PAGE + "#1;w=3;b=0.04;c=0;s=0.01")
    page.page.evaluate("() => { window.notReloaded = true; }")
    slider(page, "Workers").focus()
    page.page.keyboard.press("ArrowRight")
    page.page.keyboard.press("ArrowRight")
    expect(field(page, "Workers")).to_have_value("5")
    expect(read_out(page)).to_contain_text("Workers: 5. ")
    assert ";w=5;" in f"{page.page.url.partition('#')[2].replace('1;', ';', 1)};"
    page.page.go_back()
    expect(field(page, "Workers")).to_have_value("4")
    page.page.go_back()
    expect(field(page, "Workers")).to_have_value("3")
    page.page.go_forward()
    expect(field(page, "Workers")).to_have_value("4")
    assert page.page.evaluate("() => window.notReloaded") is True
    assert page.complaints == []


FOCUSED = """() => {
    const element = document.activeElement;
    const label = document.getElementById(element.getAttribute("aria-labelledby")) ?? element.labels?.[0] ?? element;
    return element.closest(".nw-simulator") && [element.type ?? element.localName, label.textContent];
}"""
SPOKEN = "() => document.activeElement.getAttribute('aria-valuetext')"


def test_every_control_works_by_keyboard_alone_and_what_it_changed_is_read_out(page: Visit) -> None:
    page.page.goto("about:blank")  # or else the page would tell what its address has changed
    page.open(PAGE + "#1;w=3;b=0.04;c=0.01;s=0.02;n=8;l=12")
    keyboard, reached = page.page.keyboard, set[tuple[str, str]]()
    page.page.locator(".nw-simulator button").first.focus()
    while focused := page.page.evaluate(FOCUSED):
        kind, name = focused
        if kind in ("range", "checkbox"):
            keyboard.press("Space" if kind == "checkbox" else "ArrowRight")
            spoken = page.page.evaluate(SPOKEN) or "no"
            if not name.startswith("A moment"):
                expect(read_out(page)).to_contain_text(f"{name}: {spoken}. ")
            else:
                assert "worker 0: fetch" in spoken
        elif kind == "number":
            before = slider(page, name).get_attribute("aria-valuetext") or ""
            keyboard.press("ArrowUp")
            expect(slider(page, name)).not_to_have_attribute("aria-valuetext", before)
        elif kind == "summary" and name == "More settings":
            keyboard.press("Enter")
        reached.add((kind, name))
        keyboard.press("Tab")
    settings = asked(page, "return Object.values(module.SETTINGS).map(({ about, flag }) => [about, Boolean(flag)]);")
    wanted = {(kind, name) for name, flag in settings for kind in (("checkbox",) if flag else ("range", "number"))}
    assert wanted - reached == set()
    others = {name for kind, name in reached if kind in ("button", "textarea", "summary")}
    assert {"Copy link", "More settings", "The numbers"} < others and len(others) == 3 + 6 + 1
    assert page.complaints == []


def test_what_is_read_out_is_what_changed(page: Visit) -> None:
    page.page.goto("about:blank")  # or else the page would tell what its address has changed
    page.open(PAGE + "#1;w=3;b=0.04;c=0;s=0.02;n=8")
    slider(page, "Cores").press("ArrowRight")
    expect(read_out(page)).to_have_text("Cores: 8.5. The result stays the same")
    slider(page, "A step").press("Home")
    expect(read_out(page)).to_have_text(
        re.compile(r"^A step: 0 ms\. Batches a second: [\d.]+\. The step waits: 100\s%\. What binds: the workers: ")
    )
    expect(read_out(page)).not_to_contain_text("In memory")
    page.page.get_by_role("group", name="Measured runs").get_by_role("button").first.press("Enter")
    expect(read_out(page)).to_have_text(re.compile(r"^\d+ settings have changed\. "))


def test_a_moment_of_the_timeline_is_marked_and_told(page: Visit) -> None:
    page.open(PAGE + "#1;w=1;b=0.04;c=0;s=0.01;l=3")
    mark = page.page.locator(".nw-sim-moment")
    told = page.page.locator(".nw-sim-done")
    moment(page).press("Home")
    expect(told).to_have_text("0 s; main: wait 0; worker 0: fetch 0")
    began = mark.evaluate("mark => mark.getBBox().x")
    title = page.page.locator(".nw-chart text", has_text="the model, ").first.bounding_box()
    line = mark.bounding_box()
    assert title and line and title["y"] + title["height"] <= line["y"], "the line is drawn through the title"
    moment(page).press("ArrowRight")
    expect(told).to_have_text("40 ms; main: step 0; worker 0: fetch 1")
    expect(moment(page)).to_have_attribute("aria-valuetext", told.inner_text())
    assert mark.evaluate("mark => mark.getBBox().x") > began
    moment(page).press("End")
    expect(told).to_have_text("120 ms; main: step 2")
    slider(page, "Workers").press("Home")
    expect(told).not_to_contain_text("worker")
    assert page.complaints == []


@pytest.mark.parametrize(
    "settings", ["b=0;c=0;s=0", "w=0;b=0;s=0.01", "w=128;n=0.1;b=100;c=100;l=3", "w=0;l=1;x=1000;k=2", "w=16;v=3;l=200"]
)
def test_the_ends_of_the_settings_are_drawn(page: Visit, settings: str) -> None:
    """Without a NaN, of which the browser would complain."""
    page.open(f"{PAGE}#1;{settings}")
    expect(page.page.locator(".nw-simulator figure svg")).to_have_count(2)
    assert page.page.locator(".nw-sim-rate dd").inner_text() not in ("", "NaN")
    assert (
        page.page.locator(".nw-simulator svg").evaluate_all(
            "all => all.map(e => e.outerHTML).join().match(/NaN|Inf|undef/)"
        )
        is None
    )
    assert page.complaints == []


def test_a_part_keeps_its_share_while_the_whole_is_dragged_through_nothing(page: Visit) -> None:
    page.open(PAGE + "#1;b=0.04;c=0.01")
    slider(page, "A batch, in a worker").evaluate(
        """slider => {
            for (const [value, event] of [[30, "input"], [0, "input"], [73, "input"], [73, "change"]]) {
                slider.value = value;
                slider.dispatchEvent(new Event(event));
            }
        }"""
    )
    expect(field(page, "of which computing")).to_have_value("25")
    page.page.go_back()
    expect(field(page, "A batch, in a worker")).to_have_value("40")


def test_a_number_is_taken_as_it_is_typed_and_nonsense_is_not(page: Visit) -> None:
    page.open(PAGE + "#1;w=2;b=0.04;c=0.01;s=0.01")
    batch = field(page, "A batch, in a worker")
    batch.fill("80")
    batch.press("Tab")
    assert ";b=0.08;c=0.02;" in page.page.url, "the part that computes keeps its share"
    batch.fill("-5")
    batch.press("Tab")
    expect(batch).to_have_value("80")


def test_what_an_address_says_wrongly_is_named_and_left_out(page: Visit) -> None:
    page.open(PAGE + "#1;w=-3;b=nonsense;zz=1;s=0.02;l=1e9;c=5;x=Infinity")
    for key in ("w", "b", "l", "x"):
        expect(notice(page)).to_contain_text(f"({key}) is a")
    expect(notice(page)).to_contain_text("zz=1")
    expect(notice(page)).to_contain_text("(c) is more than the whole")
    expect(field(page, "A step")).to_have_value("20")
    expect(field(page, "Workers")).to_have_value("4")
    page.page.evaluate("() => { location.hash = '7;w=2'; }")
    expect(notice(page)).to_contain_text("does not know")
    assert page.complaints == []


def test_what_the_tools_say_of_a_loader_without_workers_opens_as_it_was_measured(page: Visit) -> None:
    """80 ms to make a batch, of which 20 ms computing, and 20 ms of a step, on two cores."""
    main = [doctor.Batch(0, index, wait=0.08, step=0.02, own=0.02) for index in range(40)]
    link = doctor.judge(doctor.Seen(main, cores=2.0, proc=False)).simulator
    clocks = tuner.Clocks(0.08, 0.02, 0.001, 0.001, 1.0, 0.02, 20_000_000, 1, alone=0.08, step=0.02)
    table = (0, {}, "", None, "num_workers=0", (), clocks, {"cores": 2.0}, {"prefetch_factor": 2, "epoch": None})
    for each in (link, tuner.link(tuner.Tuned(0, True, "", 0.0, *table))):
        page.open(each)
        expect(field(page, "Workers")).to_have_value("0")
        expect(notice(page)).to_have_text("")
        expect(field(page, "A batch, in a worker")).to_have_value("80")
        expect(field(page, "of which computing")).to_have_value("25")
        expect(page.page.locator(".nw-sim-rate dd")).to_have_text("10")
        expect(page.page.locator(".nw-sim-waited dd")).to_have_text("80\u00a0%")
    assert page.complaints == []


def test_copying_gives_the_address_and_pasting_takes_it(page: Visit) -> None:
    page.open(PAGE + "#1;w=3;b=0.05;c=0.01;s=0.01;n=2")
    page.page.get_by_role("button", name="Copy link").click()
    expect(notice(page)).to_have_text("The link is copied.")
    copied = page.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == page.page.url and "#1;w=3;" in copied
    box = page.page.get_by_label("Your own numbers")
    box.fill(json.dumps({"num_workers": 6, "simulator": "explanation/simulator/#1;w=6;b=0.03;c=0.03;s=0.004;n=8"}))
    expect(field(page, "Workers")).to_have_value("6")
    box.fill(copied)
    expect(field(page, "Workers")).to_have_value("3")
    box.fill('{"num_workers": 6}')
    expect(notice(page)).to_contain_text("no link to a simulator")
    assert page.complaints == []


# Beside what was measured.


def test_each_measured_run_is_shown_beside_the_model_as_the_table_has_it(page: Visit) -> None:
    """The table was made by the Python model."""
    page.open(PAGE)
    rows = page.page.locator("[data-spans]")
    buttons = page.page.get_by_role("group", name="Measured runs").get_by_role("button")
    assert buttons.count() == rows.count() == 6
    for number in range(6):
        name, *_, took, modelled, _ = rows.nth(number).locator("th, td").all_inner_texts()
        buttons.nth(number).click()
        expect(buttons.nth(number)).to_have_attribute("aria-pressed", "true")
        said = page.page.locator("figure .nw-see").inner_text()
        assert said.startswith(f"Measured: {took} ") and f"The model says {modelled}, " in said, name
        assert page.page.locator(".nw-simulator text", has_text=f"measured: {name}").count() == 1
    page.page.reload()
    expect(buttons.nth(5)).to_have_attribute("aria-pressed", "true")
    slider(page, "Workers").press("End")
    expect(page.page.locator("figure .nw-see")).to_contain_text("With what you changed, the model says")
    expect(buttons.nth(5)).to_have_attribute("aria-pressed", "false")


def test_a_small_one_hands_its_numbers_on(page: Visit) -> None:
    page.open()
    page.page.evaluate("() => { window.notReloaded = true; }")
    page.page.locator(".nw-simulator").scroll_into_view_if_needed()
    slider(page, "Workers").focus()
    page.page.keyboard.press("Home")
    page.page.locator(".nw-simulator a").click()
    page.page.wait_for_url("**/explanation/simulator/#1;w=0;*")
    expect(field(page, "Workers")).to_have_value("0")
    expect(page.page.locator(".nw-simulator figure")).to_have_count(2)
    assert page.page.evaluate("() => window.notReloaded") is True
    assert page.complaints == []


def test_without_a_script_the_measured_figure_stands_there(browser: Browser, site: Site) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        tab = context.new_page()
        tab.goto(site.address + PAGE)
        expect(tab.locator(".nw-simulator figure figcaption")).to_contain_text("Four workers")
        expect(tab.locator("[data-spans]")).to_have_count(6)
    finally:
        context.close()


def test_all_that_opens_is_accessible(page: Visit) -> None:
    page.open(PAGE + "#1;w=3;b=nonsense")
    page.page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.in_scheme(LIGHT)
    problems = {"light": violations(page.page), "dark": violations_of_contrast(page.in_scheme(DARK), set())}
    page.at(NARROW)
    problems["narrow"] = violations_of_contrast(page.page, set())
    assert page.page.evaluate("() => document.scrollingElement.scrollWidth") == NARROW
    page.at(WIDE)
    page.in_scheme(LIGHT)
    assert {view: found for view, found in problems.items() if found} == {}
