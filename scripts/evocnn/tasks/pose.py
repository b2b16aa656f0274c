"""Single-person pose estimation. Predictions are (N, J, 3): x, y in input pixels, confidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evocnn.csv_files import read_csv
from evocnn.dataset.crops import Crops
from evocnn.files import replacing
from evocnn.pose import decoders
from evocnn.pose.decoders import Decoder
from evocnn.pose.geometry import inverse, transform
from evocnn.pose.metric import joint_shares, score_pose
from evocnn.pose.pckh import Score
from evocnn.pose.skeleton import Skeleton
from evocnn.tasks.calibration import Outcomes


@dataclass(frozen=True)
class Pose:
    """The task of a skeleton; see `Task` for its methods.

    Attributes:
        labels: the skeleton.
        own_decoders: of heads that are not built in, by name.
    """

    labels: Skeleton
    own_decoders: Mapping[str, Decoder] = field(default_factory=dict)

    @property
    def metric(self) -> str:
        """PCKh or PCK, with its threshold."""
        return self.labels.metric

    @property
    def mirror(self) -> tuple[int, ...]:
        """See `Skeleton.mirror`."""
        return self.labels.mirror

    def targets(
        self, joints: NDArray[np.floating], visible: NDArray[np.bool_], category: NDArray[np.integer], input_size: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Places (B, J, 2) in fractions of the input, and weights (B, J): 1 where labelled and inside, else 0."""
        inside = np.all((joints >= -0.5) & (joints < input_size - 0.5), axis=-1)
        weights = visible & inside
        places = np.where(weights[..., None], joints / input_size, 0.0)
        return places.astype(np.float32), weights.astype(np.float32)

    def decode(self, outputs: Mapping[str, NDArray[np.floating]], input_size: int) -> NDArray[np.float32]:
        """See `decoders.decode`."""
        return decoders.decode(outputs, input_size, self.own_decoders)

    def score(self, predictions: NDArray[np.floating], crops: Crops) -> Score:
        """PCKh (or PCK) at the skeleton's threshold, or the metric of the user's own.

        Crops keep angles and proportions, so that error over normaliser is the same in the crop as in the image.
        """
        return score_pose(predictions, crops.input_joints, crops.visible, crops.normaliser, self.labels)

    def outcomes(self, predictions: NDArray[np.floating], crops: Crops) -> Outcomes:
        """Of every joint that counts."""
        shares, counted = joint_shares(predictions, crops.input_joints, crops.visible, crops.normaliser, self.labels)
        return predictions[..., 2][counted], shares[counted]

    def trivial_predictions(self, train: Crops, split: Crops) -> dict[str, NDArray[np.floating]]:
        """The mean pose of search-train, and all joints in the middle of the crop."""
        weights = train.visible[..., None].astype(np.float64)
        mean = (np.where(weights > 0, train.input_joints, 0) * weights).sum(0) / np.maximum(weights.sum(0), 1)
        poses = {"mean pose": mean, "centre pose": np.full_like(mean, split.input_size / 2)}
        confident = np.ones((len(mean), 1))
        return {
            name: np.broadcast_to(np.hstack([pose, confident]), (len(split), len(mean), 3))
            for name, pose in poses.items()
        }

    def write(self, path: Path, predictions: NDArray[np.floating], crops: Crops) -> None:
        """A row per person and joint: person, image, joint, x, y, confidence.

        `person` is the row in the annotation file; x and y are 0-based pixels of the image, confidence is 0 to 1.
        """
        import pandas as pd  # here, because trainings never write predictions and start without it

        places = transform(crops.to_image, predictions[..., :2].astype(np.float64) + crops.margin)
        people, count = predictions.shape[:2]
        table = pd.DataFrame(
            {
                "person": np.repeat(crops.rows, count),
                "image": np.repeat(crops.images, count),
                "joint": np.tile(np.array(self.labels.joints), people),
                "x": places[..., 0].ravel(),
                "y": places[..., 1].ravel(),
                "confidence": predictions[..., 2].ravel(),
            }
        )
        with replacing(path) as temporary:
            table.to_csv(temporary, index=False, float_format="%.4f")

    def read(self, path: Path, crops: Crops) -> NDArray[np.float64]:
        """Predictions (N, J, 3), places in pixels of the input again."""
        table = read_csv(path, ["x", "y", "confidence"])
        people, joints = crops.joints.shape[:2]
        if len(table) != people * joints:
            raise ValueError(
                f"{path}: found {len(table)} rows, expected {people * joints}, one for each joint of {people} people; "
                f"delete {path} and run snakemake again"
            )
        places = table[["x", "y"]].to_numpy().reshape(people, joints, 2)
        confidences = table["confidence"].to_numpy().reshape(people, joints, 1)
        return np.concatenate([transform(inverse(crops.to_image), places) - crops.margin, confidences], -1)
