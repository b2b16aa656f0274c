"""Operations and heads of the user's own, from the Python file that a space names."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evocnn.extensions import file_inside, read_table
from evocnn.pose.decoders import Decoder
from evocnn.space.heads import Head
from evocnn.space.operations import Operation


def read_own_code(path: Path, name: str | None) -> tuple[Mapping[str, Operation], Mapping[str, Head]]:
    """Operations and heads of the user's own.

    Args:
        path: the space's YAML file.
        name: of the Python file beside it; None for a space without code of its own.

    Raises:
        ValueError: there is no such file, or its tables hold what is neither; see `read_table`.
    """
    if name is None:
        return {}, {}
    file = file_inside(path, "operations", name)
    if not file.is_file():
        raise ValueError(f"{path}: operations is {name}, and there is no {file}; correct the path")
    operations = read_table(file, "OPERATIONS", _is_operation, "Operation")
    dotted = next((name for name in operations if "." in name), None)
    if dotted:
        raise ValueError(f"{file}: found the operation '{dotted}', expected a name without a point; rename it")
    return operations, _own_heads(file)


def own_decoders(file: Path) -> dict[str, Decoder]:
    """Decoders of the heads in a Python file with a table HEADS, by name.

    Raises:
        ValueError: see `read_table`.
    """
    return {name: head.decode for name, head in _own_heads(file).items() if head.decode}


def _own_heads(file: Path) -> Mapping[str, Head]:
    return read_table(file, "HEADS", _is_own_head, "Head with a loss, and with decode where it predicts")


def _is_operation(value: Any) -> bool:
    return isinstance(value, Operation) and callable(value.build)


def _is_own_head(value: Any) -> bool:
    return (
        isinstance(value, Head)
        and all(map(callable, (value.build, value.loss)))
        and (not value.predicts or callable(value.decode))
        and value.task in ("pose", "classification")
    )
