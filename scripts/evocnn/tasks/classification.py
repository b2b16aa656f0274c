"""Image classification. Predictions are (N, C): a probability per class."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evocnn.bootstrap import checked_shares
from evocnn.classification.accuracy import Accuracy, accuracy, score_classes
from evocnn.classification.classes import Classes
from evocnn.csv_files import read_csv
from evocnn.dataset.crops import Crops
from evocnn.extensions import read_metric
from evocnn.files import replacing
from evocnn.tasks.calibration import Outcomes

Decoder = Callable[[NDArray[np.floating], int], NDArray[np.floating]]
"""From a head's raw output and the side of the input to probabilities (B, C)."""


@dataclass(frozen=True)
class Classification:
    """The task of classes; see `Task` for its methods.

    Attributes:
        labels: the classes.
        own_decoders: of heads that are not built in, by name.
    """

    labels: Classes
    own_decoders: Mapping[str, Decoder] = field(default_factory=dict)

    @property
    def metric(self) -> str:
        """See `Classes.metric`."""
        return self.labels.metric

    @property
    def mirror(self) -> tuple[int, ...]:
        """There are no joints."""
        return ()

    def targets(
        self, joints: NDArray[np.floating], visible: NDArray[np.bool_], category: NDArray[np.integer], input_size: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """One-hot classes (B, C), and weights (B,) of 1."""
        return np.eye(len(self.labels.classes), dtype=np.float32)[category], np.ones(len(category), np.float32)

    def decode(self, outputs: Mapping[str, NDArray[np.floating]], input_size: int) -> NDArray[np.float32]:
        """From the logits (B, 1, 1, C) of the head `classification`, or as a head of the user's own says."""
        first = next(iter(outputs))
        if first in self.own_decoders:
            return np.asarray(self.own_decoders[first](outputs[first], input_size), np.float32)
        logits = outputs["classification"][:, 0, 0].astype(np.float64)
        shares = np.exp(logits - logits.max(-1, keepdims=True))
        return (shares / shares.sum(-1, keepdims=True)).astype(np.float32)

    def score(self, predictions: NDArray[np.floating], crops: Crops) -> Accuracy:
        """Accuracy of the most probable class, or the metric of the user's own."""
        if not self.labels.own_metric:
            return accuracy(predictions.argmax(-1), crops.category, self.labels)
        return score_classes(self._shares(predictions, crops), crops.category, self.labels)

    def outcomes(self, predictions: NDArray[np.floating], crops: Crops) -> Outcomes:
        """Of the most probable class of every image."""
        return predictions.max(-1), self._shares(predictions, crops)

    def _shares(self, predictions: NDArray[np.floating], crops: Crops) -> NDArray[np.float64]:
        """How right each image is (N,), 0 to 1."""
        own = self.labels.own_metric
        if not own:
            return (predictions.argmax(-1) == crops.category).astype(np.float64)
        return checked_shares(read_metric(own)(predictions, crops.category), np.ones(len(crops), np.bool_), own)

    def trivial_predictions(self, train: Crops, split: Crops) -> dict[str, NDArray[np.floating]]:
        """The classes as frequent as in search-train."""
        counts = np.bincount(train.category, minlength=len(self.labels.classes))
        return {"most frequent class": np.broadcast_to(counts / counts.sum(), (len(split), len(counts)))}

    def write(self, path: Path, predictions: NDArray[np.floating], crops: Crops) -> None:
        """A row per image: image, class, predicted, and the probability of each class, named after it."""
        import pandas as pd  # here, because trainings never write predictions and start without it

        names = np.array(self.labels.classes)
        table = pd.DataFrame(predictions, columns=list(self.labels.classes))
        table.insert(0, "image", crops.images, allow_duplicates=True)  # a class may have any name
        table.insert(1, "class", names[crops.category], allow_duplicates=True)
        table.insert(2, "predicted", names[predictions.argmax(-1)], allow_duplicates=True)
        with replacing(path) as temporary:
            table.to_csv(temporary, index=False, float_format="%.4f")

    def read(self, path: Path, crops: Crops) -> NDArray[np.float64]:
        """Probabilities (N, C)."""
        return read_csv(path, self.labels.classes).iloc[:, 3:].to_numpy(np.float64)
