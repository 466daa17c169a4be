"""What only a CUDA GPU can show: each arm of the experiments for it runs there, and ends in its values; and the message
about it, which pages show, comes there, and goes with its fix.

Skipped elsewhere, but where REQUIRE_GPU is set, as in the workflow gpu: there a GPU that torch cannot use is a failure.
What the values are, that workflow measures and judges.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from snippets.experiments.cuda_fork.arms import DEVICE_COUNT, FORK, IS_AVAILABLE, SPAWN
from snippets.experiments.cuda_overlap import arms as overlap
from snippets.experiments.cuda_overlap.claims import HALF
from snippets.experiments.gpu_checks import Check
from snippets.experiments.gpu_choosing.arms import RIGHT
from snippets.experiments.gpu_training import network
from snippets.experiments.gpu_training.measure import LARGER
from snippets.experiments.streams.arms import OWN, SAME
from snippets.experiments.streams.claims import TWICE
from snippets.lab.outputs import outputs
from snippets.lab.outputs.running import python
from snippets.lab.paths import PAGES, ROOT
from snippets.lab.results.results import RoundSample
from snippets.pages.find_the_bottleneck import fed, headspace

from ..lab.made import measured
from .gpu import experiment_here

WITHOUT = not torch.cuda.is_available() and not os.environ.get("REQUIRE_GPU")
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(WITHOUT, reason="needs a CUDA GPU")]


@pytest.mark.parametrize(
    "name", ["copies", "cuda-overlap", "cuda-workers", "gpu-training", "pin-memory", "streams", "utilisation"]
)
def test_each_arm_takes_its_time(name: str) -> None:
    experiment = experiment_here(name)
    with experiment.prepared() as arms:
        for arm in arms.values():
            assert arm().values[experiment.headline] > 0


@pytest.mark.parametrize(
    ("name", "arm", "fits"),
    [("cuda-overlap", overlap.NONE, HALF), ("streams", SAME, TWICE[SAME]), ("streams", OWN, TWICE[OWN])],
)
def test_a_step_comes_out_as_long_as_it_is_made(name: str, arm: str, fits: Check) -> None:
    """Beside decoding a batch, or beside its copy: else nothing is claimed of it."""
    experiment = experiment_here(name)
    with experiment.prepared() as arms:
        arms[arm]()  # makes the step
        samples = [RoundSample(0, number, arm, {**arms[arm]().values}) for number in range(3)]
    fits(measured(samples=samples, headline=experiment.headline))


def test_the_doctor_sees_what_the_gpu_does() -> None:
    """A loop that runs ahead of its GPU is fed, however long it waits for its batches."""
    with experiment_here("gpu-choosing").prepared() as arms:
        assert {name: arms[name]().values["right"] for name in RIGHT} == dict.fromkeys(RIGHT, True)


@pytest.mark.parametrize("side", [network.SIDE, LARGER])
def test_no_step_of_training_waits_for_the_gpu(side: int) -> None:
    """Neither to augment, nor to ask whether the gradients are finite."""
    training = network.Training(6)
    batch = torch.zeros(8, 3, side, side, dtype=torch.uint8), torch.zeros(8, dtype=torch.int64)
    pinned = [each.pin_memory() for each in batch]
    training.step(pinned)  # takes memory, and loads what is waited for once
    before = torch.cuda.get_sync_debug_mode()
    torch.cuda.set_sync_debug_mode("error")
    try:
        training.step(pinned)
    finally:
        torch.cuda.set_sync_debug_mode(before)


def test_a_forked_worker_is_refused_after_use_and_after_a_question_to_cuda_and_a_spawned_one_is_not() -> None:
    with experiment_here("cuda-fork").prepared() as arms:
        found = {name: arm().values for name, arm in arms.items()}
    counts_by_nvml = found[DEVICE_COUNT]["nvml"]
    expected = {FORK: 1.0, SPAWN: 0.0, IS_AVAILABLE: 1.0, DEVICE_COUNT: 1.0 - counts_by_nvml}
    assert {name: values["refused"] for name, values in found.items()} == expected


def test_its_message_comes_and_goes_with_the_fix() -> None:
    failed, fixed = (outputs.run(f"errors/cuda_in_forked_worker{ending}") for ending in ("", "_fixed"))
    assert "RuntimeError: Cannot re-initialize CUDA in forked subprocess" in failed.text
    assert (fixed.exit_code, "Traceback" in fixed.text) == (0, False), fixed.text


def test_the_guide_s_script_computes_on_the_gpu() -> None:
    said = outputs.run("optimization_guide/pin_memory", "output")
    assert (said.exit_code, said.text) == (0, "mean brightness 0.500, computed on cuda")


SAYS_OVER_WHAT = """
import os
import torch.distributed

end = torch.distributed.destroy_process_group


def ended():
    os.write(1, f"over {torch.distributed.get_backend()}\\n".encode())
    end()


torch.distributed.destroy_process_group = ended
"""


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="needs two CUDA GPUs")
def test_two_ranks_train_over_nccl(tmp_path: Path) -> None:
    code = (PAGES / "use_several_processes" / "train_ranks.py").read_text(encoding="utf-8")
    (tmp_path / "ranks.py").write_text(SAYS_OVER_WHAT + code, encoding="utf-8")
    command = [*python(code), "ranks.py"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    said = sorted(ended.stdout.splitlines())
    epochs = [f"epoch {epoch}: rank 0 trained on 500 of 1000 items" for epoch in range(2)]
    assert (ended.returncode, said) == (0, [*epochs, "over nccl", "over nccl"]), ended.stderr


def multiplies(_: object) -> None:
    """A step that returns long before the GPU is done with it."""
    matrix = torch.ones(4096, 4096, device="cuda")
    for _ in range(50):
        matrix = matrix @ matrix / 4096


def test_the_gpu_is_done_with_a_step_when_the_next_wait_begins() -> None:
    multiplies(None)
    assert not torch.cuda.current_stream().query(), "the step is over when it returns, and nothing would be shown"
    torch.cuda.synchronize()
    idle = [torch.cuda.current_stream().query() for _ in fed.waits(range(4), multiplies)]
    assert idle == [True] * 4


def test_the_gpu_is_done_with_all_steps_when_they_are_timed() -> None:
    multiplies(None)
    headspace.steps_per_second(iter(range(9)), multiplies, skipped=1, steps=2)
    assert torch.cuda.current_stream().query()


@pytest.mark.parametrize("hidden", [False, True])
def test_the_machine_has_the_gpu_that_torch_can_use(hidden: bool) -> None:
    environment = {**os.environ, **({"CUDA_VISIBLE_DEVICES": ""} if hidden else {})}
    code = "from snippets.lab.machine.machine import this_machine; print(this_machine().gpu)"
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert asked.stdout.strip() == str(None if hidden else torch.cuda.get_device_name(0))
