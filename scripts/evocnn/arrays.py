"""Files of named arrays (.npz) with a checksum over every byte, in the comment that a zip may end with.

Any reader of .npz files reads them; numpy alone would notice damage in some of their bytes only.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evocnn.files import replacing

DIGITS = 64
LENGTH = DIGITS.to_bytes(2, "little")
NO_COMMENT = b"\0\0"


def write_arrays(path: Path, arrays: Mapping[str, Any]) -> None:
    """Write arrays by their names, completely or not at all. Equal arrays give equal bytes."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    content = buffer.getvalue()
    with replacing(path) as temporary:
        temporary.write_bytes(content.removesuffix(NO_COMMENT) + LENGTH + _checksum(content))


def read_arrays(path: Path, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Read arrays by their names from a file of `write_arrays`.

    Raises:
        ValueError: a byte of the file is another than was written, or an array is missing. The message says what is
            wrong, and neither names the file nor says what to do.
        OSError: the file cannot be read.
    """
    sealed = path.read_bytes()
    content, length, checksum = sealed[: -DIGITS - 2], sealed[-DIGITS - 2 : -DIGITS], sealed[-DIGITS:]
    if length != LENGTH or checksum != _checksum(content + NO_COMMENT):
        raise ValueError("its content does not match its checksum")
    with np.load(io.BytesIO(content + NO_COMMENT)) as file:
        if missing := [name for name in names if name not in file]:
            raise ValueError(f"{', '.join(missing)} is missing")
        return {name: file[name] for name in names}


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
