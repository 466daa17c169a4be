"""A residual network that trains on photos: on a machine without a GPU, what arms load, skip, wait for and time, that
the network learns, what is claimed and said.

The network and its steps run here on the CPU, on small images; the GPU is replaced by a clock that its calls move. What
it does not prove: that a GPU answers like that, that the scaler asks it nothing, or any number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch
from PIL import Image
from torch.utils._python_dispatch import TorchDispatchMode

from snippets.experiments.gpu_training import augmentation, limits, measure, network, show
from snippets.experiments.gpu_training.arms import DECODING, REPLAYED, arm, on_gpu, tried
from snippets.images.sets import PHOTOS
from snippets.lab.figures.figure import Bars, Lines
from snippets.lab.instruments import cuda, gpu_lane
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside, judge, outside
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from ..stream import Stream, in_place
from .gpu import Gpu
from .results import claim, plain, plain_values, result, statistics

# The network.


def test_it_is_a_resnet_18() -> None:
    """As many weights as https://arxiv.org/abs/1512.03385 gives it, which for 1000 classes are 11,689,512."""
    assert sum(weights.numel() for weights in network.residual_network(1000).parameters()) == 11_689_512
    logits = network.residual_network(6)(torch.zeros(2, 3, 64, 64))
    assert logits.shape == (2, 6)


def test_a_block_adds_what_came_in() -> None:
    images = torch.rand(2, 64, 8, 8)
    block = network.Block(64, 64, 1)
    for weights in block.through.parameters():
        torch.nn.init.zeros_(weights)
    assert torch.equal(block(images), images)
    assert network.Block(64, 128, 2)(images).shape == (2, 128, 4, 4)


@pytest.fixture
def on_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "DEVICE", "cpu")
    monkeypatch.setattr(network, "SIDE", 32)
    monkeypatch.setattr(network, "WIDTHS", (8, 8, 16))


def test_a_step_trains_and_another_one_goes_on(on_cpu: None) -> None:
    """Two kinds, one dark and one bright, are told apart after a few steps."""
    torch.manual_seed(0)
    training = network.Training(2)
    kinds = torch.tensor([0, 1] * 8)
    images = (200 * kinds).to(torch.uint8).view(-1, 1, 1, 1).expand(-1, 3, 32, 32)
    seen: list[torch.Tensor] = []
    training.network.register_forward_pre_hook(lambda model, given: seen.append(given[0]))
    for _ in range(20):
        training.step((images, kinds))
    with torch.no_grad():
        assert torch.equal(training.network(seen[0]).argmax(1), kinds)
    assert seen[0].is_contiguous(memory_format=torch.channels_last)
    assert seen[0][0, :, 0, 0].tolist() == pytest.approx(
        [-mean / deviation for mean, deviation in zip(network.MEAN, network.DEVIATION, strict=True)]
    )


def test_the_optimizer_is_one_that_the_scaler_need_not_ask_for(on_cpu: None) -> None:
    """Of any other, torch's scaler reads from the GPU in each step whether its gradients are finite."""
    assert network.Training(2).optimizer._step_supports_amp_scaling  # pyright: ignore[reportAttributeAccessIssue]


@pytest.fixture
def unset_memory_is_no_number() -> Iterator[None]:
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(before)


def test_a_step_whose_gradients_are_too_large_changes_nothing(on_cpu: None, unset_memory_is_no_number: None) -> None:
    """And the next one trains: the first ones on a GPU are such steps, until the scaler has found its scale. After such
    a step a fused SGD of torch 2.13 takes memory that nobody has set for its momentum.
    """
    training = network.Training(2)
    training.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**40)
    before = [weights.detach().clone() for weights in training.network.parameters()]
    batch = (torch.randint(0, 256, (8, 3, 32, 32), dtype=torch.uint8), torch.tensor([0, 1] * 4))

    def moved() -> list[bool]:
        weights = [*training.network.parameters()]
        assert all(bool(each.isfinite().all()) for each in weights)
        return [not torch.equal(was, now) for was, now in zip(before, weights, strict=True)]

    training.step(batch)
    assert not any(moved())
    training.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**8)
    training.step(batch)
    assert all(moved())


