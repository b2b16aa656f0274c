"""How fast people reach a training, on one core: the original images, this pipeline, and tensors in memory."""

import multiprocessing
import random
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import keras
import numpy as np
import tensorflow as tf

from evocnn.dataset.adapters import read_annotations
from evocnn.dataset.augmentation import Augmentation, draw_maps
from evocnn.dataset.crops import Crops, read_crops, write_crops
from evocnn.dataset.manifest import write_manifest
from evocnn.dataset.people import Annotations
from evocnn.dataset.people_file import write_people
from evocnn.dataset.prepare_data import make_shard
from evocnn.labels import MPII, read_skeleton
from evocnn.network.batches import Batches
from evocnn.network.build import build
from evocnn.network.losses import HeatmapCrossEntropy
from evocnn.pose.geometry import around, mirrored, transform
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space
from evocnn.tasks.pose import Pose
from evocnn_bench.document import table
from evocnn_bench.images import draw_images

MARGIN, BATCH = 0.2, 16
AUGMENTATION = Augmentation(0.25, 30, 0.5)
SPACE = MPII.parents[1] / "spaces/weighted.yaml"


@dataclass(frozen=True)
class Set:
    """A data set on disk: people and images, and at one size their crops, and CPU seconds to make them."""

    people: Annotations
    images: Path
    crops: Crops
    seconds: float


def bench_data(folder: Path, *, people: int = 320, rounds: int = 7, sizes: tuple[int, ...] = (64, 256)) -> str:
    """Measure and describe, as Markdown.

    Args:
        folder: gets the images and crops.
        people: how many.
        rounds: how often each variant takes its turn.
        sizes: sides of the input in pixels.

    Speeds are medians over rounds in which all variants take their turn, in samples per second of CPU time, so that
    they are per core; memory is that of a process of its own for each variant.
    """
    cv2.setNumThreads(1)
    draw_images(folder, people)
    made = {size: prepare(folder, size) for size in sizes}
    speeds = {size: _speeds(made[size], size, rounds) for size in sizes}
    memory = {size: [_in_own_process(_memory, folder, size, name) for name in ("a", "b", "c")] for size in sizes}
    rows = [["samples per second and core", *(f"{size}×{size}" for size in sizes)]]
    names = (
        "(a) original JPEG decoded and warped every epoch",
        "(b) this pipeline, later epochs",
        "(c) tensors in memory",
    )
    for name, title in zip("abc", names, strict=True):
        rows.append([title, *(f"{statistics.median(speeds[size][name]):,.0f}" for size in sizes)])
    first = {size: people / (made[size].seconds + people / statistics.median(speeds[size]["b"])) for size in sizes}
    rows.insert(2, ["(b) this pipeline, first epoch of a run", *(f"{first[size]:,.0f}" for size in sizes)])
    ratios = {size: [b / a for a, b in zip(speeds[size]["a"], speeds[size]["b"], strict=True)] for size in sizes}
    rows.append(["(b), later epochs, over (a)", *(f"{statistics.median(ratios[size]):.1f} ×" for size in sizes)])
    for at, name in enumerate("abc"):
        rows.append([f"memory that ({name}) takes, MB", *(memory[size][at] for size in sizes)])
    step = _step_ratio(made[sizes[0]], sizes[0], rounds)
    rows.append(
        ["training steps of a network of the demo on (b) over (c)", f"{100 * step:.1f} %", *[""] * (len(sizes) - 1)]
    )
    return table(rows)


def prepare(folder: Path, size: int) -> Set:
    """Read people, write records, decode them, as the rules do."""
    started = time.process_time()
    matches = read_annotations("mpii", folder / "annot/train.json", read_skeleton(MPII))
    at = folder / str(size)
    at.mkdir(exist_ok=True)
    people, shard, summary, manifest = at / "people.npz", at / "part.tfrecord", at / "part.json", at / "manifest.json"
    write_people(people, matches)
    images = folder / "images"
    make_shard(shard, summary, people=people, images=images, shard=0, shards=1, input_size=size, margin=MARGIN)
    write_manifest(manifest, [summary], people=people, annotations=[], settings={}, max_skipped=0)
    files = at / "crops.npy", at / "crops.npz"
    write_crops(*files, manifest=manifest, shards=[shard], input_size=size, margin=MARGIN)
    return Set(matches, images, read_crops(*files), time.process_time() - started)


