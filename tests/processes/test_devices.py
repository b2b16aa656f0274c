"""Devices: which there are, and that no two jobs get the same one, whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from job_runs import HERE, LONG, environment, fitness, wait_for

from evocnn.processes.devices import Device, devices
from evocnn.processes.leases import Lease, leased

FOUR = "0:8000,1:8000,2:8000,3:8000"


@dataclass
class Use:
    """Of a device, by a process, between two times."""

    device: str
    memory: str
    begin: float
    end: float


class Crowd:
    """Processes that all want a device."""

    def __init__(self, folder: Path, jobs_per_device: int) -> None:
        self.log, self.folder, self.jobs_per_device = folder / "log", folder / "locks", jobs_per_device
        self.output = folder / "output"
        self.processes: list[subprocess.Popen] = []
        self.killed: dict[int, float] = {}

    def add(self, count: int, seconds: float = 0.0, available: str = FOUR, *, held: bool = False) -> None:
        """Start processes that keep a device so many seconds; or until `release`."""
        command = [sys.executable, str(HERE / "lease.py")]
        command += [str(self.log), str(self.folder), str(self.jobs_per_device), str(seconds)]
        variables = environment(EVOCNN_DEVICES=available)
        with self.output.open("a") as file:
            for _ in range(count):
                process = subprocess.Popen(command, env=variables, stdin=subprocess.PIPE, stdout=file)
                self.processes.append(process)
                if not held:
                    process.stdin.close()

    def release(self) -> None:
        for process in self.processes:
            process.stdin.close()

    def end(self) -> None:
        self.release()
        for process in self.processes:
            process.kill()
            process.wait()

    def waiting(self) -> int:
        """How many have said that they wait for a device."""
        return self.output.read_text().count("waiting for one")

    def lines(self) -> list[list[str]]:
        return [line.split() for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def holding(self) -> list[int]:
        """Processes that have a device now."""
        ended = {pid for what, pid, *_ in self.lines() if what == "end"} | {str(pid) for pid in self.killed}
        return [int(pid) for what, pid, *_ in self.lines() if what == "begin" and pid not in ended]

    def kill(self, pid: int) -> None:
        self.killed[pid] = time.monotonic()
        os.kill(pid, signal.SIGKILL)

    def uses(self) -> list[Use]:
        """What every process has had, once all have ended."""
        for process in self.processes:
            process.wait(timeout=LONG)
        ends = {int(pid): float(at) for what, pid, _, _, at in self.lines() if what == "end"} | self.killed
        begun = [line for line in self.lines() if line[0] == "begin"]
        return [Use(device, memory, float(at), ends[int(pid)]) for _, pid, device, memory, at in begun]


@pytest.fixture
def crowd_of(tmp_path):
    """A function from jobs per device to a crowd; what is left of it ends with the test."""
    crowds = []

    def make(jobs_per_device: int) -> Crowd:
        crowds.append(Crowd(tmp_path, jobs_per_device))
        return crowds[-1]

    yield make
    for crowd in crowds:
        crowd.end()


def most_at_once(uses: list[Use], device: str) -> int:
    """How many have used a device at the same time."""
    own = [use for use in uses if use.device == device]
    return max((sum(other.begin <= use.begin < other.end for other in own) for use in own), default=0)


def test_no_two_of_eight_jobs_share_one_of_four_devices(crowd_of):
    crowd = crowd_of(1)
    crowd.add(8, 0.3)
    uses = crowd.uses()
    assert len(uses) == 8
    assert {use.device for use in uses} == set("0123")
    assert [most_at_once(uses, device) for device in "0123"] == [1, 1, 1, 1]
    assert {use.memory for use in uses} == {"None"}


def test_with_two_jobs_per_device_exactly_two_share_one_and_its_memory(crowd_of):
    crowd = crowd_of(2)
    crowd.add(8, 0.2, "a:8000,b:8000", held=True)
    wait_for(lambda: len(crowd.holding()) == 4 and crowd.waiting() == 4)
    crowd.release()
    uses = crowd.uses()
    assert len(uses) == 8
    assert [most_at_once(uses, device) for device in "ab"] == [2, 2]
    assert {use.memory for use in uses} == {"3400"}  # and 600 for what each takes beside: 8,000 together


def test_jobs_spread_over_devices_before_they_share_one(crowd_of):
    crowd = crowd_of(2)
    for count in (1, 2, 3, 4):
        crowd.add(1, held=True)
        wait_for(lambda count=count: len(crowd.lines()) == count)
    crowd.release()
    assert {use.device for use in crowd.uses()} == set("0123")


def test_whoever_is_killed_the_device_is_free_and_nobody_shares(crowd_of):
    crowd = crowd_of(1)
    crowd.add(4, held=True)
    wait_for(lambda: len(crowd.holding()) == 4)
    crowd.add(4, 0.2)
    wait_for(lambda: crowd.waiting() == 4)
    assert len(crowd.lines()) == 4  # those that came later have no device
    for pid in crowd.holding():
        crowd.kill(pid)
    uses = crowd.uses()
    assert len(uses) == 8
    assert [most_at_once(uses, device) for device in "0123"] == [1, 1, 1, 1]


def test_a_device_is_taken_as_long_as_a_child_of_its_killed_holder_lives(tmp_path, crowd_of):
    reading, writing = os.pipe()
    holder = os.fork()
    if holder == 0:
        with leased([Device("0")], folder=tmp_path / "locks"):
            if os.fork() == 0:
                os.write(writing, str(os.getpid()).encode())
            time.sleep(600)
        os._exit(0)
    child = int(os.read(reading, 20))
    os.kill(holder, signal.SIGKILL)
    os.waitpid(holder, 0)
    try:
        crowd = crowd_of(1)
        crowd.add(1, 0.0, "0")
        wait_for(lambda: crowd.waiting() == 1)
        assert not crowd.lines()
    finally:
        os.kill(child, signal.SIGKILL)
    assert [use.device for use in crowd.uses()] == ["0"]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A function that puts an `nvidia-smi` of two GPUs on the path, or none."""

    def make(listed: str | None) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        if listed is not None:
            (folder / "nvidia-smi").write_text(f"#!/bin/sh\ncat <<END\n{listed}\nEND\n")
            (folder / "nvidia-smi").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin" if listed else str(folder))

    return make


