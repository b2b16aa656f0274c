"""Imports without what a library takes along only because it happens to be installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def leaving_out(*packages: str) -> Iterator[None]:
    """Let packages seem not to be installed while others are imported; what is there already stays.

    For imports at the start of a process: another thread that imports one of the packages meanwhile would fail.
    """
    absent = [package for package in packages if package not in sys.modules]
    for package in absent:
        sys.modules[package] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for package in absent:
            if sys.modules.get(package) is None:
                sys.modules.pop(package, None)
