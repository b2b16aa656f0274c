"""CSV files of a run, checked when they are read."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def read_csv(path: Path, columns: Sequence[str], dtype: Mapping[str, Any] | None = None) -> "pd.DataFrame":
    """Read a CSV file of a run.

    Args:
        path: the file.
        columns: those that it has to have.
        dtype: types of columns, for pandas.

    Raises:
        ValueError: the file is damaged or lacks a column; the text names it and says what to do.
    """
    import pandas as pd  # takes long to import

    remedy = f"delete {path} and run snakemake again"
    try:
        table = pd.read_csv(path, dtype=dtype)
    except ValueError as error:
        damage = " ".join(str(error).split())
        raise ValueError(f"{path}: expected CSV, found damage ({damage}); {remedy}") from error
    if missing := [column for column in columns if column not in table.columns]:
        raise ValueError(f"{path}: the columns {', '.join(missing)} are missing; {remedy}")
    return table
