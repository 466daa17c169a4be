"""The files that the page on places shows have the form that Docker, Kubernetes and Slurm ask for.

What it does not prove: that they run there. There is no docker, kubectl or Slurm where these tests run.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from typing import Any

import pytest
import yaml

from snippets.lab.paths import PAGES as SNIPPETS

from .pages import source
from .sentences import proves

PAGE = "how-to/where-you-run.md"
FOLDER = SNIPPETS / "where_you_run"
COMMANDS = re.findall(r'^[$>] .*?python -c "(.+)"$', source(PAGE), re.MULTILINE)


def lines(file: str) -> list[str]:
    """As a shell reads them: one that ends in a backslash goes on."""
    return (FOLDER / file).read_text(encoding="utf-8").replace("\\\n", "").splitlines()


# Docker.

DOCKER_RUN = {"--rm": False} | dict.fromkeys(("--gpus", "--shm-size", "--cpus", "--env", "--volume", "--workdir"), True)
"""Of its options, those that are shown: whether a value follows."""


def docker_run() -> tuple[dict[str, str], list[str]]:
    """The options, and what comes after them: the image and its command."""
    words = shlex.split(lines("docker_run.console")[0])
    assert words[:3] == ["$", "docker", "run"]
    options, rest = {}, words[3:]
    while rest and rest[0].startswith("-"):
        name, equals, value = rest.pop(0).partition("=")
        options[name] = value if equals or not DOCKER_RUN[name] else rest.pop(0)
    return options, rest


def test_the_docker_line_has_options_an_image_and_a_command() -> None:
    options, (image, *command) = docker_run()
    assert {*options} <= {*DOCKER_RUN}
    assert re.fullmatch(r"\d+[bkmg]", options["--shm-size"]) and float(options["--cpus"]) > 0
    assert options["--volume"].endswith(f":{options['--workdir']}"), "what is mounted is where it runs"
    assert re.fullmatch(r"[a-z-]+", image) and command == ["python", "train.py"]


@proves(PAGE, "The second line says max 100000 without a quota, and 800000 100000 for 8 cores")
def test_the_quota_is_that_of_the_docker_line() -> None:
    """In a period of 100,000 µs, as the kernel has it by default."""
    options, _ = docker_run()
    assert int(float(options["--cpus"]) * 100_000) == 800_000


# Kubernetes.

QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>m|[kMGTPE]|[KMGTPE]i)?")
UNITS = {"": 1.0, "m": 1e-3, "k": 1e3} | {
    unit: base ** (power + 1)
    for base, units in ((1000.0, "- M G T P E"), (1024.0, "Ki Mi Gi Ti Pi Ei"))
    for power, unit in enumerate(units.split())
}
FIELDS = {
    "": {"apiVersion", "kind", "metadata", "spec"},
    "spec": {"restartPolicy", "containers", "volumes"},
    "container": {"name", "image", "command", "env", "resources", "volumeMounts"},
}
"""Of a Pod of version v1, those that are shown."""


def quantity(value: str | int) -> float:
    match = QUANTITY.fullmatch(str(value))
    assert match, f"{value!r} is no quantity"
    return float(match["number"]) * UNITS[match["unit"] or ""]


def pod() -> dict[str, Any]:
    return yaml.safe_load((FOLDER / "pod.yaml").read_text(encoding="utf-8"))


def test_the_pod_has_the_fields_of_a_pod() -> None:
    shown = pod()
    assert (shown["apiVersion"], shown["kind"]) == ("v1", "Pod")
    (container,) = shown["spec"]["containers"]
    assert {*shown} <= FIELDS[""] and {*shown["spec"]} <= FIELDS["spec"] and {*container} <= FIELDS["container"]
    assert re.fullmatch(r"[a-z0-9-]+", shown["metadata"]["name"])
    assert all(isinstance(word, str) for word in container["command"])


def test_every_mount_of_the_pod_has_its_volume() -> None:
    spec = pod()["spec"]
    volumes = {volume["name"]: volume for volume in spec["volumes"]}
    mounts = {mount["name"]: mount["mountPath"] for mount in spec["containers"][0]["volumeMounts"]}
    assert {*mounts} == {*volumes}
    assert mounts["shared-memory"] == "/dev/shm"
    assert volumes["shared-memory"]["emptyDir"]["medium"] == "Memory"


@proves(PAGE, "Of the 32 GiB here, up to 8 may be batches in shared memory, so the processes have the other 24")
def test_the_pods_quantities_leave_room_beside_shared_memory() -> None:
    spec = pod()["spec"]
    resources = spec["containers"][0]["resources"]
    for name, asked in resources["requests"].items():
        assert quantity(asked) <= quantity(resources["limits"][name]), name
    assert isinstance(resources["limits"]["cpu"], str), "0.5 and 8 would be read as numbers of two kinds"
    memory, shared = resources["limits"]["memory"], spec["volumes"][0]["emptyDir"]["sizeLimit"]
    assert (quantity(memory), quantity(shared)) == (32 * 2**30, 8 * 2**30)


@pytest.mark.parametrize(("text", "number"), [("500m", 0.5), ("8", 8), ("8Gi", 8 * 2**30), ("1.5M", 1.5e6), (1, 1)])
def test_quantities(text: str | int, number: float) -> None:
    assert quantity(text) == number


@pytest.mark.parametrize("text", ["8GB", "8 Gi", "8g", "-1", ""])
def test_what_is_no_quantity(text: str) -> None:
    with pytest.raises(AssertionError, match="is no quantity"):
        quantity(text)


# Slurm.

SBATCH = {
    "--job-name": r"\w+",
    "--nodes": r"\d+",
    "--ntasks-per-node": r"\d+",
    "--gpus-per-node": r"(?:\w+:)?\d+",
    "--cpus-per-task": r"\d+",
    "--mem": r"\d+[KMGT]",
    "--time": r"(?:\d+-)?\d\d:\d\d:\d\d",
}
"""Of its options, those that are shown, and what their values look like."""


def test_the_batch_script_has_options_that_sbatch_knows() -> None:
    shebang, *rest = lines("job.sbatch")
    assert shebang == "#!/bin/bash"
    asked = [line.removeprefix("#SBATCH ").partition("=") for line in rest if line.startswith("#SBATCH")]
    assert len(asked) >= 5
    for name, equals, value in asked:
        assert equals and re.fullmatch(SBATCH[name], value), name


def test_sbatch_reads_all_options_before_the_first_command() -> None:
    """It stops looking there."""
    kinds = ["option" if line.startswith("#SBATCH") else "command" for line in lines("job.sbatch")[1:] if line]
    assert kinds == sorted(kinds, reverse=True)


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash here")
def test_bash_can_read_the_batch_script() -> None:
    ended = subprocess.run(["bash", "-n", FOLDER / "job.sbatch"], capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_srun_is_told_the_cores_again() -> None:
    (line,) = [shlex.split(line) for line in lines("job.sbatch") if line.startswith("srun")]
    assert line[:3] == ["srun", "--cpus-per-task=$SLURM_CPUS_PER_TASK", "python"]


# One thread in each worker, in all three.


@proves(PAGE, "`OMP_NUM_THREADS=1` keeps libraries that use OpenMP from starting a thread for each core in every")
def test_the_files_below_set_it_as_the_docker_line_does() -> None:
    options, _ = docker_run()
    assert options["--env"] == "OMP_NUM_THREADS=1"
    assert pod()["spec"]["containers"][0]["env"] == [{"name": "OMP_NUM_THREADS", "value": "1"}]
    assert "export OMP_NUM_THREADS=1" in lines("job.sbatch")


# Lines to see it by.


@pytest.mark.parametrize("code", COMMANDS)
def test_what_a_line_of_python_asks_can_be_asked(code: str) -> None:
    if "sched_getaffinity" in code and sys.platform != "linux":
        pytest.skip("this system ties no process to some of its cores")
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ended.returncode == 0 and ended.stdout.strip(), ended.stderr


def test_there_are_such_lines() -> None:
    assert len(COMMANDS) >= 3
