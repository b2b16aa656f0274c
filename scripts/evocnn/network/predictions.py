"""Predictions as a CSV file: one row per person and joint, in pixels of the person's image."""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops
from evocnn.files import replacing
from evocnn.pose.geometry import inverse, transform
from evocnn.pose.skeleton import Skeleton


def write_predictions(
    path: Path, joints: NDArray[np.floating], confidences: NDArray[np.floating], crops: Crops, skeleton: Skeleton
) -> None:
    """Write joints (N, J, 2), given in pixels of the network's input, in 0-based pixels of the images.

    Columns: person (row of the split's crops), image, joint, x, y, confidence (0 to 1).
    """
    places = transform(crops.to_image, joints.astype(np.float64) + crops.margin)
    people, count = confidences.shape
    table = pd.DataFrame(
        {
            "person": np.repeat(np.arange(people), count),
            "image": np.repeat(crops.images, count),
            "joint": np.tile(np.array(skeleton.joints), people),
            "x": places[..., 0].ravel(),
            "y": places[..., 1].ravel(),
            "confidence": confidences.ravel(),
        }
    )
    with replacing(path) as temporary:
        table.to_csv(temporary, index=False, float_format="%.4f")


def read_predictions(path: Path, crops: Crops) -> NDArray[np.float64]:
    """Joints (N, J, 2) in pixels of the crops, from a file of `write_predictions`."""
    table = pd.read_csv(path)
    people, joints = crops.joints.shape[:2]
    places = table[["x", "y"]].to_numpy().reshape(people, joints, 2)
    return transform(inverse(crops.to_image), places)
