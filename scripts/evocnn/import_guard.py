"""Imports of a library without its optional dependencies, even if these are installed."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def hidden_modules(*packages: str) -> Iterator[None]:
    """Make packages appear not installed inside the `with` block; packages already imported stay available.

    For imports at the start of a process: another thread that imports one of the packages at the same time would fail.
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
