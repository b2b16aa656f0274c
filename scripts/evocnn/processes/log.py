"""Settings of a job's process: its log, and how many threads its libraries may use."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from evocnn.terminal import printable

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


@contextmanager
def logged_to(path: str) -> Iterator[None]:
    """Send everything the job prints to its log file, C++ libraries included; say on an error where it is.

    The error itself goes to the log with its traceback, and to the terminal as one line.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    terminal = os.dup(2)
    with Path(path).open("w", encoding="utf-8") as file:
        sys.stdout.flush()
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield
        except Exception as error:
            line = printable(f"{type(error).__name__}: {error} (more in {path})")
            os.write(terminal, f"{line}\n".encode())
            raise
        finally:
            with suppress(OSError):  # the log's disk may be full
                sys.stdout.flush()
                sys.stderr.flush()


def named_paths(files: Any) -> dict[str, Path]:
    """A job's files by name; those of an option that is off, whose list is empty, are left out."""
    return {name: Path(paths if isinstance(paths, str) else paths[0]) for name, paths in files.items() if paths}


def limit_threads(threads: int) -> None:
    """Let NumPy and TensorFlow use so many threads; to be called before either is imported to have full effect."""
    for variable in THREAD_VARIABLES:
        os.environ[variable] = str(threads)
    # Matrices that NumPy multiplies are small; more threads would be there when the training's process is forked.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "1"
