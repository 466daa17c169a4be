"""The doctor in readers' own loops: it gives what the loader gives, lets errors through, and speaks at the end.

What it does not prove: that its verdicts are right, for these loops are short; see test_loader_doctor.py and the
experiment `doctor`.
"""

from __future__ import annotations

import copy
import gc
import json
import shutil
import signal
import sys
import threading
import time
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, get_worker_info

from snippets.lab.outputs.preloaded import Preloaded
from snippets.tools import loader_doctor
from snippets.tools.loader_doctor import Look, Verdict, doctor

from ..processes import Outcome, run_in_fork

forks = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="its workers would have to import torch")


class Numbers(Dataset):
    def __init__(self, count: int = 96) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> int:
        if index == 1000:
            raise ValueError("no photo 1000")
        return index


class Stream(IterableDataset):
    def __iter__(self) -> Iterator[int]:
        worker = get_worker_info()
        yield from range(worker.id if worker else 0, 96, worker.num_workers if worker else 1)


def tensors(batches: Any) -> list[list[int]]:
    return [batch.tolist() for batch in batches]


LOADERS = {
    "no workers": lambda: DataLoader(Numbers(), 4, shuffle=True),
    "two workers": lambda: DataLoader(Numbers(), 4, shuffle=True, num_workers=2),
    "kept": lambda: DataLoader(Numbers(), 4, shuffle=True, num_workers=2, persistent_workers=True),
    "out of order": lambda: DataLoader(Numbers(), 4, num_workers=1, in_order=False),
    "a stream": lambda: DataLoader(Stream(), 4, num_workers=2),
    "a stream without workers": lambda: DataLoader(Stream(), 4),
    "no batches": lambda: DataLoader(Numbers(0), 4, num_workers=1),
}


