"""Predicted people drawn on whole pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.drawing.people import OUTLINE, SUBPIXEL, limb_colours
from evocnn.pose.skeleton import Skeleton

THICKNESS = 1 / 250
"""Of a limb, over the longer side of a picture."""
CLASS_COLOUR = (86, 180, 233)


def draw_people(pixels: NDArray[np.uint8], people: NDArray[np.floating], skeleton: Skeleton) -> NDArray[np.uint8]:
    """A picture (H, W, 3) with the limbs and joints of people (N, J, 2 or more), x and y in its pixels."""
    picture = pixels.copy()
    if not len(people):
        return picture
    width = max(2, round(max(picture.shape[:2]) * THICKNESS))
    # Far outside of the picture OpenCV's fixed-point coordinates would overflow.
    reach = 4 * max(picture.shape[:2])
    points = (np.clip(people[..., :2], -reach, reach) * 2**SUBPIXEL).round().astype(int)
    for person in points:
        for thickness, outline in ((width + 2, True), (width, False)):
            for (a, b), colour in zip(skeleton.limbs, limb_colours(skeleton), strict=True):
                ends = tuple(person[a]), tuple(person[b])
                cv2.line(picture, *ends, OUTLINE if outline else colour, thickness, cv2.LINE_AA, SUBPIXEL)
        for joint in person:
            cv2.circle(picture, tuple(joint), width << SUBPIXEL, OUTLINE, -1, cv2.LINE_AA, SUBPIXEL)
    return picture


def draw_class(
    pixels: NDArray[np.uint8], box: tuple[float, float, float, float] | None, text: str
) -> NDArray[np.uint8]:
    """A picture (H, W, 3) with a text in the upper left corner of a box, x, y, width, height, or of the picture."""
    picture = pixels.copy()
    size = max(picture.shape[:2])
    x, y, width, height = (round(value) for value in box or (0, 0, picture.shape[1] - 1, picture.shape[0] - 1))
    line = max(1, round(size * THICKNESS))
    cv2.rectangle(picture, (x, y), (x + width, y + height), CLASS_COLOUR, line)
    scale = size / 800
    (_, tall), below = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, line)
    for thickness, colour in ((3 * line, OUTLINE), (line, CLASS_COLOUR)):
        place = (x + 2 * line, y + tall + below)
        cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv2.LINE_AA)
    return picture
