"""Predictions, and what they are of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Expected:
    """What predictions are of.

    Attributes:
        count: number of rows of the annotation file, those that cannot be used included.
        images: image of each usable person, by row.
        joints: names, in the order of the annotations.
        first_pixel: centre of the upper left pixel in the annotation file, and so in HDF5 and JSON: 1 or 0.
    """

    count: int
    images: Mapping[int, str]
    joints: Sequence[str]
    first_pixel: int


@dataclass(frozen=True)
class Predictions:
    """Predictions for the rows of an annotation file.

    Attributes:
        places: (rows, J, 2), x and y in 0-based pixels of the image; they may be not finite.
        given: (rows,), true where there is a prediction.
    """

    places: NDArray[np.float64]
    given: NDArray[np.bool_]
