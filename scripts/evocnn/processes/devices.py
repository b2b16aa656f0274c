"""Which device a job computes on: every decision about devices is made here.

Snakemake counts GPUs (`gpu=1`) and hands out no numbers, so a job leases one by file lock: no two jobs of a user get
the same one, and however a job and its child die, the kernel frees the lock.
"""

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evocnn.processes.guard import Guard
from evocnn.processes.locks import POLL, Held, Timeout
from evocnn.processes.own_folder import own_folder

SIMULATED = "EVOCNN_DEVICES"
"""Variable with devices to take for those of the machine, such as "0:8000,1:8000" (id:MB); for tests."""
OWN_MB = 500
"""Memory of a GPU in MB that each process takes beside what TensorFlow hands out."""


@dataclass(frozen=True)
class Device:
    """A GPU.

    Attributes:
        name: as CUDA_VISIBLE_DEVICES takes it; where it can be known, the one that is the same in every container.
        memory_mb: of the device; None where it cannot be known.
    """

    name: str
    memory_mb: int | None = None


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


def devices(environment: Mapping[str, str]) -> tuple[Device, ...]:
    """Devices that a job may use: those that the cluster has given it, else all of the machine.

    An entry of CUDA_VISIBLE_DEVICES that names none ends the list, as in CUDA, and is reported.
    """
    if SIMULATED in environment:
        return tuple(_simulated(entry) for entry in _entries(environment[SIMULATED]))
    gpus = _nvidia_smi()
    given = environment.get("CUDA_VISIBLE_DEVICES")
    if given is None:
        return tuple(device for _, device in gpus)
    chosen = []
    for entry in _entries(given):
        if entry == "-1":  # CUDA ignores what follows
            break
        known = [device for index, device in gpus if entry == index or device.name.startswith(entry)]
        if not known and not _may_exist(entry, gpus):
            listed = ", ".join(f"{index} ({device.name})" for index, device in gpus) or "none"
            _warn(f"CUDA_VISIBLE_DEVICES is {given!r}, but {entry!r} is no device; nvidia-smi lists {listed}")
            break
        chosen.append(known[0] if known else Device(entry))
    return tuple(chosen)


@contextmanager
def leased(
    available: Sequence[Device], jobs_per_device: int = 1, *, folder: Path | None = None, guard: Guard | None = None
) -> Iterator[Lease]:
    """Lease a device, the least used first, or wait for one.

    Args:
        available: devices to choose from; none for the CPU.
        jobs_per_device: how many jobs share a device, and its memory.
        folder: of the locks; by default one of the user in the temporary directory.
        guard: says when waiting has to end.

    Raises:
        ValueError: the folder in the temporary directory belongs to or is open to others; see `own_folder`.
    """
    if not available:
        yield Lease(None)
        return
    if folder is None:
        folder = own_folder("evocnn-devices")
    folder.mkdir(mode=0o700, exist_ok=True)
    device, lock = _wait(available, jobs_per_device, folder, guard)
    try:
        yield Lease(device, _share(device, jobs_per_device), lock.descriptor)
    finally:
        lock.release()


@contextmanager
def on_device(environment: MutableMapping[str, str], jobs_per_device: int) -> Iterator[None]:
    """Lease a device for this process itself, which must not have imported TensorFlow."""
    with leased(devices(environment), jobs_per_device) as lease:
        environment.update(lease.environment)
        set_up_devices(lease.memory_limit_mb)
        yield


def set_up_devices(memory_limit_mb: int | None) -> list[str]:
    """Have TensorFlow take memory of the leased GPU as it is needed, up to a limit; before it computes anything.

    Returns:
        Names of the GPUs that TensorFlow sees, as their maker calls them; none where it computes on the CPU.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    for gpu in gpus:
        if memory_limit_mb is None:
            tf.config.experimental.set_memory_growth(gpu, True)
        else:
            limit = tf.config.LogicalDeviceConfiguration(memory_limit=memory_limit_mb)
            tf.config.set_logical_device_configuration(gpu, [limit])
    return [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in gpus]


def _wait(available: Sequence[Device], jobs_per_device: int, folder: Path, guard: Guard | None) -> tuple[Device, Held]:
    """The first free place; a second job goes to a device only when all have a first one."""
    places = [(device, slot) for slot in range(jobs_per_device) for device in available]
    said = False
    while True:
        for device, slot in places:
            try:
                return device, Held(folder / f"{device.name.replace('/', '_')}.{slot}.lock")
            except Timeout:
                continue
        if guard:
            guard.check()
        if not said:
            print(f"All {len(places)} places on {len(available)} devices are taken: waiting for one.", flush=True)
            said = True
        time.sleep(POLL)


def _share(device: Device, jobs_per_device: int) -> int | None:
    """So that the jobs of a device, with what each takes beside, have room in it."""
    if jobs_per_device == 1 or device.memory_mb is None:
        return None
    return max(device.memory_mb // jobs_per_device - OWN_MB, 1)


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _simulated(entry: str) -> Device:
    name, _, memory = entry.partition(":")
    return Device(name, int(memory) if memory else None)


def _may_exist(entry: str, gpus: Sequence[tuple[str, Device]]) -> bool:
    """Whether an entry that is not listed may be a device: a part of a GPU, or any where nothing is listed."""
    return entry.startswith("MIG-") or (not gpus and re.fullmatch(r"\d+|GPU-[0-9A-Fa-f-]+", entry) is not None)


def _warn(text: str) -> None:
    print(f"WARNING: {text}. Trainings without a GPU are many times slower.", file=sys.stderr, flush=True)


def _nvidia_smi() -> list[tuple[str, Device]]:
    """Index and device of each GPU that this process may use; none without NVIDIA's driver, or where it fails."""
    command = ["nvidia-smi", "--query-gpu=index,uuid,memory.total", "--format=csv,noheader,nounits"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    except FileNotFoundError:
        return []
    except (OSError, subprocess.SubprocessError) as error:
        said = " ".join(f"{getattr(error, 'stdout', '') or ''} {getattr(error, 'stderr', '') or ''}".split())
        _warn(f"nvidia-smi fails ({said or error}), so no GPU is known; repair the driver")
        return []
    rows = [[cell.strip() for cell in line.split(",")] for line in listed.splitlines() if line.strip()]
    return [(index, Device(uuid, _megabytes(memory))) for index, uuid, memory in rows]


def _megabytes(mebibytes: str) -> int | None:
    return round(int(mebibytes) * 1.048576) if mebibytes.isdigit() else None
