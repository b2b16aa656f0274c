"""Text for a terminal: names come from other people's files, and none may control it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def printable(text: str) -> str:
    """The text in one line, with characters that control a terminal as escapes: `\\x1b` for ESC."""
    line = " ".join(text.split())
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in line)


@contextmanager
def quiet() -> Iterator[None]:
    """Within the block, nothing is printed to standard error, not by libraries in C either."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        kept = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
