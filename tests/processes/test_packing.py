"""`jobs_per_gpu: auto`: as many jobs share a device as its memory and utilisation allow."""

from contextlib import ExitStack

import pytest

from evocnn.processes.devices import Device, utilisation
from evocnn.processes.guard import Guard
from evocnn.processes.leases import Lease, leased

SMALL, LARGE = Device("small", 8_000), Device("large", 24_000)


class WaitsError(Exception):
    """A job that finds no place."""


class Impatient(Guard):
    """Ends a job as soon as it has to wait."""

    def check(self) -> None:
        raise WaitsError


@pytest.fixture
def packed(tmp_path):
    """A function that leases for a job that needs so many MB, and holds the lease until the test ends."""
    with ExitStack() as held:

        def lease(
            needed_mb: float | None,
            *devices: Device,
            jobs_per_device: int | str = "auto",
            busy: dict[str, int] | None = None,
            into: ExitStack = held,
        ) -> Lease:
            context = leased(
                devices, jobs_per_device, needed_mb, folder=tmp_path, guard=Impatient(), busy=lambda: busy or {}
            )
            return into.enter_context(context)

        yield lease


def test_jobs_share_a_device_until_its_memory_is_taken(packed):
    leases = [packed(needed, SMALL) for needed in (3_000, 3_000, 2_000)]
    assert [lease.memory_limit_mb for lease in leases] == [2_400, 2_400, 1_400]  # 600 each for CUDA: 8,000
    with pytest.raises(WaitsError):
        packed(501, SMALL)


def test_a_job_goes_where_most_is_free(packed):
    names = [packed(4_000, SMALL, LARGE).device.name for _ in range(6)]
    assert names == ["small", "large", "large", "large", "small", "large"]  # the first where both have as much


def test_memory_is_free_again_when_a_job_has_ended(packed):
    packed(5_000, SMALL)
    with ExitStack() as short:
        packed(3_000, SMALL, into=short)
        with pytest.raises(WaitsError):
            packed(3_000, SMALL)
    assert packed(3_000, SMALL).device == SMALL


@pytest.mark.parametrize("needed", [8_001, None])
def test_a_job_that_needs_more_than_a_device_has_one_for_itself_without_a_limit(packed, needed):
    lease = packed(needed, SMALL)
    assert (lease.device, lease.memory_limit_mb) == (SMALL, None)
    with pytest.raises(WaitsError):
        packed(1, SMALL)


def test_a_busy_device_gets_no_further_job(packed):
    packed(1_000, SMALL, busy={"small": 100})  # somebody else computes on it: the first job begins all the same
    with pytest.raises(WaitsError):
        packed(1_000, SMALL, busy={"small": 90})
    assert packed(1_000, SMALL, busy={"small": 89}).device == SMALL
    assert packed(1_000, SMALL, LARGE, busy={"small": 90, "large": 0}).device == LARGE


def test_a_device_of_unknown_memory_is_not_shared(packed):
    unknown = Device("MIG-1")
    assert packed(1_000, unknown).memory_limit_mb is None
    with pytest.raises(WaitsError):
        packed(1_000, unknown)


def test_runs_that_share_in_equal_parts_and_by_memory_keep_out_of_each_others_way(packed):
    assert packed(None, SMALL, jobs_per_device=2).memory_limit_mb == 3_400
    assert packed(4_000, SMALL).memory_limit_mb == 3_400
    for jobs_per_device in (1, 2, "auto"):
        with pytest.raises(WaitsError):
            packed(600, SMALL, jobs_per_device=jobs_per_device)


def test_utilisation_is_asked_of_the_driver(tmp_path, monkeypatch):
    (tmp_path / "nvidia-smi").write_text(
        '#!/bin/sh\n[ "$1" = --query-gpu=uuid,utilization.gpu ] && printf "GPU-a, 37\\nGPU-b, [N/A]\\n"\n'
    )
    (tmp_path / "nvidia-smi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert utilisation({}) == {"GPU-a": 37}
    assert utilisation({"EVOCNN_DEVICES": "0:8000:95,1:8000"}) == {"0": 95}
