"""A trained network with what lies beside it, applied to squares of pictures."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from evocnn.dataset.boxes import Box
from evocnn.dataset.people import box_square
from evocnn.dataset.records import cut, whole_square
from evocnn.network.predict import flip_tested, outputs_of
from evocnn.pose.decoders import DECODERS
from evocnn.pose.flip import TURNS
from evocnn.pose.geometry import inverse, transform
from evocnn.pose.skeleton import Skeleton
from evocnn.space.own_code import own_decoders
from evocnn.tasks import calibration as calibrations
from evocnn.tasks import model_metadata as metadata
from evocnn.tasks.task import task_of

Part = tuple[NDArray[np.uint8], Box | None]
"""A picture (H, W, 3), and the box of somebody in it; None for the whole picture."""
BATCH = 8


class Finder:
    """Predicts with a model (.keras) and what lies beside it.

    Args:
        model: the file.
        heads: Python file with the table HEADS of a model that has a head of its own; it is run.
        flip_test: whether to average over each picture and its mirror image, in twice the time.

    Raises:
        ValueError: there is no `model.json` beside the model, one of both is damaged, a head is not known, or has to be
            turned back for the flip test and is not built in.
    """

    def __init__(self, model: Path, heads: Path | None = None, *, flip_test: bool = False) -> None:
        beside = model.with_name(metadata.NAME)
        if not beside.is_file():
            raise ValueError(
                f"{model}: expected {metadata.NAME} beside it, as in the folder final/ of a run; name that one"
            )
        about = metadata.read_metadata(beside)
        own = own_decoders(heads) if heads else {}
        built_in = DECODERS if isinstance(about.labels, Skeleton) else {"classification"}
        if about.heads[0] not in {*built_in, *own}:
            raise ValueError(
                f"{model}: its head {about.heads[0]} is not built in for its labels; name the Python file that has it "
                "with --heads"
            )
        if flip_test and not {*about.heads} <= {*TURNS}:
            raise ValueError(
                f"{model}: its heads are {', '.join(about.heads)}, and the flip test knows {', '.join(TURNS)} only; "
                "leave out --flip-test"
            )
        self.labels = about.labels
        calibration = model.with_name(calibrations.NAME)
        self.calibration = calibrations.read_calibration(calibration) if calibration.is_file() else None
        self.on_boxes = isinstance(about.labels, Skeleton)
        self.input_size = about.input_size
        self._task = task_of(about.labels, own)
        try:
            loaded = keras.models.load_model(model, compile=False)
        except Exception as error:  # what loading arbitrary bytes raises cannot be foreseen
            raise ValueError(
                f"{model}: expected a model of Keras, found what cannot be loaded; name another"
            ) from error
        self._outputs = outputs_of(loaded, BATCH)
        if flip_test:
            self._outputs = flip_tested(self._outputs, self.input_size, self._task.mirror)

    def find(self, parts: Sequence[Part]) -> list[NDArray[np.float64]]:
        """Of each of up to `BATCH` parts: joints (J, 3), x and y in pixels of the picture and confidence, or the
        probabilities of classes (C,)."""
        squares = [whole_square(pixels) if box is None else _square(box) for pixels, box in parts]
        cuts = [cut(pixels, *square, self.input_size) for (pixels, _), square in zip(parts, squares, strict=True)]
        outputs = self._outputs(np.stack([crop for crop, _ in cuts]))
        predicted = self._task.decode(outputs, self.input_size).astype(np.float64)
        if not isinstance(self.labels, Skeleton):
            return list(predicted)
        return [
            np.concatenate([transform(inverse(to_crop), joints[:, :2]), joints[:, 2:]], -1)
            for joints, (_, to_crop) in zip(predicted, cuts, strict=True)
        ]


def _square(box: Box) -> tuple[NDArray[np.float64], float]:
    center, side = box_square(*box)
    return np.array(center), side
