"""Predicted joints as arrays `preds`: the HDF5 of published MPII predictions, and the pred.mat that HRNet and Simple
Baselines write (their lib/dataset/mpii.py)."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from scipy.io import loadmat, savemat

from evocnn.files import replacing
from evocnn.scoring.predictions import Expected, Predictions


def read_hdf5(path: Path, expected: Expected) -> Predictions:
    """Read the dataset `preds`.

    Raises:
        ValueError: the file is damaged, or has no such dataset of this size; the text is one line.
    """
    try:
        with h5py.File(path) as file:
            dataset = file.get("preds")
            if not isinstance(dataset, h5py.Dataset):
                names = ", ".join(map(repr, file)) or "nothing"
                raise ValueError(f"{path}: expected a dataset 'preds', found {names}; name it 'preds'")
            return _of_array(path, dataset, expected)
    except OSError as error:
        raise ValueError(f"{path}: expected HDF5, found damage ({error}); write or fetch the file again") from error


def read_mat(path: Path, expected: Expected) -> Predictions:
    """Read the variable `preds`, the inverse of `write_mat`.

    Raises:
        ValueError: the file is damaged, or has no such variable of this size; the text is one line.
    """
    try:
        content = loadmat(path)
    except Exception as error:  # what a parser raises for arbitrary bytes cannot be foreseen
        damage = " ".join(str(error).split())
        raise ValueError(
            f"{path}: expected MATLAB's format 5, found damage ({damage}); write or fetch the file again"
        ) from error
    if "preds" not in content:
        names = ", ".join(name for name in content if not name.startswith("__")) or "nothing"
        raise ValueError(f"{path}: expected a variable 'preds', found {names}; name it 'preds'")
    return _of_array(path, content["preds"], expected)


def write_mat(path: Path, predictions: Predictions, expected: Expected) -> None:
    """Write predictions as pred.mat: `preds` (rows, J, 2) in the pixels of the annotation file."""
    with replacing(path) as temporary:
        savemat(temporary, {"preds": predictions.places + expected.first_pixel})


def _of_array(path: Path, array: Any, expected: Expected) -> Predictions:
    """From a dataset or an array (rows, J, 2 or more) in the pixels of the annotation file."""
    shape, wanted = array.shape, f"({expected.count}, {len(expected.joints)}, 2 or more) numbers"
    if array.dtype.kind not in "iuf" or shape is None or len(shape) != 3 or shape[2] < 2:
        raise ValueError(f"{path}: 'preds' is {array.dtype} {shape}, expected {wanted}; correct it")
    if shape[:2] != (expected.count, len(expected.joints)):
        raise ValueError(
            f"{path}: 'preds' has the shape {shape}, expected {wanted}, one row for each of the annotation "
            "file's in its order; name the annotations that were predicted, or convert the predictions to .csv"
        )
    places = np.asarray(array[..., :2], np.float64)
    return Predictions(places - expected.first_pixel, np.ones(expected.count, np.bool_))
