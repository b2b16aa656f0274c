"""MATLAB files of any version as structs: up to 7 by SciPy, 7.3, which is HDF5, by h5py."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray
from scipy.io import loadmat
from scipy.io.matlab import mat_struct

DEEPEST = 16
"""Levels of structs and cells inside of each other; MPII has 7."""
MOST = 20_000_000
"""Values of a file. References of a hostile file can repeat one value without end; MPII has about 4 million."""


def load_mat(path: Path, remedy: str) -> dict[str, Any]:
    """The variables of a file by name. Structs become `mat_struct`, arrays of structs and cells become arrays.

    Raises:
        ValueError: the file is damaged; the text names it, and ends with `remedy`.
    """
    with path.open("rb") as file:
        try:
            # Not squeezed: otherwise an array of one element could not be distinguished from the element.
            return dict(loadmat(file, struct_as_record=False, squeeze_me=False))
        except NotImplementedError:
            pass  # format 7.3
        except Exception as error:  # what a parser raises for arbitrary bytes cannot be foreseen
            raise ValueError(f"{path}: expected a MATLAB file, found damage ({error}); {remedy}") from error
    try:
        with h5py.File(path) as hdf5:
            return _Reader(hdf5).variables()
    except Exception as error:
        raise ValueError(f"{path}: expected a MATLAB file of version 7.3, found damage ({error}); {remedy}") from error


class _Reader:
    """Reads an open file of version 7.3; counts the values that it has read."""

    def __init__(self, file: h5py.File) -> None:
        self.file, self.count = file, 0

    def variables(self) -> dict[str, Any]:
        return {name: self.value(item, 0) for name, item in self.file.items() if not name.startswith("#")}

    def value(self, item: h5py.Group | h5py.Dataset, depth: int) -> Any:
        """A struct or an array of structs from a group; text, numbers or cells from a data set."""
        self.count += 1
        if depth > DEEPEST or self.count > MOST:
            raise ValueError(f"more than {DEEPEST} levels of structs, or more than {MOST} values")
        if isinstance(item, h5py.Group):
            return self.group(item, depth)
        if item.attrs.get("MATLAB_empty"):
            return np.empty((0, 0))
        if _holds_references(item):
            return self.referred(item, depth)
        content = np.asarray(item[()])
        # The attribute says whether 16 bits are a letter. Writers that leave it out use no other numbers of 16 bits.
        if item.attrs.get("MATLAB_class", b"char" if content.dtype == np.uint16 else b"") == b"char":
            return np.array(["".join(map(chr, np.ravel(content)))])
        return content.T

    def group(self, item: h5py.Group, depth: int) -> Any:
        """A struct; an array of structs where each field is a list of references, and none is a cell array."""
        fields = dict(item.items())
        if not fields or not all(map(_is_list_of_structs, fields.values())):
            return _struct({name: self.value(field, depth + 1) for name, field in fields.items()})
        columns = {name: self.referred(field, depth + 1) for name, field in fields.items()}
        rows = zip(*columns.values(), strict=True)
        return _objects([_struct(dict(zip(columns, row, strict=True))) for row in rows])

    def referred(self, item: h5py.Dataset, depth: int) -> NDArray[np.object_]:
        return _objects([self.value(self.file[reference], depth + 1) for reference in np.ravel(item[()])])


def _holds_references(item: h5py.Group | h5py.Dataset) -> bool:
    return isinstance(item, h5py.Dataset) and h5py.check_ref_dtype(item.dtype) is h5py.Reference


def _is_list_of_structs(item: h5py.Group | h5py.Dataset) -> bool:
    return _holds_references(item) and item.attrs.get("MATLAB_class") != b"cell"


def _objects(values: list[Any]) -> NDArray[np.object_]:
    objects = np.empty(len(values), object)
    for at, value in enumerate(values):  # NumPy would take equal shapes apart
        objects[at] = value
    return objects


def _struct(fields: dict[str, Any]) -> mat_struct:
    made = mat_struct()
    made._fieldnames = list(fields)
    for name, value in fields.items():
        setattr(made, name, value)
    return made
