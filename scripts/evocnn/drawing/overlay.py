"""Predicted people drawn on whole pictures."""

import cv2
import numpy as np
from numpy.typing import NDArray

from evocnn.drawing.people import OUTLINE, SUBPIXEL, limb_colours
from evocnn.pose.skeleton import Skeleton

THICKNESS = 1 / 250
"""Of a limb, over the longer side of a picture."""


def draw_people(pixels: NDArray[np.uint8], people: NDArray[np.floating], skeleton: Skeleton) -> NDArray[np.uint8]:
    """A picture (H, W, 3) with the limbs and joints of people (N, J, 2 or more), x and y in its pixels."""
    picture = pixels.copy()
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
