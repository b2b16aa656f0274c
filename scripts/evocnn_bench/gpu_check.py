"""What a user needs to know of the devices: `evocnn gpu-check`."""

import os
import tempfile
from pathlib import Path
from typing import Any

from evocnn.processes.devices import Device, devices, set_up_devices
from evocnn.processes.leases import leased
from evocnn.processes.log import limit_threads
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.network import Network

SIDE, BATCH, STEPS, EPOCHS = 64, 32, 20, 2
BLOCKS, FILTERS = 8, 48
NATIVE = {"mixed_float16": (7, 0), "mixed_bfloat16": (8, 0)}
"""Compute capability from which on a GPU computes in a precision without a detour (NVIDIA's CUDA C++ guide)."""


def reference_network(joints: int) -> Network:
    """The network whose training is timed: a stem of stride 4 and 8 convolutions of 3×3, for inputs of 64×64."""
    graph = GraphBuilder((SIDE, SIDE, 3))
    x = graph.normalised(graph.conv(0, FILTERS, 3, stride=4), "relu")
    for _ in range(BLOCKS):
        x = graph.normalised(graph.conv(x, FILTERS, 3), "relu")
    return canonical(graph.layers, [graph.head("heatmap", graph.conv(x, joints, 1, bias=True), 0)])


def check_devices(labels: Path, threads: int) -> str:
    """Lease a device as a training does, and train the reference network on it.

    Args:
        labels: labels file of a skeleton, which says how many joints the network has.
        threads: of the training.

    Returns:
        Devices, memory, precisions, and how long the training took, in lines.
    """
    limit_threads(threads)
    available = devices(os.environ)
    with leased(available) as lease:
        os.environ.update(lease.environment)
        names = set_up_devices(lease.memory_limit_mb)
        trained = _train(labels)
    lines = [("devices", _devices(available)), ("memory", _memory(available))]
    lines += [("TensorFlow", f"computes on {', '.join(names) or f'the CPU, {threads} thread'}")]
    if available and not names:
        lines.append(("", "it sees no GPU although there is one: install the extra `gpu`, see README.md"))
    lines += [("precision", _precisions(names))]
    seconds = trained["seconds"]
    lines += [
        ("reference", f"{BLOCKS + 1} convolutions, {SIDE}×{SIDE}, batches of {BATCH}, {EPOCHS * STEPS} steps"),
        ("training", f"{seconds['prepare']:.1f} s to prepare, {seconds['fit']:.1f} s to compile and train"),
        ("speed", f"{trained['samples_per_second']:,.0f} people per second, the time to compile included"),
        ("peak memory", f"{trained['peak_memory_mb']:,} MB of the process, that on a GPU aside"),
    ]
    return "\n".join(f"{name:<13} {text}" for name, text in lines)


def _train(labels: Path) -> dict[str, Any]:
    """Measurements of a training on noise."""
    from evocnn.dataset.noise import noise_crops
    from evocnn.network.train import train
    from evocnn.tasks.task import read_task
    from evocnn.training.settings import TrainingSettings

    task = read_task(labels)
    joints = task.labels.outputs
    how = TrainingSettings(
        epochs=EPOCHS,
        patience=EPOCHS,
        batch_size=BATCH,
        learning_rate=0.001,
        clip_norm=None,
        scale=0,
        rotation=0,
        flip=0,
    )
    with tempfile.TemporaryDirectory() as folder:
        history = Path(folder) / "history.csv"
        people = noise_crops(STEPS * BATCH, SIDE, joints, 0), noise_crops(BATCH, SIDE, joints, 1)
        return train(reference_network(joints), *people, task, how, seed=0, history=history).fitness.training


def _devices(available: tuple[Device, ...]) -> str:
    return ", ".join(device.name for device in available) or "no GPU"


def _memory(available: tuple[Device, ...]) -> str:
    """Of each device, or of the machine."""
    if available:
        return ", ".join("unknown" if d.memory_mb is None else f"{d.memory_mb:,} MB" for d in available)
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e6:,.0f} MB, {os.cpu_count()} cores"


def _precisions(names: list[str]) -> str:
    import tensorflow as tf

    if not names:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").is_file() else ""
        native = [*(["mixed_bfloat16"] if "avx512_bf16" in flags or "amx_bf16" in flags else [])]
    else:
        gpu = tf.config.list_physical_devices("GPU")[0]
        capability = tf.config.experimental.get_device_details(gpu).get("compute_capability", (0, 0))
        native = [name for name, needed in NATIVE.items() if capability >= needed]
    return ", ".join(["float32", *native])
