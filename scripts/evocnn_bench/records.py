"""What the jobs that make records need, for as many people as MPII has to learn from."""

import json
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2

from evocnn.dataset.crops import write_crops
from evocnn.dataset.manifest import write_manifest
from evocnn.dataset.prepare_data import make_shard, read_source
from evocnn.dataset.splits import Source
from evocnn.labels import MPII
from evocnn_bench.document import table
from evocnn_bench.images import draw_images

SIZE, MARGIN, SHARDS = 256, 0.2, 16


@dataclass(frozen=True)
class Used:
    """Peak memory in MB and CPU seconds of a process."""

    memory: float
    seconds: float


def bench_records(folder: Path, *, people: int = 22_246) -> str:
    """Run one job of each rule, each in a process of its own, and describe what it took, as Markdown.

    Args:
        folder: gets the data set and the records.
        people: how many the annotations have; the images are 64, under as many names as are needed.
    """
    _annotate(folder, people)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        read = pool.submit(_used, _read, folder).result()
        started = time.perf_counter()
        write = pool.submit(_used, _write, folder, 0).result()
        pool.submit(_used, _write, folder, 1).result()
        alone = time.perf_counter() - started
        started = time.perf_counter()
        for job in [pool.submit(_used, _write, folder, shard) for shard in (2, 3)]:
            job.result()
        together = time.perf_counter() - started
        decode = pool.submit(_used, _decode, folder).result()
    each = people // SHARDS
    rows = [["job", "peak memory, MB", "CPU seconds"]]
    for name, used in (
        (f"read_people, {people:,} people", read),
        (f"write_shard, {each:,} of them", write),
        (f"decode_records, {each:,} of them", decode),
    ):
        rows.append([name, f"{used.memory:.0f}", f"{used.seconds:.1f}"])
    cores = len(os.sched_getaffinity(0))
    speed = f"Two shards side by side on {cores} cores take {together / alone:.2f} of the time of one after the other."
    return f"{table(rows)}\n\n{speed}"


def _annotate(folder: Path, people: int) -> None:
    draw_images(folder, 64)
    path = folder / "annot/train.json"
    drawn = json.loads(path.read_text(encoding="utf-8"))
    entries = []
    for number in range(people):
        entry = drawn[number % len(drawn)]
        name = f"{number:06d}.jpg"
        (folder / "images" / name).symlink_to(entry["image"])
        entries.append({**entry, "image": name})
    path.write_text(json.dumps(entries), encoding="utf-8")


def _used(work: Callable[..., None], *arguments: object) -> Used:
    cv2.setNumThreads(1)
    work(*arguments)
    # Not ru_maxrss, which a process inherits from the one that it was forked from.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines())
    return Used(float(status["VmHWM"].split()[0]) * 1024 / 1e6, time.process_time())


def _read(folder: Path) -> None:
    images = folder / "images"
    source = Source("mpii", folder / "annot/train.json", None, images, images, valid_fraction=0.0, test_fraction=0.0)
    read_source(folder / "people.npz", source=source, split="train", labels=MPII)


def _write(folder: Path, shard: int) -> None:
    make_shard(
        folder / f"{shard}.tfrecord",
        folder / f"{shard}.json",
        people=folder / "people.npz",
        images=folder / "images",
        shard=shard,
        shards=SHARDS,
        input_size=SIZE,
        margin=MARGIN,
    )


def _decode(folder: Path) -> None:
    manifest = folder / "manifest.json"
    write_manifest(
        manifest, [folder / "0.json"], people=folder / "people.npz", annotations=[], settings={}, max_skipped=0
    )
    files = folder / "crops.npy", folder / "crops.npz"
    write_crops(*files, manifest=manifest, shards=[folder / "0.tfrecord"], input_size=SIZE, margin=MARGIN)
