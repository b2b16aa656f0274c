"""The floor: always predict the mean pose of search-train."""

from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.crops import Crops, read_crops
from evocnn.files import finite, write_json
from evocnn.pose.pckh import Score, pckh
from evocnn.pose.skeleton import Skeleton, read_skeleton


def mean_pose(crops: Crops) -> NDArray[np.float64]:
    """Mean place of each joint over the people where it is labelled, (J, 2) in pixels of the network's input."""
    weights = crops.visible[..., None].astype(np.float64)
    return (crops.input_joints * weights).sum(0) / np.maximum(weights.sum(0), 1)


def score_pose(pose: NDArray[np.floating], crops: Crops, skeleton: Skeleton) -> Score:
    """PCKh@0.5 of predicting one pose (J, 2) for everybody."""
    everybody = np.broadcast_to(pose, crops.joints.shape)
    return pckh(everybody, crops.input_joints, crops.visible, crops.head_size, skeleton)


def score_mean_pose(
    output: Path, *, train: tuple[Path, Path], valid: tuple[Path, Path], test: tuple[Path, Path], skeleton: Path
) -> None:
    """Write the scores of the mean pose on search-valid and test; each split is its crops' (.npy, .npz) files."""
    joints = read_skeleton(skeleton)
    pose = mean_pose(read_crops(*train))
    scores = {name: score_pose(pose, read_crops(*files), joints) for name, files in (("valid", valid), ("test", test))}
    write_json(output, "score", {name: finite(asdict(score)) for name, score in scores.items()})
