"""Locks that no process leaves behind, however it dies, and that a child may hold together with its parent."""

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from evocnn.processes.guard import Guard

POLL = 0.2
"""Seconds between two looks at a lock that somebody else holds."""


class Held:
    """A lock that is held.

    Attributes:
        path: of its file.
        descriptor: whoever inherits it holds the lock as well; the lock is free when all have closed it or ended.
    """

    def __init__(self, path: Path, **notes: float) -> None:
        """Take a lock at once.

        Args:
            path: of its file.
            notes: what the file is to say beside who holds the lock.

        Raises:
            Timeout: somebody else holds it.
        """
        descriptors: list[int] = []
        # filelock's own descriptor is closed in a forked child; a duplicate is not.
        self._lock = FileLock(
            path, timeout=0, thread_local=False, on_acquired=lambda held: descriptors.append(os.dup(held))
        )
        self._lock.acquire()
        self.path, self.descriptor = path, descriptors[0]
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, json.dumps({"pid": os.getpid(), "host": platform.node(), **notes}).encode(), 0)

    def release(self) -> None:
        """Let go, for those as well who have inherited it."""
        os.close(self.descriptor)
        self._lock.release()


def holder(path: Path) -> str:
    """Who holds a lock, in words."""
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        return f"process {owner['pid']} on {owner['host']}"
    except (OSError, ValueError, KeyError):
        return "another process"


@contextmanager
def held(path: Path, guard: Guard) -> Iterator[Held]:
    """Hold a lock, when need be after whoever holds it now, who is named in the log.

    Raises:
        Interrupted: see `Guard`.
    """
    said = False
    while True:
        try:
            lock = Held(path)
            break
        except Timeout:
            guard.check()
            if not said:
                print(f"{holder(path)} is at work here, as {path} tells: waiting for it to end.", flush=True)
                said = True
            time.sleep(POLL)
    try:
        yield lock
    finally:
        lock.release()


__all__ = ["POLL", "Held", "Timeout", "held", "holder"]
