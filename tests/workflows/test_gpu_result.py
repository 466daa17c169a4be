"""The newest GPU result is taken only with the workflow's signature. GitHub's `gh` is played by a script."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .policy import ROOT

posix_only = pytest.mark.skipif(os.name == "nt", reason="the script that plays gh is one for a POSIX shell")

COMMIT = "3d3c42e5aac5ba805825da76410c181273ba90b1"
GH = """#!/bin/sh
echo "$@" >> "$CALLS"
if [ "$1 $2" = "$OUTAGE" ]; then echo "HTTP 503" >&2; exit 1; fi
case "$1 $2" in
  "run list") echo $RUN ;;
  "run download") shift 6; cp -R "$ARTIFACT/." "$1" ;;
  "attestation verify") if [ "$SIGNED" != yes ]; then echo "no attestations found" >&2; exit 1; fi ;;
esac
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    (tmp_path / "docs" / "results").mkdir(parents=True)
    for script in ("gpu_result.py", "only_file.py"):
        shutil.copy(ROOT / ".ci" / script, tmp_path / ".ci")
    gh = tmp_path / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    (tmp_path / "artifact").mkdir()
    (tmp_path / "artifact" / "gpu.json").write_text("{}")
    return tmp_path


def take(project: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "PATH": f"{project / 'bin'}:/usr/bin:/bin",
        "GITHUB_REPOSITORY": "example/example",
        "ARTIFACT": str(project / "artifact"),
        "CALLS": str(project / "calls"),
        "RUN": f"12345 {COMMIT}",
        "OUTAGE": "",
        "SIGNED": "yes",
        **settings,
    }
    command = [sys.executable, str(project / ".ci" / "gpu_result.py")]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def taken(project: Path) -> bool:
    return (project / "docs" / "results" / "gpu.json").exists()


@posix_only
def test_a_signed_result_is_taken(project: Path) -> None:
    done = take(project)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Took the GPU result of run 12345 into docs/results/gpu.json.\n"
    assert taken(project)
    calls = (project / "calls").read_text()
    assert "--workflow gpu.yml --all --branch main --status success" in calls
    identity = "--repo example/example --signer-workflow example/example/.github/workflows/gpu.yml"
    of_that_run = f"--source-ref refs/heads/main --source-digest {COMMIT} --deny-self-hosted-runners"
    assert f"{identity} {of_that_run}" in calls


@posix_only
def test_an_unsigned_result_is_an_error(project: Path) -> None:
    done = take(project, SIGNED="no")
    assert done.returncode == 1
    assert "has no signature of the workflow gpu: no attestations found" in done.stderr
    assert not taken(project)


@posix_only
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"RUN": ""}, "No GPU result: the workflow gpu has not succeeded yet."),
        ({"GITHUB_REPOSITORY": ""}, "No GPU result: gh and GITHUB_REPOSITORY are needed to ask for one."),
        ({"PATH": "/nowhere"}, "No GPU result: gh and GITHUB_REPOSITORY are needed to ask for one."),
        ({"OUTAGE": "run list"}, "No GPU result: HTTP 503."),
        ({"OUTAGE": "run download"}, "No GPU result: HTTP 503 (run 12345; run the workflow gpu again)."),
    ],
)
def test_without_a_result_a_build_goes_on_and_what_is_published_does_not(
    project: Path, settings: dict[str, str], said: str
) -> None:
    done = take(project, **settings)
    assert (done.returncode, done.stdout.strip()) == (0, said)
    assert not taken(project)
    done = take(project, **settings, GPU_REPOSITORY="example/example")
    may_pass = settings.get("RUN") == ""
    assert done.returncode == (0 if may_pass else 1)
    assert may_pass or said.removeprefix("No GPU result: ").rstrip(".") in done.stderr


@posix_only
def test_nothing_of_before_is_left(project: Path) -> None:
    """Neither an older result, nor a link that would lead the new one elsewhere."""
    result, elsewhere = project / "docs" / "results" / "gpu.json", project / "elsewhere.json"
    result.write_text("an older one")
    assert take(project, OUTAGE="run list").returncode == 0
    assert not result.exists()
    elsewhere.write_text("as it was")
    result.symlink_to(elsewhere)
    assert take(project).returncode == 0
    assert not result.is_symlink()
    assert result.read_text() == "{}"
    assert elsewhere.read_text() == "as it was"


@posix_only
@pytest.mark.parametrize(("artifact", "said"), [("link", "no regular file"), ("more", "2 entries")])
def test_an_artifact_of_another_shape_is_an_error(project: Path, artifact: str, said: str) -> None:
    """As .ci/only_file.py tells it; its test has the other shapes."""
    file = project / "artifact" / "gpu.json"
    if artifact == "link":
        file.unlink()
        file.symlink_to("/etc/passwd")
    else:
        file.with_name("index.html").write_text("<script>alert(1)</script>")
    done = take(project)
    assert done.returncode == 1
    assert said in done.stderr
    assert list((project / "docs" / "results").iterdir()) == []