@forks
@pytest.mark.parametrize("name", LOADERS)
def test_it_gives_what_the_loader_gives(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """In two epochs, by the same random numbers."""
    found: list[Any] = []
    for watch in (lambda loader: loader, doctor):
        loader = LOADERS[name]()
        torch.manual_seed(7)
        found.append([tensors(watch(loader)) for _ in range(2)])
        found[-1].append(torch.rand(1).item())
    assert found[0] == found[1]
    assert "Traceback" not in capsys.readouterr().err


def test_anything_that_can_be_iterated_over(capsys: pytest.CaptureFixture[str]) -> None:
    assert [*doctor([3, 1, 2])] == [3, 1, 2] and len(doctor([3, 1, 2])) == 3
    assert [*doctor(each for each in "ab")] == ["a", "b"]
    assert capsys.readouterr().out.count("TOO FEW BATCHES") == 2


def test_workers_that_there_are_not_yet_would_prefetch_as_torch_lets_them() -> None:
    """The simulator refuses a loader whose workers fetch nothing ahead."""
    patient = doctor(DataLoader(Numbers(), 4))
    tensors(patient)
    assert patient.seen().prefetch == 2 and not patient.seen().on_device


def test_each_batch_has_the_items_that_the_sampler_drew() -> None:
    loader = DataLoader(Numbers(), 4, shuffle=True)
    patient = doctor(loader)
    batches = tensors(patient)
    kept = [each.items for each in patient.history.batches]
    assert kept[0] == batches[0] and all(items in (None, batch) for items, batch in zip(kept, batches, strict=True))


@forks
def test_with_workers_too_but_for_the_first_that_they_were_sent() -> None:
    patient = doctor(DataLoader(Numbers(), 4, num_workers=2))
    batches = tensors(patient)
    known = [(each.index, each.items) for each in patient.history.batches if each.items is not None]
    assert known and all(index >= 2 * 2 and items == batches[index] for index, items in known)
    assert all(each.ahead is not None for each in patient.history.batches)


@forks
def test_workers_that_start_with_the_first_batch_are_seen() -> None:
    """As those of a loader in a generator do, such as tqdm or one that another library has prepared."""

    def wrapped() -> Iterator[torch.Tensor]:
        yield from DataLoader(Numbers(), 4, num_workers=2)

    patient = doctor(wrapped())
    tensors(patient)
    assert len(patient.history.workers) == 2 and patient.history.known


def test_of_batches_that_come_out_of_the_blue_it_is_not_said_who_makes_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from a library that loads in threads: the main process only waits, and no worker would help."""
    monkeypatch.setattr(loader_doctor, "ENOUGH", 0.0)

    def loads() -> Iterator[int]:
        for number in range(60):
            time.sleep(0.003)
            yield number

    for _ in doctor(loads()):
        time.sleep(0.001)
    said = " ".join(capsys.readouterr().out.split())
    assert "STARVED, by whom is not seen" in said and "look at what makes the batches" in said
    assert "workers" not in said and "play" not in said


def test_what_is_the_loader_s_is_reached_through_it() -> None:
    """`set_epoch` of its sampler, for one."""
    loader = DataLoader(Numbers(), 4)
    patient = doctor(loader)
    assert patient.sampler is loader.sampler and patient.dataset is loader.dataset
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = patient.nothing
    assert copy.copy(patient).batch_size == 4


@pytest.mark.skipif(not hasattr(time, "pthread_getcpuclockid"), reason="this system tells no thread's CPU time")
def test_what_the_thread_that_pins_computes_is_main_s_own() -> None:
    """torch starts it only beside an accelerator; here another thread stands in for it."""

    class Pinned:
        def __init__(self) -> None:
            self.left = 40
            self._pin_memory_thread = threading.Thread(target=self.compute, daemon=True)
            self.asked, self.there = threading.Semaphore(0), threading.Semaphore(0)
            self._pin_memory_thread.start()

        def compute(self) -> None:
            while self.asked.acquire():
                until = time.thread_time() + 0.002
                while time.thread_time() < until:
                    pass
                self.there.release()

        def __iter__(self) -> Iterator[int]:
            return self

        def __next__(self) -> int:
            self.left -= 1
            if not self.left:
                raise StopIteration
            self.asked.release()
            self.there.acquire()
            return self.left

    patient = doctor(Pinned())
    assert len([*patient]) == 39
    assert all(each.own >= 0.002 for each in patient.history.batches)


def test_items_are_kept_of_long_waits_alone() -> None:
    """Those of all batches would take as much memory as the dataset's indices."""
    slow = {40: 0.05}

    class Waits(Numbers):
        def __getitem__(self, index: int) -> int:
            time.sleep(slow.get(index, 0.001))
            return index

    patient = doctor(DataLoader(Waits(), 1))
    tensors(patient)
    kept = {each.index: each.items for each in patient.history.batches if each.items}
    assert kept[40] == [40] and len(kept) < 48


# What goes wrong.


def test_a_loop_that_is_broken_off_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    for number, _ in enumerate(doctor(DataLoader(Numbers(400), 4))):
        if number == 50:
            break
    assert capsys.readouterr().out.startswith(("FED", "STARVED", "TOO ", "NEIGHBOUR"))


@forks
def test_an_error_of_the_dataset_passes_through(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="no photo 1000"):
        for _ in doctor(DataLoader(Numbers(2000), 4, num_workers=2)):
            pass
    assert len(capsys.readouterr().out.split("  next ")) == 2, "one report"


def test_an_error_of_the_step_passes_through(capsys: pytest.CaptureFixture[str]) -> None:
    def step(batch: Any) -> None:
        raise KeyError("labels")

    with pytest.raises(KeyError, match="labels"):
        for batch in doctor(DataLoader(Numbers(), 4)):
            step(batch)
    assert "TOO FEW BATCHES" in capsys.readouterr().out


LOOP = """
import os
import signal
from multiprocessing import parent_process

from loader_doctor import doctor
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 400

    def __getitem__(self, index):
        {item}
        return index


if __name__ == "__main__":
    for number, batch in enumerate(doctor(DataLoader(Numbers(), 4{more}), json_file="doctor.json")):
        {step}
    print("over")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(loader_doctor.__file__, tmp_path)
    return tmp_path


def called(
    python: Preloaded | None, folder: Path, item: str = "pass", step: str = "pass", more: str = ", num_workers=2"
) -> Outcome:
    (folder / "train.py").write_text(LOOP.format(item=item, step=step, more=more))
    return run_in_fork(python, "train.py", cwd=folder)


@forks
def test_the_verdict_s_file(python: Preloaded | None, folder: Path) -> None:
    outcome = called(python, folder)
    assert (outcome.code, outcome.left, outcome.stdout[-5:]) == (0, (), "over\n"), outcome.stderr
    found = json.loads((folder / "doctor.json").read_text())
    assert outcome.stdout.startswith(found["name"])
    assert {"w": 2, "p": 2}.items() <= found["numbers"].items() and {"n", "r", "s"} <= found["numbers"].keys()


@forks
def test_ctrl_c_reports_and_ends(python: Preloaded | None, folder: Path) -> None:
    outcome = called(python, folder, step="number == 60 and os.kill(os.getpid(), signal.SIGINT)")
    assert outcome.code != 0 and not outcome.left and "over" not in outcome.stdout
    assert outcome.stdout.count("  next ") == 1, outcome.stdout
    assert outcome.errors.rstrip().endswith("KeyboardInterrupt")


@forks
def test_a_signal_asks_it_while_the_loop_waits(python: Preloaded | None, folder: Path) -> None:
    """Of the item that takes long."""
    slow = "index == 200 and (os.kill(parent_process().pid, signal.SIGUSR1), __import__('time').sleep(1))"
    outcome = called(python, folder, item=slow)
    assert (outcome.code, outcome.left) == (0, ()), outcome.stderr
    assert "now     waiting for batch " in outcome.stdout and outcome.stdout.endswith("over\n")


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this system has no SIGUSR1")
def test_a_reader_s_own_signal_stays_theirs(capsys: pytest.CaptureFixture[str]) -> None:
    assert hasattr(signal, "SIGUSR1")
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        for _ in doctor([1]):
            assert signal.getsignal(signal.SIGUSR1) not in (signal.SIG_DFL, before)
            signal.raise_signal(signal.SIGUSR1)
        assert "now" not in capsys.readouterr().out
    finally:
        signal.signal(signal.SIGUSR1, before)
    for _ in doctor([1]):
        signal.raise_signal(signal.SIGUSR1)
    assert "now     the step runs" in capsys.readouterr().out
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL


def test_spawned_workers(python: Preloaded | None, folder: Path) -> None:
    outcome = called(python, folder, more=", num_workers=1, multiprocessing_context='spawn'")
    assert (outcome.code, outcome.left) == (0, ()), outcome.stderr
    assert json.loads((folder / "doctor.json").read_text())["numbers"]["w"] == 1


def test_a_file_that_cannot_be_written_ends_no_training(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [*doctor([1, 2], json_file=str(tmp_path))] == [1, 2]
    assert capsys.readouterr().err.startswith("the doctor cannot write its file: ")


# From epoch to epoch.


def judged(monkeypatch: pytest.MonkeyPatch, *verdicts: Verdict) -> None:
    left = iter(verdicts)
    monkeypatch.setattr(loader_doctor, "judge", lambda seen: next(left))


def test_later_epochs_are_told_only_where_the_verdict_has_changed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fed, starved = Verdict("FED"), Verdict("STARVED", "its workers wait")
    judged(monkeypatch, fed, replace(fed, why=("other numbers",)), starved, fed)
    loader = DataLoader(Numbers(), 4)
    for _ in range(4):
        for _ in doctor(loader):
            pass
    assert capsys.readouterr().out.split("\n") == ["FED", "STARVED, its workers wait", "FED", ""]


def test_short_epochs_are_added_up_and_long_ones_stand_alone() -> None:
    short, long = doctor(DataLoader(Numbers(), 4)), doctor(DataLoader(Numbers(1000), 4))
    for _ in range(12):
        tensors(short)
    assert {each.epoch for each in short.seen().batches} == {*range(3, 12)}, "nine epochs of 24 batches"
    for _ in range(2):
        tensors(long)
    assert {each.epoch for each in long.seen().batches} == {1}


def test_a_loader_that_is_gone_is_forgotten() -> None:
    loader = DataLoader(Numbers(), 4)
    tensors(doctor(loader))
    known = weakref.ref(loader)
    del loader
    gc.collect()
    assert known() is None


# Where something is missing.


def test_without_proc_it_says_what_it_cannot_see(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in doctor(DataLoader(Numbers(), 4), root=tmp_path):
        pass
    assert "unseen  no /proc: nothing of cores" in " ".join(capsys.readouterr().out.split("\n          "))


def test_without_pressures_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As on a kernel that does not count them; a group's own suffices."""
    put(tmp_path, {"proc/self/task/1/schedstat": "9 20 3\n", "proc/self/cgroup": "0::/pod\n"})
    tensors(doctor(DataLoader(Numbers(), 4), root=tmp_path))
    told = "unseen  no /proc/pressure: of memory, only whether a container is full"
    assert told in " ".join(capsys.readouterr().out.split("\n          "))
    put(tmp_path, {"sys/fs/cgroup/pod/memory.pressure": PRESSURE.format(0)})
    tensors(doctor(DataLoader(Numbers(), 4), root=tmp_path))
    assert "unseen" not in capsys.readouterr().out


def test_with_another_torch_its_rules_are_out_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    class Another(DataLoader):
        def __iter__(self) -> Any:
            return (each for each in super().__iter__())

    assert tensors(doctor(Another(Numbers(), 4))) == tensors(DataLoader(Numbers(), 4))
    assert "no SAMPLER" in capsys.readouterr().out


# An accelerator.


class Event:
    """In the place of one on the device, whose clock is set by hand: seconds."""

    now = 0.0

    def __init__(self) -> None:
        self.at = Event.now

    def query(self) -> bool:
        return Event.now >= self.at

    def synchronize(self) -> None:
        pass

    def elapsed_time(self, later: Event) -> float:
        return 1000 * (later.at - self.at)


@pytest.mark.parametrize(("item", "waited"), [(0.0, 0.0), (0.002, 0.008)])
def test_on_a_gpu_the_wait_is_the_gap_on_the_device(
    item: float, waited: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the main process waits, which took no time here by the device's clock or as long as its items."""

    class Slow(Numbers):
        def __getitem__(self, index: int) -> int:
            Event.now += item
            return index

    monkeypatch.setattr(loader_doctor, "asynchronous", lambda: "cuda")
    monkeypatch.setattr(loader_doctor, "cuda_event", Event)
    monkeypatch.setattr(Event, "now", 10.0)
    patient = doctor(DataLoader(Slow(), 4))
    for _ in patient:
        Event.now += 0.020  # the step
    assert patient.seen().on_device
    found = patient.history.batches
    assert [each.step for each in found] == pytest.approx([0.02] * 24)
    assert [each.wait for each in found][1:] == pytest.approx([waited] * 23)


def test_a_gpu_that_fails_leaves_the_reader_s_own_error(monkeypatch: pytest.MonkeyPatch) -> None:
    broken: list[bool] = []

    class Failing(Event):
        def query(self) -> bool:
            if broken:
                raise RuntimeError("CUDA error: device-side assert triggered")
            return False

    monkeypatch.setattr(loader_doctor, "asynchronous", lambda: "cuda")
    monkeypatch.setattr(loader_doctor, "cuda_event", Failing)
    with pytest.raises(KeyError, match="labels"):
        for number, _ in enumerate(doctor(DataLoader(Numbers(), 4))):
            if number == 2:
                broken.append(True)
                raise KeyError("labels")


def test_an_accelerator_that_has_no_such_clock_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader_doctor, "asynchronous", lambda: "another")
    loader, calls = DataLoader(Numbers(), 4), []
    patient = doctor(loader)
    tensors(patient)
    assert loader_doctor.judge(patient.seen()).name == "UNSYNCHRONISED"
    patient = doctor(DataLoader(Numbers(), 4), synchronize=lambda: calls.append(1))
    tensors(patient)
    assert len(calls) == 24 and loader_doctor.judge(patient.seen()).name != "UNSYNCHRONISED"


# Ranks.

RANKS = """
import os
import sys
import time

import torch
import torch.distributed as dist
from loader_doctor import doctor
from torch.utils.data import DataLoader, Dataset

child = os.fork()
rank = 0 if child else 1


class Items(Dataset):
    def __len__(self):
        return 60

    def __getitem__(self, index):
        time.sleep(0.02 if rank == slow else 0.0)
        return index


dist.init_process_group("gloo", init_method=f"file://{os.getcwd()}/store", rank=rank, world_size=2)
for slow in (1, 0):
    for batch in doctor(DataLoader(Items(), 2), json_file="doctor.json"):
        time.sleep(0.002)
        dist.all_reduce(torch.zeros(1))
dist.destroy_process_group()
if child:
    sys.exit(os.waitpid(child, 0)[1])
"""


@forks
def test_rank_0_says_which_rank_waits(python: Preloaded | None, folder: Path) -> None:
    (folder / "train.py").write_text(RANKS)
    outcome = run_in_fork(python, "train.py", cwd=folder)
    assert (outcome.code, outcome.left) == (0, ()), outcome.stderr
    said = " ".join(outcome.stdout.split())
    told = json.loads((folder / "doctor.json").read_text())
    assert f"waited {100 * told['waited']['value']:.0f} %" in said, "the file is of the rank that the report is of"
    assert not [*folder.glob("doctor.json.*")]
    assert said.count(" next ") == 2, "one report on each loader, of the first rank"
    for slow in (1, 0):  # the first loader is gone when the second one is watched
        assert f"this is rank {slow}, for which the others wait in their steps; waited of each: 0: " in said


def test_a_rank_that_says_nothing_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader_doctor, "PATIENCE", loader_doctor.timedelta(milliseconds=50))
    store = vars(loader_doctor.distributed)["HashStore"]()
    for name, value in {
        "is_initialized": lambda: True,
        "get_world_size": lambda: 2,
        "get_rank": lambda: 0,
    }.items():
        monkeypatch.setattr(loader_doctor.distributed, name, value)
    monkeypatch.setattr(loader_doctor.distributed.distributed_c10d, "_get_default_store", lambda: store)
    own = Verdict("FED", waited=loader_doctor.Share(0.1, 0.0, 0.2))
    assert [(each.name, each.waited) for each in loader_doctor.ranks_of(own, "key")] == [("FED", own.waited)]
    monkeypatch.delattr(loader_doctor.distributed.distributed_c10d, "_get_default_store")
    assert loader_doctor.ranks_of(own, "key") == [own]


