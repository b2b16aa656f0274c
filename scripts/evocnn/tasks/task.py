"""What every task offers; the labels of a data set choose the task."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evocnn.classification.accuracy import Accuracy
from evocnn.dataset.crops import Crops
from evocnn.labels import Labels, read_labels
from evocnn.pose.pckh import Score
from evocnn.pose.skeleton import Skeleton
from evocnn.space.heads import Head
from evocnn.tasks.calibration import Outcomes
from evocnn.tasks.classification import Classification
from evocnn.tasks.pose import Pose


class Task(Protocol):
    """A task; predictions are one array with a row per person, whose other axes are the task's own."""

    @property
    def labels(self) -> Labels:
        """What is predicted."""
        ...

    @property
    def metric(self) -> str:
        """Name of the score, which is in percent, more is better."""
        ...

    @property
    def mirror(self) -> tuple[int, ...]:
        """Index of the joint that stands at each joint's place in a mirrored image."""
        ...

    def targets(
        self, joints: NDArray[np.floating], visible: NDArray[np.bool_], category: NDArray[np.integer], input_size: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Targets and their weights for the loss, from joints (B, J, 2) in pixels of the input."""
        ...

    def decode(self, outputs: Mapping[str, NDArray[np.floating]], input_size: int) -> NDArray[np.float32]:
        """Predictions from raw outputs (B, height, width, channels) by head, the one that predicts first."""
        ...

    def score(self, predictions: NDArray[np.floating], crops: Crops) -> Score | Accuracy:
        """Score predictions for all crops."""
        ...

    def outcomes(self, predictions: NDArray[np.floating], crops: Crops) -> Outcomes:
        """How confident and how right predictions are, those that can be scored."""
        ...

    def trivial_predictions(self, train: Crops, split: Crops) -> Mapping[str, NDArray[np.floating]]:
        """What one predicts for a split without looking at an image, by name."""
        ...

    def write(self, path: Path, predictions: NDArray[np.floating], crops: Crops) -> None:
        """Write predictions for all crops as CSV."""
        ...

    def read(self, path: Path, crops: Crops) -> NDArray[np.float64]:
        """Read what `write` has written."""
        ...


def read_task(path: Path, own_heads: Mapping[str, Head] | None = None) -> Task:
    """The task of a labels file; see `read_labels`.

    Args:
        path: the labels file.
        own_heads: heads of the networks that are not built in, by name; see `Space`.
    """
    return task_of(read_labels(path), {name: head.decode for name, head in (own_heads or {}).items() if head.decode})


def task_of(labels: Labels, own_decoders: Mapping[str, Any]) -> Task:
    """The task of labels.

    Args:
        labels: a skeleton, or classes.
        own_decoders: of heads that are not built in, by name; see `Head.decode`.
    """
    return Pose(labels, own_decoders) if isinstance(labels, Skeleton) else Classification(labels, own_decoders)
