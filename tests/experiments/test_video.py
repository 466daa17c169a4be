"""Clips of a video: each way delivers the same frames, key frames are where they are said to be; what is claimed, said.

What it does not prove: that one way costs less. Where PyAV is installed, each build measures and judges that.
"""

from pathlib import Path
from typing import Any

import pytest
import torch

from snippets.experiments.video import measure, show
from snippets.experiments.video.arms import FAR, NEAR, ONE_THREAD, OWN_THREADS, WHOLE
from snippets.lab.figures.figure import Bars
from snippets.lab.results.contributed import unfit
from snippets.lab.results.results import Measured

from .dry_run import first_loader
from .results import plain, plain_values, result, statistics

SECONDS = {WHOLE: 0.2, FAR: 0.03, NEAR: 0.01, OWN_THREADS: 0.008, ONE_THREAD: 0.005}
COUNTS = {"rare": 250, "often": 12, "workers": 2}
needs_av = pytest.mark.skipif(bool(reason := measure.unavailable()), reason=reason or "")


def measured() -> Measured:
    return result("per_clip", {arm: {"per_clip": seconds} for arm, seconds in SECONDS.items()}, **COUNTS)


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of 3 seconds, with a key frame in every 12 frames."""
    path = str(tmp_path_factory.mktemp("video") / "12.mp4")
    measure.snippet().write(path, 3, 12)
    return path


@needs_av
def test_a_video_has_its_key_frames_where_they_are_said_to_be(video: str) -> None:
    with measure.snippet().av.open(video) as file:
        stream = file.streams.video[0]
        keys = [number for number, frame in enumerate(file.decode(stream)) if frame.key_frame]
        assert (stream.frames, stream.average_rate) == (75, 25)
    assert keys == [*range(0, 75, 12)]


@needs_av
@pytest.mark.parametrize("second", [0, 0.44, 0.48, 0.5, 2.0, 2.36])
def test_a_sought_clip_is_the_same_as_one_cut_out_of_the_whole(video: str, second: float) -> None:
    """At a key frame, right before it and after it, between two frames, and at the end."""
    clip = measure.sought(video, second)
    assert clip.dtype == torch.uint8 and clip.shape == (16, 3, 224, 224)
    assert torch.equal(clip, measure.whole(video, second))
    assert not torch.equal(clip[0], clip[1]), "something moves"
    if second:
        assert not torch.equal(clip, measure.sought(video, second - 0.04))


@needs_av
def test_a_decoder_has_as_many_threads_as_it_is_told(video: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so has what converts its frames."""
    told: list[tuple[int, int]] = []
    opened = measure.snippet().av.open

    def pixels(frames: Any, threads: int) -> None:
        list(frames)
        told.append((file.streams.video[0].codec_context.thread_count, threads))

    def note(path: str) -> Any:
        nonlocal file
        file = opened(path)
        return file

    file: Any = None
    monkeypatch.setattr(measure.snippet().av, "open", note)
    monkeypatch.setattr(measure.snippet(), "pixels", pixels)
    measure.sought(video, 1.0)
    measure.snippet().clip(video, 1.0, 3)
    assert told == [(1, 1), (3, 3)]


def test_each_arm_decodes_what_its_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyAV is made up."""
    asked: list[tuple[Any, ...]] = []

    class Snippet:
        def write(self, path: str, seconds: int, key_frame_every: int) -> None:
            asked.append(("write", seconds, key_frame_every))
            Path(path).touch()

        def clip(self, path: str, second: float, threads: int = 1) -> torch.Tensor:
            asked.append((Path(path).stem, threads))
            return torch.zeros(1)

    monkeypatch.setattr(measure, "snippet", Snippet)
    monkeypatch.setattr(measure, "whole", lambda path, second: asked.append((Path(path).stem, "whole")))
    once = [(str(measure.RARE), 1)] * len(measure.MOMENTS), [(str(measure.OFTEN), 1)] * len(measure.MOMENTS)
    with measure.EXPERIMENT.prepared() as arms:
        assert {*arms} == {*SECONDS} and not asked, "a video is written when it is needed"
        for arm, expected in {WHOLE: [(str(measure.RARE), "whole")], FAR: once[0], NEAR: once[1]}.items():
            monkeypatch.setattr(measure, "cpu_per_item", lambda count, load, seconds: len(load()) / count)
            assert arms[arm]().values == {"per_clip": 1.0}
            written = [each for each in asked if each[0] == "write"]
            assert [each for each in asked if each[0] != "write"] == expected
            assert written in ([("write", measure.SECONDS, int(expected[0][0]))], [])
            asked.clear()
        for arm, threads in {OWN_THREADS: 0, ONE_THREAD: 1}.items():
            loader = first_loader(arms[arm])
            assert (loader.num_workers, loader.batch_size) == (measure.WORKERS, 1)
            loader.dataset[len(loader.dataset) - 1]
            assert asked == [(str(measure.OFTEN), threads)]
            asked.clear()


def test_clips_begin_all_over_a_video_and_between_two_key_frames() -> None:
    at = [second % 10 for second in measure.MOMENTS]
    assert 0 < min(measure.MOMENTS) < 1 and measure.SECONDS - 4 < max(measure.MOMENTS) < measure.SECONDS - 1
    assert 4 < sum(at) / len(at) < 6, "on average half of the frames between two key frames are not used"
    assert (measure.RARE, measure.OFTEN) == (10 * 25, 12)


def test_without_pyav_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "find_spec", lambda package: None)
    missing = measure.unavailable() or ""
    assert "PyAV is not installed" in missing and not unfit(missing)
    monkeypatch.setattr(measure, "find_spec", lambda package: package == "av")
    assert measure.unavailable() is None


def test_claims() -> None:
    assert statistics("video", measured()) == pytest.approx(
        {
            "seeking-decodes-fewer-frames": 0.2 / 0.03,
            "near-key-frames-decode-fewer-still": 3.0,
            "decoder-threads-do-not-help-workers": 1.6,
        }
    )


def test_what_is_said() -> None:
    values = plain_values(show.values(measured()))
    assert (values["whole"], values["far"], values["near"]) == ("200 ms", "30 ms", "10 ms")
    assert (values["own_threads"], values["one_thread"], values["workers"]) == ("8 ms", "5 ms", "2")
    figure = show.figure(measured())
    assert "30 ms sought with a key frame in every 250 frames, and 10 ms with one in every 12. 2 workers" in plain(
        figure.message
    )
    assert isinstance(figure.chart, Bars)
    assert [[bar.value.median for bar in group.bars] for group in figure.chart.groups] == [[200, 30, 10], [8, 5]]
    assert [plain(row[1]) for row in figure.table.rows][:2] == ["200 (200 to 200)", "30 (30 to 30)"]