# The machine.


def put(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_what_proc_and_the_control_groups_tell_between_two_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a worker with four threads, its main process, and the quota of a group above its own."""
    clock = iter([10.0, 10.5])
    monkeypatch.setattr(loader_doctor.time, "perf_counter", lambda: next(clock))
    cpu = iter([1.0, 1.1])
    monkeypatch.setattr(loader_doctor.time, "process_time", lambda: next(cpu))
    files = {
        "proc/self/cgroup": "0::/pod/box\n",
        "sys/fs/cgroup/pod/cpu.stat": "usage_usec 7\nnr_periods 100\nnr_throttled 10\nthrottled_usec 3\n",
        "proc/pressure/memory": "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\nfull avg10=0.00 total=9\n",
        "proc/self/task/1/schedstat": "9 2000000000 3\n",
        "proc/7/task/7/schedstat": "1000000000 500000000 3\n",
        "proc/7/task/8/schedstat": "600000000 0 3\n",
        "proc/7/task/9/schedstat": "100000000 0 3\n",
        "proc/7/task/10/schedstat": "300000000 0 3\n",
        "proc/7/io": "rchar: 9\nread_bytes: 4096\n",
    }
    put(tmp_path, files)
    machine = loader_doctor.Machine(tmp_path, [7])
    assert machine.look() is None and not machine.is_due(10.2) and machine.is_due(10.3)
    put(
        tmp_path,
        {
            "sys/fs/cgroup/pod/cpu.stat": "nr_periods 105\nnr_throttled 12\n",
            "proc/pressure/memory": "some avg10=0.00 avg60=0.00 avg300=0.00 total=1100000\n",
            "proc/self/task/1/schedstat": "9 2010000000 3\n",
            "proc/7/task/7/schedstat": "1200000000 600000000 3\n",
            "proc/7/task/9/schedstat": "150000000 0 3\n",
            "proc/7/io": "rchar: 9\nread_bytes: 1004096\n",
        },
    )
    found = machine.look()
    assert found is not None
    assert (found.seconds, found.cpu, found.queued) == (0.5, pytest.approx((0.25,)), pytest.approx((0.1,)))
    assert found.threads == pytest.approx(0.05), "of the fourth thread: a worker has two that send"
    assert (found.main_cpu, found.main_queued) == pytest.approx((0.1, 0.01))
    assert (found.throttled, found.stalled, found.read) == pytest.approx((0.4, 0.2, 1e6))


PRESSURE = "some avg10=0.00 avg60=0.00 avg300=0.00 total={}\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9\n"
"""Of so many microseconds."""
OF_THE_SECOND = {
    "proc/self/cgroup": "0::/pod/box\n",
    "sys/fs/cgroup/pod/memory.max": "1000\n",
    "sys/fs/cgroup/pod/memory.stat": "file 7\nactive_anon 500\ninactive_anon 470\nactive_file 30\nunevictable 10\n",
    "sys/fs/cgroup/pod/memory.events": "low 0\nhigh 0\nmax 5\noom 0\n",
    "sys/fs/cgroup/pod/box/memory.max": "max\n",
    "sys/fs/cgroup/pod/box/memory.stat": "active_anon 400\n",
    "sys/fs/cgroup/pod/box/memory.events": "max 0\n",
}
"""Version of control groups, whose group has a limit above it; 20 of its 1000 bytes are files'."""
OF_THE_FIRST = {
    "proc/self/cgroup": "4:memory:/pod\n2:cpuacct:/\n0::/\n",
    "sys/fs/cgroup/memory/pod/memory.limit_in_bytes": "1000\n",
    "sys/fs/cgroup/memory/pod/memory.stat": "active_anon 9\ntotal_active_anon 500\ntotal_inactive_anon 480\n",
    "sys/fs/cgroup/memory/pod/memory.failcnt": "5\n",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "sys/fs/cgroup/memory/memory.failcnt": "0\n",
}
REACHED_AGAIN = {
    "sys/fs/cgroup/pod/memory.events": "low 0\nhigh 0\nmax 9\noom 0\n",
    "sys/fs/cgroup/memory/pod/memory.failcnt": "9\n",
}


def looked(root: Path, monkeypatch: pytest.MonkeyPatch, before: dict[str, str], after: dict[str, str]) -> Look:
    """What a look tells of half a second between these files."""
    clock = iter([10.0, 10.5])
    monkeypatch.setattr(loader_doctor.time, "perf_counter", lambda: next(clock))
    put(root, {"proc/self/task/1/schedstat": "9 20 3\n", "proc/meminfo": "MemAvailable: 90000000 kB\n", **before})
    machine = loader_doctor.Machine(root, [])
    machine.look()
    put(root, after)
    found = machine.look()
    assert found is not None
    return found


@pytest.mark.parametrize("files", [OF_THE_SECOND, OF_THE_FIRST], ids=["version 2", "version 1"])
def test_a_container_at_its_limit_is_short_of_memory_whatever_the_machine_has(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no pressure is told: if it reached its limit, and had nothing to drop."""
    found = looked(tmp_path, monkeypatch, files, REACHED_AGAIN)
    assert (found.held, found.stalled) == (0.98, 1.0)


@pytest.mark.parametrize("files", [OF_THE_SECOND, OF_THE_FIRST], ids=["version 2", "version 1"])
def test_a_full_container_that_does_not_ask_for_more_is_not_short(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = looked(tmp_path, monkeypatch, files, {})
    assert (found.held, found.stalled) == (0.98, 0.0)


def test_a_container_that_files_fill_is_not_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each container that reads much reaches its limit all the time, and drops what it has read."""
    files = {"sys/fs/cgroup/pod/memory.stat": "active_anon 400\nactive_file 300\ninactive_file 300\n"}
    found = looked(tmp_path, monkeypatch, OF_THE_SECOND | files, REACHED_AGAIN)
    assert (found.held, found.stalled) == (0.4, 0.0)


def test_the_pressure_is_the_container_s_own_and_not_that_of_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, machine = "sys/fs/cgroup/pod/box/memory.pressure", "proc/pressure/memory"
    before = OF_THE_SECOND | {own: PRESSURE.format(0), machine: PRESSURE.format(0)}
    found = looked(tmp_path, monkeypatch, before, {own: PRESSURE.format(50_000), machine: PRESSURE.format(450_000)})
    assert found.stalled == pytest.approx(0.1)
    found = looked(tmp_path / "calm", monkeypatch, before, REACHED_AGAIN | {machine: PRESSURE.format(450_000)})
    assert found.stalled == 0.0, "it reached its limit, and nobody waited"


def test_a_worker_that_has_ended_is_not_looked_at(tmp_path: Path) -> None:
    put(tmp_path, {"proc/self/task/1/schedstat": "9 20 3\n", "proc/7/task/7/schedstat": "1 1 3\n"})
    machine = loader_doctor.Machine(tmp_path, [7])
    assert machine.look() is None
    shutil.rmtree(tmp_path / "proc/7")
    assert machine.look() is None


def test_looking_takes_a_hundredth_of_the_time_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([5.0, 5.02])
    monkeypatch.setattr(loader_doctor.time, "thread_time", lambda: next(clock))
    machine = loader_doctor.Machine(tmp_path, [])
    machine.look()
    assert machine.pause == pytest.approx(2.0)


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="this system has no /proc")
def test_this_machine_tells_of_a_worker() -> None:
    loader = DataLoader(Numbers(), 4, num_workers=1, persistent_workers=True)
    patient = doctor(loader)
    tensors(patient)
    machine = loader_doctor.Machine(Path("/"), patient.history.workers)
    machine.look()
    look = machine.look()
    assert look is not None and len(look.cpu) == 1


def test_the_tightest_quota_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCAL_WORLD_SIZE", raising=False)
    put(tmp_path, {"proc/self/cgroup": "0::/pod/box\n", "sys/fs/cgroup/pod/cpu.max": "50000 100000\n"})
    assert loader_doctor.usable_cores(tmp_path) == 0.5
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "2")
    assert loader_doctor.usable_cores(tmp_path) == 0.25
