"""Drills: a search that is disturbed at random, compared with the same search undisturbed."""

import csv
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml
from monkey import DAMAGED, DISK_FULL, disturb, plan
from user import User

OF_THE_MACHINE = ("seconds", "samples_per_second")
TIMED = (".html", ".zip", ".keras", ".md", "individuals.csv", "summary.txt", "model.json")
"""Endings of files that say how long something took, or when they were written."""
EXPORTED = (".onnx", ".pb", "variables.index", ".data-00000-of-00001")
"""Endings of files whose makers name things anew each time; model.tflite has the same weights, to the byte."""


@dataclass(frozen=True)
class Drill:
    """What has become of a disturbed search.

    Attributes:
        events: how often each has happened.
        user: who has carried it through.
        trainings: individuals of the search, and finalists.
        different: files that are not as in the undisturbed search, or are there in one of the two only.
        same: how many are, to the byte; and how many but for times and names.
        left: processes, locks and halves of files that are left.
        planned: jobs that Snakemake would still run.
        seconds: of wall time, disturbed and undisturbed.
    """

    events: Counter[str]
    user: User
    trainings: int
    different: Sequence[str]
    same: tuple[int, int]
    left: Sequence[str]
    planned: str
    seconds: tuple[float, float]

    @property
    def flawless(self) -> bool:
        """Whether nothing was lost, repeated, or left behind."""
        return not (self.different or self.left or self.user.repeated or "Nothing to be done" not in self.planned)


def drill(folder: Path, configfile: Path, *, kills: int, seed: int, disk_full: bool) -> Drill:
    """Run a search alone, and again with a monkey.

    Args:
        folder: gets both.
        configfile: of the search.
        kills: how many.
        seed: of the monkey.
        disk_full: whether to fill the disk, which must be a small one: see `small_disk`.
    """
    config = yaml.safe_load(configfile.read_text(encoding="utf-8"))
    evolution, finalists = config["evolution"], config["final"]["finalists"]
    trainings = evolution["population"] + (evolution["generations"] - 1) * evolution["offspring"] + finalists
    seconds, users = [], [User(folder / name, [configfile]) for name in ("undisturbed", "disturbed")]
    for user in users:
        user.folder.mkdir(exist_ok=True)
    alone, disturbed = users
    began = time.monotonic()
    alone.until(lambda: False)
    seconds.append(time.monotonic() - began)
    rng = random.Random(seed)
    events = plan(rng, kills, [*DAMAGED, *([DISK_FULL] if disk_full else [])])
    began = time.monotonic()
    happened = disturb(disturbed, rng, events, trainings)
    seconds.append(time.monotonic() - began)
    different, same = compare(alone.folder / "results", disturbed.folder / "results")
    return Drill(
        happened,
        disturbed,
        trainings,
        different,
        same,
        [*left_behind(disturbed.folder)],
        disturbed.ask("--dry-run"),
        (seconds[1], seconds[0]),
    )


def compare(one: Path, other: Path) -> tuple[list[str], tuple[int, int]]:
    """Files that differ, and how many are the same: to the byte, and but for time and machine."""
    names = [{path.relative_to(folder) for path in folder.rglob("*") if path.is_file()} for folder in (one, other)]
    different = [str(name) for name in names[0] ^ names[1]]
    to_the_byte = otherwise = 0
    for name in names[0] & names[1]:
        if (one / name).read_bytes() == (other / name).read_bytes():
            to_the_byte += 1
        elif name.name.endswith((*TIMED, *EXPORTED)) or _matches(one / name) == _matches(other / name):
            otherwise += 1
        else:
            different.append(str(name))
    return sorted(different), (to_the_byte, otherwise)


def left_behind(folder: Path) -> Iterator[str]:
    """Processes that work in a folder or were started for it, and locks and halves of files in it."""
    for process in psutil.process_iter():
        try:
            if any(str(folder) in text for text in (process.cwd(), *process.cmdline())):
                yield f"process {process.pid}"
        except psutil.Error:
            continue
    for pattern in ("results/**/*.lock", "results/**/state", "results/**/.*.partial*", ".snakemake/locks/*"):
        yield from (str(path.relative_to(folder)) for path in folder.glob(pattern))


def figures(done: Drill) -> list[list[str]]:
    """Rows of a table."""
    events = [[event, f"{count}"] for event, count in sorted(done.events.items())]
    user, (to_the_byte, otherwise) = done.user, done.same
    return [
        ["what", "how often"],
        *events,
        ["**in all**", f"**{done.events.total()}**"],
        ["`snakemake` typed", f"{user.commands}"],
        ["`snakemake --unlock`, as its message says", f"{user.unlocked}"],
        ["damaged file deleted, as the message says", f"{len(user.deleted)}"],
        ["trainings of the search", f"{done.trainings}"],
        ["processes that trained", f"{len(user.started)}"],
        ["finished trainings done again", f"{len(user.repeated)}"],
        ["files equal to those of the undisturbed search, to the byte", f"{to_the_byte}"],
        ["… but for times and names in them", f"{otherwise}"],
        ["files that differ, or are missing", f"{len(done.different)}"],
        ["processes, locks, and halves of files left", f"{len(done.left)}"],
        ["wall time over that of the undisturbed search", f"{done.seconds[0] / done.seconds[1]:.1f}"],
    ]


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of its own for a folder; False where it cannot be had."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}M", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        print(f"The disk is not filled, for want of a small one: {mounted.stderr.strip()}", file=sys.stderr)
    try:
        yield not mounted.returncode
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def _matches(path: Path) -> Any:
    """What a file says without what it says of the machine and the time."""
    if path.name == "fitness.json":
        document = json.loads(path.read_text(encoding="utf-8"))
        return [document[name] for name in ("status", "objectives", "metrics", "cost")]
    if path.name == "history.csv":
        with path.open(encoding="utf-8") as file:
            return [{k: v for k, v in row.items() if k not in OF_THE_MACHINE} for row in csv.DictReader(file)]
    return path.read_bytes()
