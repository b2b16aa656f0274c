"""Crops of a few people in shades of grey, batches of them, and their bytes."""

import numpy as np

from evocnn.dataset.augmentation import Augmentation
from evocnn.dataset.crops import Crops
from evocnn.network.batches import Batches
from evocnn.pose.skeleton import Skeleton
from evocnn.tasks.pose import Pose

HANDS = Pose(Skeleton(joints=("right", "left", "nose"), pairs=((0, 1),), limbs=(), groups={}, scored=(0, 1, 2)))
LIVELY = Augmentation(scale=0.25, rotation=30, flip=0.5)


def crowd(people):
    """Crops of 24 pixels for an input of 16; the grey of each is its number."""
    rng = np.random.default_rng(0)
    grey = np.arange(people, dtype=np.uint8)[:, None, None, None]
    return Crops(
        pixels=np.broadcast_to(grey, (people, 24, 24, 4)),
        joints=rng.uniform(4, 20, (people, 3, 2)).astype(np.float32),
        visible=rng.random((people, 3)) < 0.8,
        normaliser=np.ones(people, np.float32),
        category=np.zeros(people, int),
        rows=np.arange(people),
        to_image=np.tile(np.eye(2, 3), (people, 1, 1)),
        images=np.array([f"{i}.jpg" for i in range(people)]),
        margin=4,
    )


def busy(people=12, batch_size=4):
    """Crops with a picture of their own each, so that every pixel of a batch tells."""
    pixels = np.random.default_rng(5).integers(0, 256, (people, 24, 24, 4), dtype=np.uint8)
    crops = Crops(**{**vars(crowd(people)), "pixels": pixels})
    return Batches(crops, HANDS, LIVELY, batch_size, seed=3)


def one_by_one(training, epochs):
    return [array.tobytes() for number in range(epochs * training.steps) for array in training.batch(number)]


def from_dataset(training, epochs):
    return [array.tobytes() for arrays in training.dataset(epochs).as_numpy_iterator() for array in arrays]