TWO = "0, GPU-aaaa-1, 81559\n1, GPU-bbbb-2, 40000"
A, B = Device("GPU-aaaa-1", 85521), Device("GPU-bbbb-2", 41943)  # MiB to MB


@pytest.mark.parametrize(
    ("given", "actual"),
    [
        (None, (A, B)),
        ("1", (B,)),
        ("1,0", (B, A)),
        ("GPU-bbbb", (B,)),
        ("MIG-cccc", (Device("MIG-cccc"),)),
        ("", ()),
        ("-1", ()),
        ("0,-1,1", (A,)),
    ],
)
def test_what_the_cluster_has_given_is_honoured_and_named_for_good(machine, given, actual):
    machine(TWO)
    assert devices({} if given is None else {"CUDA_VISIBLE_DEVICES": given}) == actual


def test_without_a_driver_there_is_only_what_the_cluster_names(machine):
    machine(None)
    assert devices({}) == ()
    assert devices({"CUDA_VISIBLE_DEVICES": "2,3"}) == (Device("2"), Device("3"))


def test_a_name_that_is_no_device_is_reported_and_ends_the_list(machine, capfd):
    machine(TWO)
    assert devices({"CUDA_VISIBLE_DEVICES": "1,NoDevFiles,0"}) == (B,)
    assert "'NoDevFiles' is no device; nvidia-smi lists 0 (GPU-aaaa-1), 1 (GPU-bbbb-2)" in capfd.readouterr().err


@pytest.mark.parametrize("listed", [None, TWO])
def test_a_name_that_no_device_can_have_is_never_one(machine, capfd, listed):
    machine(listed)
    assert devices({"CUDA_VISIBLE_DEVICES": "NoDevFiles"}) == ()
    assert "WARNING: CUDA_VISIBLE_DEVICES is 'NoDevFiles'" in capfd.readouterr().err


def test_a_driver_that_fails_is_reported(machine, tmp_path, capfd):
    machine(TWO)
    (tmp_path / "bin/nvidia-smi").write_text("#!/bin/sh\necho cannot communicate with the driver\nexit 9\n")
    assert devices({}) == ()
    assert "WARNING: nvidia-smi fails (cannot communicate with the driver)" in capfd.readouterr().err


def test_without_a_driver_nothing_is_reported(machine, capfd):
    machine(None)
    assert devices({}) == ()
    assert capfd.readouterr().err == ""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where the user's folder of leases is, in an empty temporary directory."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path / f"evocnn-devices-{os.getuid()}"


def test_leases_are_in_a_folder_that_only_the_user_may_open(temporary):
    for _ in range(2):
        with leased([A]):
            assert temporary.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("present", ["open folder", "link", "file", "folder of another user"])
def test_a_folder_of_leases_that_others_control_is_refused(temporary, monkeypatch, present):
    if present == "link":
        temporary.symlink_to(temporary.parent)
    elif present == "file":
        temporary.touch()
    else:
        temporary.mkdir(mode=0o700)
    if present == "open folder":
        temporary.chmod(0o777)
    if present == "folder of another user":
        monkeypatch.setattr("os.getuid", lambda: 54321)
        temporary.rename(temporary.with_name("evocnn-devices-54321"))
    with (
        pytest.raises(ValueError, match=r"evocnn-devices-\d+: expected a folder of .*delete it, or set TMPDIR"),
        leased([A]),
    ):
        pass


def test_without_devices_a_job_computes_on_the_cpu_and_waits_for_nobody(tmp_path):
    with leased([], folder=tmp_path) as first, leased([], folder=tmp_path) as second:
        assert first == second == Lease(None)
        assert first.environment["CUDA_VISIBLE_DEVICES"] == "-1"
    assert not list(tmp_path.iterdir())


def test_a_leased_device_is_the_only_one_that_tensorflow_sees(tmp_path):
    with leased([A], folder=tmp_path) as lease:
        assert lease.environment["CUDA_VISIBLE_DEVICES"] == "GPU-aaaa-1"
        assert lease.environment["TF_FORCE_GPU_ALLOW_GROWTH"] == "true"


@pytest.mark.slow
def test_trainings_lease_one_device_after_the_other_and_say_which(start):
    jobs = [start(number, {"EVOCNN_DEVICES": "7:4000", "TMPDIR": str(start.folder)}) for number in (0, 1)]
    outputs = [job.output() for job in jobs]
    assert [job.process.returncode for job in jobs] == [0, 0], outputs
    assert sum("All places on 1 devices are taken: waiting for one." in output for output in outputs) == 1
    assert [fitness(job.individual)["provenance"]["device_id"] for job in jobs] == ["7", "7"]
