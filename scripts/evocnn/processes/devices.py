"""Which devices there are, what they are doing, and how TensorFlow uses one."""

import platform
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SIMULATED = "EVOCNN_DEVICES"
"""Variable with devices to take for those of the machine, such as "0:8000,1:8000:95" (id:MB:utilisation); for tests."""


@dataclass(frozen=True)
class Device:
    """A GPU.

    Attributes:
        name: as CUDA_VISIBLE_DEVICES takes it; where it can be known, the one that is the same in every container.
        memory_mb: of the device; None where it cannot be known.
    """

    name: str
    memory_mb: int | None = None


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


def processor() -> str:
    """What the machine calls its processor, such as "AMD EPYC 9654"; its architecture where it does not say."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def utilisation(environment: Mapping[str, str]) -> dict[str, int]:
    """Share of the last second in which each device computed, in percent, by its name; only where it can be known."""
    if SIMULATED in environment:
        given = [entry.split(":") for entry in _entries(environment[SIMULATED])]
        return {parts[0]: int(parts[2]) for parts in given if len(parts) > 2}
    rows = _ask_nvidia_smi("uuid,utilization.gpu")
    return {uuid: int(percent) for uuid, percent in rows if percent.isdigit()}


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


def peak_gpu_memory_mb() -> int | None:
    """Most memory in MB that TensorFlow has taken of the leased GPU so far; None where it computes on the CPU."""
    import tensorflow as tf

    if not tf.config.list_logical_devices("GPU"):
        return None
    return round(tf.config.experimental.get_memory_info("GPU:0")["peak"] / 1e6)


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _simulated(entry: str) -> Device:
    name, *memory = entry.split(":")
    return Device(name, int(memory[0]) if memory else None)


def _may_exist(entry: str, gpus: Sequence[tuple[str, Device]]) -> bool:
    """Whether an entry that is not listed may be a device: a part of a GPU, or any where nothing is listed."""
    return entry.startswith("MIG-") or (not gpus and re.fullmatch(r"\d+|GPU-[0-9A-Fa-f-]+", entry) is not None)


def _warn(text: str) -> None:
    print(f"WARNING: {text}. Trainings without a GPU are many times slower.", file=sys.stderr, flush=True)


def _nvidia_smi() -> list[tuple[str, Device]]:
    """Index and device of each GPU that this process may use; none without NVIDIA's driver, or where it fails."""
    rows = _ask_nvidia_smi("index,uuid,memory.total")
    return [(index, Device(uuid, _megabytes(memory))) for index, uuid, memory in rows]


def _ask_nvidia_smi(columns: str) -> list[list[str]]:
    """A row per GPU that this process may use; none without NVIDIA's driver, or where it fails, which is reported."""
    command = ["nvidia-smi", f"--query-gpu={columns}", "--format=csv,noheader,nounits"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    except FileNotFoundError:
        return []
    except (OSError, subprocess.SubprocessError) as error:
        said = " ".join(f"{getattr(error, 'stdout', '') or ''} {getattr(error, 'stderr', '') or ''}".split())
        _warn(f"nvidia-smi fails ({said or error}), so no GPU is known; repair the driver")
        return []
    return [[cell.strip() for cell in line.split(",")] for line in listed.splitlines() if line.strip()]


def _megabytes(mebibytes: str) -> int | None:
    return round(int(mebibytes) * 1.048576) if mebibytes.isdigit() else None
