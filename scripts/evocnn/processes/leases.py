"""Which device a job computes on.

Snakemake counts GPUs (`gpu=1`) and hands out no numbers, so a job leases one, or a share of one, by file lock: the
shares of a device never add up to more than all of it, and however a job and its child die, the kernel frees the lock.
"""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock

from evocnn.processes.devices import Device, devices, set_up_devices, utilisation
from evocnn.processes.guard import Guard
from evocnn.processes.locks import POLL, Held, Timeout
from evocnn.processes.own_folder import own_folder

OWN_MB = 600
"""Memory of a GPU in MB that each process takes beside what TensorFlow hands out: 560 were seen on an H200."""
BUSY = 90
"""Utilisation in percent from which a device gets no further job by `auto`."""
SCORING_PER_DEVICE = 4
"""Jobs that share a device by `auto` where they train nothing, so that they need a small part of its memory."""
MOST = 64
"""Jobs that share a device."""
POLL_UTILISATION = 2.0
"""Seconds between two looks at the utilisation."""
ROUNDING = 1e-9

JobsPerDevice = int | Literal["auto"]


@dataclass(frozen=True)
class Lease:
    """A device, or a share of one, for a job.

    Attributes:
        device: what is leased; None for the CPU.
        memory_limit_mb: of the device's memory; None for all of it.
        descriptor: holds the lease wherever it is inherited; None for the CPU.
    """

    device: Device | None
    memory_limit_mb: int | None = None
    descriptor: int | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Variables for the process that computes, to be set before it imports TensorFlow."""
        return {
            "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
            "CUDA_VISIBLE_DEVICES": self.device.name if self.device else "-1",
            "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        }


@contextmanager
def leased(
    available: Sequence[Device],
    jobs_per_device: JobsPerDevice = 1,
    needed_mb: float | None = None,
    *,
    folder: Path | None = None,
    guard: Guard | None = None,
    busy: Callable[[], Mapping[str, int]] | None = None,
) -> Iterator[Lease]:
    """Lease a device, the least used first, or wait for one.

    Args:
        available: devices to choose from; none for the CPU.
        jobs_per_device: how many jobs share a device, and its memory in equal parts. "auto" shares it among as many
            as need its memory, while its utilisation is below `BUSY`.
        needed_mb: memory of the device that the job needs, with `OWN_MB`, in MB; None for all of it. Only "auto" uses
            it.
        folder: of the locks; by default one of the user in the temporary directory.
        guard: says when waiting has to end.
        busy: utilisation by name of device; by default that of the machine.

    Raises:
        ValueError: the folder in the temporary directory belongs to or is open to others; see `own_folder`.
    """
    if not available:
        yield Lease(None)
        return
    if folder is None:
        folder = own_folder("evocnn-devices")
    folder.mkdir(mode=0o700, exist_ok=True)
    shares = {device: _share(device, jobs_per_device, needed_mb) for device in available}
    look = (busy or (lambda: utilisation(os.environ))) if jobs_per_device == "auto" else None
    device, lock = _wait(shares, folder, guard, look)
    try:
        yield Lease(device, _limit(device, shares[device]), lock.descriptor)
    finally:
        lock.release()


@contextmanager
def on_device(environment: MutableMapping[str, str], jobs_per_device: JobsPerDevice) -> Iterator[None]:
    """Lease a device for this process itself, which must not have imported TensorFlow and trains nothing."""
    with leased(devices(environment), SCORING_PER_DEVICE if jobs_per_device == "auto" else jobs_per_device) as lease:
        environment.update(lease.environment)
        set_up_devices(lease.memory_limit_mb)
        yield


def _share(device: Device, jobs_per_device: JobsPerDevice, needed_mb: float | None) -> float:
    """Share of a device that a job takes, above 0 and at most 1."""
    if jobs_per_device != "auto":
        return 1 / jobs_per_device
    if device.memory_mb is None or needed_mb is None:
        return 1.0
    return min(needed_mb / device.memory_mb, 1.0)


def _limit(device: Device, share: float) -> int | None:
    """So that the jobs of a device, with what each takes beside, have room in it."""
    if share == 1 or device.memory_mb is None:
        return None
    return max(int(device.memory_mb * share + ROUNDING) - OWN_MB, 1)


def _wait(
    shares: Mapping[Device, float],
    folder: Path,
    guard: Guard | None,
    busy: Callable[[], Mapping[str, int]] | None,
) -> tuple[Device, Held]:
    """The device with most room, once one has enough of it."""
    said = False
    while True:
        used = busy() if busy else {}
        with FileLock(folder / "choosing.lock"):
            taken = {device: _taken(folder, device) for device in shares}
            for device in sorted(shares, key=lambda device: sum(taken[device])):
                full = sum(taken[device]) + shares[device] > 1 + ROUNDING or len(taken[device]) >= MOST
                if not full and not (taken[device] and used.get(device.name, 0) >= BUSY):
                    return device, _hold(folder, device, shares[device])
        if guard:
            guard.check()
        if not said:
            print(f"All places on {len(shares)} devices are taken: waiting for one.", flush=True)
            said = True
        time.sleep(POLL_UTILISATION if busy else POLL)


def _places(folder: Path, device: Device) -> Iterator[Path]:
    return (folder / f"{device.name.replace('/', '_')}.{place}.lock" for place in range(MOST))


def _taken(folder: Path, device: Device) -> list[float]:
    """The shares of those who hold a device; nobody else chooses meanwhile."""
    taken = []
    for path in _places(folder, device):
        if not path.exists():
            continue
        try:
            Held(path).release()
        except Timeout:
            taken.append(float(json.loads(path.read_text(encoding="utf-8")).get("share", 1)))
    return taken


def _hold(folder: Path, device: Device, share: float) -> Held:
    for path in _places(folder, device):
        try:
            return Held(path, share=share)
        except Timeout:
            continue
    raise AssertionError("a place is free where fewer than MOST are taken")