def test_larger_photos_are_augmented_and_others_are_not(on_cpu: None, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    monkeypatch.setattr(network, "augmented", lambda images: given.append(images.shape[-1]) or images[..., :32, :32])
    training = network.Training(2)
    for side in (32, 40):
        training.step((torch.zeros(2, 3, side, side, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64)))
    assert given == [40]


def test_what_the_gpu_augments_is_a_window_mirrored_or_not_and_brighter_or_darker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a slope from left to right and from top to bottom, whose values tell where a pixel came from."""
    monkeypatch.setattr(network, "SIDE", 32)
    across = torch.arange(40.0).expand(40, 40)
    images = torch.stack([across, across.T, torch.full((40, 40), 100.0)]).expand(64, 3, 40, 40).to(torch.uint8)
    found = network.augmented(images)
    assert found.shape == (64, 3, 32, 32) and found.dtype == torch.float32
    brightness = found[:, 2].mean((1, 2)) / 100
    assert 0.8 <= brightness.min() < 0.9 < 1.1 < brightness.max() <= 1.2
    windows = found / brightness.view(-1, 1, 1, 1)
    columns, rows = windows[:, 0, 0], windows[:, 1, :, 0]
    steps = columns.diff(dim=1)
    assert torch.allclose(steps.abs(), torch.ones_like(steps), atol=1e-3), "a window has the scale of the photo"
    mirrored = steps[:, 0] < 0
    assert 10 < int(mirrored.sum()) < 54
    assert torch.allclose(rows.diff(dim=1), torch.ones(64, 31), atol=1e-3), "nothing stands on its head"
    for starts in (columns.min(1).values, rows.min(1).values):
        assert -0.01 <= starts.min() < 3 and 5 < starts.max() <= 8.01, "windows lie anywhere, and inside"


def test_what_is_augmented_is_never_brighter_than_white() -> None:
    images = torch.full((16, 3, 256, 256), 255, dtype=torch.uint8)
    assert network.augmented(images).max() == 255


class FromTheHost(TorchDispatchMode):
    """Counts the tensors that are made of numbers in Python: on a GPU, each is copied there, and waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_dispatch__(self, operation: Any, types: Any, given: Any = (), named: Any = None) -> Any:
        self.count += operation is torch.ops.aten.lift_fresh.default
        return operation(*given, **(named or {}))


def test_nothing_is_sent_to_the_gpu_to_augment_with() -> None:
    """Each step would wait for it, and for all steps before it. test_gpu.py asks a GPU about the whole step."""
    images = torch.zeros(2, 3, 256, 256, dtype=torch.uint8)
    with FromTheHost() as sent:
        torch.tensor([1.0])
        assert sent.count == 1
        network.augmented(images)
    assert sent.count == 1


# What is loaded.


def test_each_photo_has_the_number_of_its_kind() -> None:
    photos = measure.Landscapes(PHOTOS.folder)
    for at in (0, PHOTOS.count, len(photos) - 1):
        image, kind = photos[at]
        assert (image.shape, image.dtype) == ((3, 224, 224), torch.uint8)
        assert PHOTOS.kinds[kind] == photos.paths[at].parent.name


def test_larger_photos_are_the_same_each_time_and_the_middle_of_the_file() -> None:
    photos = measure.LargerLandscapes(PHOTOS.folder)
    (one, _), (again, _) = photos[0], photos[0]
    assert one.shape == (3, 256, 256) and torch.equal(one, again)
    image = Image.new("RGB", (500, 375), "black")
    image.paste("white", (62, 0, 437, 375))
    assert min(photos.transform(image).tobytes()) > 200, "of what is beside it, only a little at its edges"


@pytest.mark.parametrize(
    ("cores", "counts"),
    [(1, [0, 1, 2]), (2, [0, 1, 2, 4]), (4, [0, 1, 2, 4, 8]), (6.5, [0, 1, 2, 4, 8]), (16, [0, 1, 2, 4, 8, 16])],
)
def test_at_most_two_workers_share_a_core(cores: float, counts: list[int]) -> None:
    assert tried(cores) == counts


def test_a_loader_pins_and_does_not_end() -> None:
    made = measure.loader(measure.Landscapes(PHOTOS.folder), 2)
    assert (made.pin_memory, made.num_workers, made.batch_size) == (True, 2, measure.BATCH_SIZE)
    assert made.prefetch_factor == measure.PREFETCH and len(made) > 10**6


@pytest.mark.parametrize(("shm", "fits"), [(64 * 2**20, False), (2**34, True), (None, True)])
def test_batches_have_room_in_shared_memory_or_nothing_is_measured(
    monkeypatch: pytest.MonkeyPatch, shm: int | None, fits: bool
) -> None:
    monkeypatch.setattr(cuda, "missing", lambda: None)
    monkeypatch.setattr(measure, "MACHINE", replace(this_machine(), shm=shm))
    reason = measure.unavailable()
    assert (reason is None) == fits
    assert fits or plain(str(reason)).endswith("of /dev/shm, which has 64 MiB")
    monkeypatch.setattr(cuda, "missing", lambda: "no CUDA GPU")
    assert measure.unavailable() == "no CUDA GPU"


class Noting:
    """In the place of Training: its steps keep what they were given."""

    made: list["Noting"] = []

    def __init__(self, classes: int) -> None:
        self.classes = classes
        self.sides: list[int] = []
        self.made.append(self)

    def step(self, batch: Any) -> None:
        self.sides.append(batch[0].shape[-1])


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> Iterator[dict[str, Any]]:
    monkeypatch.setattr(measure, "Training", Noting)
    monkeypatch.setattr(Noting, "made", [])
    with measure.arms() as arms:
        assert Noting.made == [], "a machine without a GPU may ask which arms there are"
        yield dict(arms)


def test_arms_load_as_they_are_named_and_train_one_network(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[tuple[Any, ...]] = []

    def trained(batches: Any, step: Any, skipped: int, turn: int) -> Sample:
        runs.append((batches.dataset, batches.num_workers, step.__self__, skipped, turn))
        return Sample({})

    class Loader:
        def __init__(self, dataset: Any, num_workers: int) -> None:
            self.dataset, self.num_workers = type(dataset), num_workers

        def __iter__(self) -> Any:
            return self

        def __next__(self) -> None: ...

    monkeypatch.setattr(measure, "trained", trained)
    monkeypatch.setattr(measure, "loader", Loader)
    expected = {arm(count): (measure.Landscapes, count) for count in measure.TRIED}
    expected |= {on_gpu(count): (measure.LargerLandscapes, count) for count in (1, measure.TRIED[-1])}
    assert {*prepared} == {*expected, DECODING, REPLAYED}
    for name, (dataset, count) in expected.items():
        prepared[name]()
        assert runs.pop() == (dataset, count, Noting.made[0], max(1, 3 * count), max(1, count)), name
    (made,) = Noting.made
    assert made.classes == 6
    assert made.sides == [224] * measure.WARM_STEPS + [256] * measure.WARM_STEPS, "kernels for both are chosen before"


def test_the_step_alone_gets_one_batch_again_and_again(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpu = in_place(monkeypatch)
    loads: list[int] = []
    monkeypatch.setattr(measure, "loader", lambda dataset, workers: loads.append(workers) or iter([["a batch"]]))
    monkeypatch.setattr(measure, "SECONDS", 0)
    given: list[Any] = []
    monkeypatch.setattr(Noting, "step", lambda training, batch: given.append(batch))
    assert prepared[REPLAYED]().values["throughput"] > 0
    replayed = [batch for batch in given if batch == ["a batch"]]
    assert loads == [0] and len(replayed) == measure.WARM_STEPS + measure.TURN
    assert gpu.waits == 3, "where the clocks are read, at the end, and for the last step"


def test_decoding_alone_has_no_step_and_no_worker(
    prepared: dict[str, Any], monkeypatch: pytest.MonkeyPatch, gpu: Gpu
) -> None:
    timed: list[Any] = []

    def time_for(*given: Any) -> Sample:
        timed.append(given)
        return Sample({"per_batch": 0.2})

    monkeypatch.setattr(measure, "time_for", time_for)
    assert prepared[DECODING]().values == {"throughput": 320}
    ((loader, seconds),) = timed
    assert (loader.num_workers, loader.batch_size, seconds) == (0, 64, measure.SECONDS)
    assert isinstance(loader.dataset, measure.Landscapes) and Noting.made == []


# What is timed.


class Batches:
    """Each takes a second to come."""

    def __init__(self, gpu: Stream) -> None:
        self.gpu, self.taken = gpu, 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> str:
        self.taken += 1
        self.gpu.now += 1
        return "a batch"


def test_training_is_timed_from_an_idle_gpu_to_an_idle_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of whole turns of four batches: 11 s are filled by two turns, in which a batch takes a second to come, one to be
    launched, and the GPU works on for four. The loop runs ahead of the GPU, which waits for the first batch alone.
    """
    gpu = in_place(monkeypatch)
    batches = Batches(gpu)
    waits: list[int] = []

    def step(batch: str) -> None:
        waits.append(gpu.waits)
        gpu.now += 1
        gpu.queue(4)

    monkeypatch.setattr(measure, "SECONDS", 11)
    monkeypatch.setattr(measure.time, "perf_counter", gpu.clock)
    monkeypatch.setattr(measure.time, "process_time", lambda: gpu.now / 4)
    monkeypatch.setattr(gpu_lane, "perf_counter", gpu.clock)
    found = measure.trained(batches, step, 12, 4).values
    assert batches.taken == 12 + 8
    elapsed = 1 + 1 + 8 * 4
    assert found == {"throughput": 8 * measure.BATCH_SIZE / elapsed, "waited": 1 / elapsed, "main_cpu": 0.25}
    assert waits == [0] * 12 + [1] * 8, "at both ends, and nowhere between them"


# What is claimed and said. Photos/s: one process decodes 300; two cores; the step alone takes 900.

RATES = {0: 280, 1: 270, 2: 510, 4: 500}


def trained_at(
    rates: Mapping[int, float],
    step: float = 900,
    moved: float = 1.1,
    cores: float = 2.0,
    one: float = 300,
    main_cpu: float = 0.3,
) -> Measured:
    arms = {
        arm(count): {"throughput": rate, "waited": 1 - rate / step, "main_cpu": main_cpu}
        for count, rate in rates.items()
    }
    arms |= {DECODING: {"throughput": one}, REPLAYED: {"throughput": step, "waited": 0.0}}
    arms |= {on_gpu(count): {"throughput": moved * rates[count], "waited": 0.4} for count in (1, max(rates))}
    made = result("throughput", arms, counts=[*rates])
    return replace(made, surroundings=[Surroundings([cores] * 7, 0.0, None)])


MEASURED = trained_at(RATES)
FOUR_CORES = replace(this_machine(), cores=4, affinity=4, quota=None)


def test_the_limits_are_those_of_workers_cores_and_step() -> None:
    assert [limits.decoding(MEASURED, count)[0] for count in RATES] == [300, 300, 600, 600]
    assert [limits.lower(trained_at(RATES, step=step))[0] for step in (450, 900)] == [450, 600]
    assert limits.decoding(trained_at(RATES, cores=1.5), 4)[0] == 450, "what the machine had to give"
    assert (limits.best(MEASURED), limits.most(MEASURED)) == (2, 4)


HELD_UP = {0: 280, 1: 290, 2: 280, 4: 270}
"""With four cores, which decode 1200, and the step at 900: more workers bring nothing."""


def test_cores_that_decode_more_than_the_best_count_asks_of_them_do_not_set_the_pace() -> None:
    """Where one worker is the best count, what it decodes is not what the cores can."""
    held_up = trained_at(HELD_UP, cores=4.0)
    assert limits.best(held_up) == 1 and limits.lower(held_up)[0] == 900
    assert limits.reached(held_up)[0] == pytest.approx(290 / 900) and limits.neither(held_up)


def test_a_pace_that_neither_limit_sets_is_the_main_process_s_if_it_is_busy() -> None:
    """Else something is wrong with the limits, and the claim is."""
    judged = claim("the-slower-side-sets-the-pace")
    with pytest.raises(NotHere, match="the main process set the pace: it was busy for 95"):
        judged.statistic.of(trained_at(HELD_UP, cores=4.0, main_cpu=0.95))
    assert outside(judged.bounds, estimate(judged.statistic.of(trained_at(HELD_UP, cores=4.0, main_cpu=0.3))))
    assert judged.statistic.of(trained_at(RATES, main_cpu=0.95))[0] == 510 / 600, "busy with waiting for the GPU"


def test_claims() -> None:
    assert statistics("gpu-training", MEASURED) == pytest.approx(
        {
            "the-slower-side-sets-the-pace": 510 / 600,
            "workers-feed-a-network": 510 / 280,
            "decoding-stays-in-the-workers": 1.1,
        }
    )


def theory(cores: float, one: float, step: float) -> Measured:
    """A machine with so many cores, of which each decodes `one` photos/s, and a GPU that trains on `step`."""
    rates = {count: min(min(max(1, count), cores) * one, step) for count in tried(cores)}
    return trained_at(rates, step=step, moved=1.0, cores=cores, one=one)


CARDS = {"T4": (4, 250, 900), "T4, slow cores": (3.2, 180, 600), "A100": (12, 300, 3000), "H100": (16, 350, 8000)}
"""Cores' worth of work, photos/s that one decodes, and photos/s of the step alone: from what others report of such
networks, and of libjpeg-turbo. Of an item's 2.9 ms on a core of an EPYC, 0.1 is augmentation, and as much is what the
larger photo takes more.
"""


@pytest.mark.parametrize("card", CARDS)
def test_bounds_lie_a_fifth_or_more_from_what_theory_gives(card: str) -> None:
    measured = theory(*CARDS[card])
    for one in claims("gpu-training"):
        (found,) = {*one.statistic.of(measured)}
        assert one.bounds.low * 1.2 <= found <= one.bounds.high / 1.2 + 1e-9, (one.id, found)


def held(measured: Measured) -> list[str]:
    return [one.id for one in claims("gpu-training") if inside(one.bounds, estimate(one.statistic.of(measured)))]


def test_bounds_can_be_missed() -> None:
    """No machine without a GPU judges these. Workers that bring nothing; decoding that leaves with the augmentation; a
    line that training crosses.
    """
    flat = dict.fromkeys(RATES, 140.0)
    assert held(trained_at(flat, moved=2.0)) == []
    assert "the-slower-side-sets-the-pace" not in held(trained_at({**RATES, 4: 800}))


def test_a_gpu_that_is_no_faster_than_a_decoding_process_tells_nothing_of_workers() -> None:
    slow = trained_at({count: 250 for count in RATES}, step=400)
    told = {claim.id: judge(claim, slow, FOUR_CORES) for claim in claims("gpu-training")}
    not_here = {name: one.reason for name, one in told.items() if one.verdict == "not measured here"}
    assert {*not_here} == {"workers-feed-a-network", "decoding-stays-in-the-workers"}
    assert set(not_here.values()) == {"this GPU’s step takes nearly as long as decoding its photos in one process"}


def test_values() -> None:
    assert plain_values(show.values(MEASURED)) == {
        "best": "2",
        "none_rate": "280",
        "best_rate": "510",
        "step_rate": "900",
        "process_rate": "300",
        "cores_rate": "600",
        "cores": "2",
        "fed": "57 %",
        "waited": "43 %",
        "main_cpu": "30 %",
    }
    assert augmentation.values(MEASURED) == {
        "one_in_worker": "270",
        "one_on_gpu": "297",
        "most": "4",
        "most_in_workers": "500",
        "most_on_gpu": "550",
    }


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "280 photos/s without workers, and 510 with 2 workers" in message
    assert "what the cores decode, 600 photos/s with 4 workers; the other is the step alone" in message
    assert isinstance(figure.chart, Lines)
    (panel,) = figure.chart.panels
    (line,) = panel.series
    assert [(point.x, point.y.median) for point in line.points] == [*RATES.items()]
    cores, step = panel.limits
    assert cores.points == ((0, 300), (1, 300), (2, 600), (4, 600))
    assert step.points == ((0, 900), (4, 900))
    assert [row[0] for row in figure.table.rows] == ["0", "1", "2", "4", REPLAYED]
    assert plain(figure.table.rows[2][3]) == "43 %"


@pytest.mark.parametrize(
    ("measured", "pace"),
    [
        (MEASURED, "The cores set the pace, and do not feed this GPU."),
        (trained_at(RATES, step=550), "The step sets the pace."),
        (
            trained_at(HELD_UP, cores=4.0, main_cpu=0.95),
            "Neither sets the pace; the main process is busy for 95 % of the time.",
        ),
    ],
)
def test_the_figure_says_what_sets_the_pace(measured: Measured, pace: str) -> None:
    assert plain(show.figure(measured).message).endswith(pace)


def test_the_figure_of_augmentation() -> None:
    figure = augmentation.figure(MEASURED)
    assert "With one worker, 270 photos/s where it crops" in figure.message
    assert isinstance(figure.chart, Bars)
    assert [group.label for group in figure.chart.groups] == ["1 worker", "4 workers"]
    bars = [(bar.role, bar.value.median) for group in figure.chart.groups for bar in group.bars]
    assert bars == [("fetch", 270), ("step", 297), ("fetch", 500), ("step", pytest.approx(550))]
    assert [row[0] for row in figure.table.rows] == ["1 worker", "4 workers"]
    assert [row[1:] for row in figure.table.rows][0] == ("270 (270 to 270)", "297 (297 to 297)")
