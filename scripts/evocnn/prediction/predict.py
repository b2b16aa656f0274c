"""A trained network applied to people's own pictures, videos or camera."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from evocnn.dataset.boxes import Box
from evocnn.drawing.overlay import draw_class, draw_people
from evocnn.labels import Labels
from evocnn.pose.skeleton import Skeleton
from evocnn.prediction.finder import BATCH, Finder
from evocnn.prediction.frames import Frame, Source, numbered
from evocnn.prediction.overlays import Overlays
from evocnn.prediction.read_ahead import read_ahead
from evocnn.prediction.results import Broken, Predicted, write_results

Boxes = Mapping[str | int, Sequence[Box]]
"""By name of the picture, or by its number; see `numbered`."""
Seen = Callable[[Iterable[Frame]], Iterable[Frame]]


def predict(
    output: Path, finder: Finder, source: Source, boxes: Boxes | None = None, shown: Seen = iter
) -> tuple[list[Predicted], list[Broken]]:
    """Predict for all frames of a source, and write the results and overlays/.

    A frame that cannot be used stops no other. An interruption (Ctrl-C) ends the source; what was predicted until then
    is written.

    Args:
        output: folder to write to; see `write_results` and `Overlays`.
        finder: the network.
        source: the frames.
        boxes: where people are; None for one person, or object, per frame, who fills it.
        shown: passes the frames on, and shows that it does.

    Returns:
        What was predicted, and the pictures that are broken.
    """
    predicted: list[Predicted] = []
    broken: list[Broken] = []
    with Overlays(output / "overlays", source.rate) as overlays:
        try:
            for frame, people in by_batches(finder, shown(read_ahead(source, BATCH)), boxes):
                if frame.pixels is None:
                    broken.append(Broken(frame.name, frame.problem))
                    continue
                predicted += people
                overlays.write(frame, _drawn(frame, people, finder.labels))
        except KeyboardInterrupt:
            print(f"interrupted: the results of {len(predicted)} predictions are written")
    write_results(output, predicted, broken, finder.labels, finder.calibration)
    return predicted, broken


def by_batches(finder: Finder, frames: Iterable[Frame], boxes: Boxes | None) -> Iterator[tuple[Frame, list[Predicted]]]:
    """Each frame with what was predicted for it, in batches over frames."""
    waiting: list[tuple[Frame, Sequence[Box | None]]] = []
    for frame in frames:
        waiting.append((frame, _boxes_in(frame, boxes)))
        # Frames in which nobody is count too: their pixels are in memory.
        if sum(max(1, len(of_frame)) for _, of_frame in waiting) >= BATCH:
            yield from _of_batch(finder, waiting)
            waiting = []
    yield from _of_batch(finder, waiting)


def _boxes_in(frame: Frame, boxes: Boxes | None) -> Sequence[Box | None]:
    if frame.pixels is None:
        return ()
    if boxes is None:
        return (None,)
    number = numbered(frame.name)
    return boxes.get(frame.name) or (boxes.get(number, ()) if number is not None else ())


def _of_batch(
    finder: Finder, waiting: Sequence[tuple[Frame, Sequence[Box | None]]]
) -> Iterator[tuple[Frame, list[Predicted]]]:
    parts = [(frame.pixels, box) for frame, boxes in waiting for box in boxes if frame.pixels is not None]
    batches = (finder.find(parts[at : at + BATCH]) for at in range(0, len(parts), BATCH))
    values = chain.from_iterable(batches)
    for frame, boxes in waiting:
        height, width = frame.pixels.shape[:2] if frame.pixels is not None else (0, 0)
        yield frame, [Predicted(frame.name, frame.number, box, (width, height), next(values)) for box in boxes]


def _drawn(frame: Frame, people: Sequence[Predicted], labels: Labels) -> np.ndarray:
    assert frame.pixels is not None
    if isinstance(labels, Skeleton):
        return draw_people(frame.pixels, np.array([person.output for person in people]), labels)
    picture = frame.pixels
    for one in people:
        best = int(one.output.argmax())
        picture = draw_class(picture, one.box, f"{labels.classes[best]} {one.output[best]:.0%}")
    return picture
