"""A monkey that kills, fills the disk, flips bytes, and sets back clocks."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil
from user import User

DAY = 86_400
DAMAGED = {
    "byte flipped in a shard": "results/*/records/*/part-*.tfrecord",
    "byte flipped in a fitness file": "results/*/generation-*/individual-*/fitness.json",
    "byte flipped in a population file": "results/*/generation-*/population.json",
    "clock of a file set back": "results/*/generation-*/individual-*/history.csv",
}
DISK_FULL = "disk full"
KILLS = ("training killed", "job killed", "Snakemake killed")


def plan(rng: random.Random, kills: int, others: Sequence[str]) -> list[str]:
    """Names of what will happen, in its order."""
    events = [*rng.choices(KILLS, k=kills), *others]
    rng.shuffle(events)
    return events


def disturb(user: User, rng: random.Random, events: Sequence[str], trainings: int) -> Counter[str]:
    """Let the user carry a search through while things happen, spread over its trainings.

    Returns:
        How often each has happened.
    """
    happened: Counter[str] = Counter()
    for number, event in enumerate(events):
        due = number * trainings // len(events)
        user.until(lambda due=due: user.finished() >= due)
        if event in KILLS:
            happened[event] += _kill(user, rng, event)
        elif event == DISK_FULL:
            happened[event] += _fill_disk(user)
        else:
            happened[event] += _damage(user, rng, event)
    user.until(lambda: False)
    return happened


def _kill(user: User, rng: random.Random, event: str) -> bool:
    """With kill -9, in the middle of a training."""
    moment = time.monotonic() + rng.uniform(0.0, 3.0)
    if not user.until(lambda: user.trainings() and time.monotonic() > moment):
        return False
    trainings, jobs = user.trainings(), user.jobs()
    assert user.process is not None
    targets = {"training killed": trainings, "job killed": jobs, "Snakemake killed": [psutil.Process(user.process.pid)]}
    if not targets[event]:  # it has ended meanwhile
        return _kill(user, rng, event)
    try:
        rng.choice(targets[event]).send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return _kill(user, rng, event)
    return True


def _fill_disk(user: User) -> bool:
    """In the middle of a training, and make room again when the command has given up, or in ten seconds."""
    if not user.until(user.trainings):
        return False
    filler = user.folder / "filler"
    with filler.open("wb") as file, suppress(OSError):  # it is full
        while True:
            os.write(file.fileno(), bytes(100_000))
    end = time.monotonic() + 10
    user.until(lambda: time.monotonic() > end or (user.process and user.process.poll() is not None))
    filler.unlink()
    return True


def _damage(user: User, rng: random.Random, event: str) -> bool:
    """While the search does not run: the user has pressed Ctrl-C."""

    def files() -> list[Path]:
        return sorted(user.folder.glob(DAMAGED[event]))

    if not user.until(files):
        return False
    user.press_ctrl_c()
    path = rng.choice(files())
    if event.startswith("byte"):
        content = bytearray(path.read_bytes())
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
    else:
        before = path.stat().st_mtime - DAY
        os.utime(path, (before, before))
    return True