def _originals(made: Set, size: int, seed: int) -> None:
    """Variant (a), one epoch: every image is read and warped anew."""
    people, rng = made.people.people, np.random.default_rng(seed)
    maps, flip = draw_maps(AUGMENTATION, len(people), size, size, rng)
    for row in rng.permutation(len(people)):
        image = cv2.imread(str(made.images / people.images[row]))
        linear = around(people.center[row], size / people.side[row], size / 2)
        turn = maps[row]
        to_input = np.hstack([turn[:, :2] @ linear[:, :2], (turn[:, :2] @ linear[:, 2] + turn[:, 2])[:, None]])
        assert image is not None
        cv2.warpAffine(image, to_input, (size, size), flags=cv2.INTER_LINEAR)
        transform(mirrored(to_input, size) if flip[row] else to_input, people.joints[row])


def _batches(made: Set) -> Batches:
    return Batches(made.crops, Pose(read_skeleton(MPII)), AUGMENTATION, BATCH, seed=1)


def _in_memory(made: Set) -> tf.data.Dataset:
    """Variant (c): the batches of one epoch, again and again."""
    batches = _batches(made)
    arrays = [np.stack(column) for column in zip(*map(batches.batch, range(batches.steps)), strict=True)]
    options = tf.data.Options()
    options.autotune.enabled = False
    options.threading.private_threadpool_size = 1
    return tf.data.Dataset.from_tensor_slices(tuple(arrays)).repeat().with_options(options)


@tf.function
def _draw_from(dataset: Iterator, steps: tf.Tensor) -> tf.Tensor:
    """Take batches as a training does, inside of a graph."""
    total = tf.constant(0.0)
    for _ in tf.range(steps):
        _, targets, _ = next(dataset)
        total += targets[0, 0, 0]
    return total


def _timed(work: Callable[[], object], people: int) -> float:
    started = time.process_time()
    work()
    return people / (time.process_time() - started)


def _speeds(made: Set, size: int, rounds: int) -> dict[str, list[float]]:
    batches = _batches(made)
    steps = tf.constant(batches.steps)
    mapped, memory = iter(batches.dataset(100)), iter(_in_memory(made))
    for dataset in (mapped, memory):
        _draw_from(dataset, steps)
    speeds: dict[str, list[float]] = {"a": [], "b": [], "c": []}
    drawn = batches.steps * BATCH
    for number in range(rounds):
        speeds["a"].append(_timed(lambda: _originals(made, size, number), len(made.crops)))  # noqa: B023
        speeds["b"].append(_timed(lambda: _draw_from(mapped, 4 * steps), 4 * drawn))
        speeds["c"].append(_timed(lambda: _draw_from(memory, 4 * steps), 4 * drawn))
    return speeds


def _step_ratio(made: Set, size: int, rounds: int) -> float:
    """Median ratio of wall times of training steps on (c) and on (b)."""
    space = read_space(SPACE)
    model = build(decode(space.draw(random.Random(0)), space, input_size=size, outputs=16))
    optimizer = keras.optimizers.Adam()
    optimizer.build(model.trainable_variables)
    model.compile(optimizer, HeatmapCrossEntropy(1.0), jit_compile=False)
    mapped, memory = _batches(made).dataset(1000), _in_memory(made)
    ratios = []
    steps = _batches(made).steps
    for _ in range(rounds + 1):
        seconds = []
        for dataset in (memory, mapped):
            started = time.perf_counter()
            model.fit(dataset, steps_per_epoch=steps, epochs=2, shuffle=False, verbose=0)
            seconds.append(time.perf_counter() - started)
        ratios.append(seconds[0] / seconds[1])
    return statistics.median(ratios[1:])  # the first round compiles


def _in_own_process(work: Callable[..., str], *arguments: object) -> str:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        return pool.submit(work, *arguments).result()


def _memory(folder: Path, size: int, variant: str) -> str:
    """Memory that a process of its own has after an epoch, and what it shares with all others that map the crops."""
    at = folder / str(size)
    matches = read_annotations("mpii", folder / "annot/train.json", read_skeleton(MPII))
    before = _resident()
    made = Set(matches, folder / "images", read_crops(at / "crops.npy", at / "crops.npz"), 0.0)
    if variant == "a":
        _originals(made, size, 0)
    else:
        dataset = _batches(made).dataset(100) if variant == "b" else _in_memory(made)
        _draw_from(iter(dataset), tf.constant(4 * _batches(made).steps))
    own, shared = (max(after - start, 0) for after, start in zip(_resident(), before, strict=True))
    return f"{own:.0f} and {shared:.0f} shared" if variant == "b" else f"{own:.0f}"


def _resident() -> tuple[float, float]:
    """Anonymous and mapped memory of this process in MB."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    own, mapped = (float(status[name].split()[0]) * 1024 / 1e6 for name in ("RssAnon", "RssFile"))
    return own, mapped
