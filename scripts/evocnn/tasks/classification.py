"""Image classification. Predictions are (N, C): a probability per class."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evocnn.classification.accuracy import Accuracy, accuracy
from evocnn.classification.classes import Classes
from evocnn.dataset.crops import Crops
from evocnn.files import replacing


@dataclass(frozen=True)
class Classification:
    """The task of classes; see `Task` for its methods."""

    labels: Classes

    @property
    def metric(self) -> str:
        """Always accuracy."""
        return "accuracy"

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
        """From the logits (B, 1, 1, C) of the head `classification`."""
        logits = outputs["classification"][:, 0, 0].astype(np.float64)
        shares = np.exp(logits - logits.max(-1, keepdims=True))
        return (shares / shares.sum(-1, keepdims=True)).astype(np.float32)

    def score(self, predictions: NDArray[np.floating], crops: Crops) -> Accuracy:
        """Accuracy of the most probable class."""
        return accuracy(predictions.argmax(-1), crops.category, self.labels)

    def floors(self, train: Crops, split: Crops) -> dict[str, NDArray[np.floating]]:
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
        import pandas as pd

        return pd.read_csv(path).iloc[:, 3:].to_numpy(np.float64)
