"""The process of a training, from within: it dies with its supervisor, keeps to its memory, and says how it ended."""

import ctypes
import json
import os
import resource
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from evocnn.processes.guard import SIGNALS

FINISHED, FAILED, OUT_OF_MEMORY = 0, 1, 77
"""Codes that a training's process leaves with."""
NO_MEMORY = ("RESOURCE_EXHAUSTED", "Out of memory", "ALLOC_FAILED")
"""What errors of TensorFlow say where a GPU has no memory left, by TensorFlow itself, cuDNN and cuBLAS."""

LOOKS = 0.05
"""Seconds between two looks at the own memory."""
REPORT_BYTES = 4000
"""Of an error's text, at most: a pipe takes it without anybody reading."""

_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Work:
    """What a training's process does.

    Attributes:
        call: the function to call; it imports what its supervisor must not import.
        environment: variables to set before anything is imported.
        memory_limit_mb: of memory that is not backed by files (10⁶ bytes); None for no limit.
    """

    call: Callable[[], None]
    environment: Mapping[str, str] = field(default_factory=dict)
    memory_limit_mb: float | None = None


def carry_out(work: Work, report: int, parent: int) -> NoReturn:
    """Do the work and leave the process at once, without the clean-up of its libraries.

    Args:
        work: what to do.
        report: descriptor to write to why it went wrong, as JSON.
        parent: process that this one must not outlive.
    """
    code = FAILED
    try:
        _settle(parent)
        os.environ.update(work.environment)
        tempfile.tempdir = None  # it may have been asked for before TMPDIR was set
        if work.memory_limit_mb is not None:
            threading.Thread(target=_watch_memory, args=(work.memory_limit_mb, report), daemon=True).start()
        work.call()
        code = FINISHED
    except BaseException as error:
        code = OUT_OF_MEMORY if is_out_of_memory(error) else FAILED
        _report(report, f"{type(error).__name__}: {error}")
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError as error:  # the log's disk is full
                _report(report, f"{type(error).__name__}: {error}")
                code = FAILED
        os._exit(code)


def resident_mb(pid: int | str = "self") -> float:
    """Memory in MB (10⁶ bytes) of a process that no file backs; 0 where it has ended.

    Mapped files, such as the crops, do not count: the kernel can let go of them at any time.
    """
    try:
        resident, shared = Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1:3]
    except OSError:
        return 0.0
    return (int(resident) - int(shared)) * _PAGE_MB


def peak_mb(pid: int | str = "self") -> float:
    """Most memory in MB (10⁶ bytes) that a process has had, mapped files included; 0 where it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    # Not `ru_maxrss`, which a process inherits from the one that has forked it.
    return next((int(line.split()[1]) * 1.024e-3 for line in status.splitlines() if line.startswith("VmHWM:")), 0.0)


def _settle(parent: int) -> None:
    """Be ended by the supervisor alone, and with it, however it dies."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # a terminal and a scheduler send them to supervisor and child alike
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    if _libc.prctl(_DIE_WITH_PARENT, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it died in between
        os._exit(FAILED)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no core file among the results


def _watch_memory(limit: float, report: int) -> None:
    """End the process where it takes more than allowed.

    A limit on the address space (RLIMIT_AS) would end in a segmentation fault inside of oneDNN, like any crash.
    """
    while True:
        resident = resident_mb()
        if resident > limit:
            _report(report, f"{resident:.0f} MB were in use, expected at most {limit:.0f} MB")
            os._exit(OUT_OF_MEMORY)
        time.sleep(LOOKS)


def is_out_of_memory(error: BaseException) -> bool:
    """On a GPU, other errors also say so: cuDNN tries its algorithms, and none has room to work in."""
    tensorflow = sys.modules.get("tensorflow")
    kinds = (MemoryError, *([tensorflow.errors.ResourceExhaustedError] if tensorflow else []))
    of_tensorflow = tensorflow is not None and isinstance(error, tensorflow.errors.OpError)
    return isinstance(error, kinds) or (of_tensorflow and any(words in str(error) for words in NO_MEMORY))


def _report(report: int, text: str) -> None:
    os.write(report, json.dumps(text[:REPORT_BYTES]).encode() + b"\n")
