"""People of noise: for measurements that do not depend on what the pixels show."""

import numpy as np

from evocnn.dataset.crops import Crops


def noise_crops(people: int, side: int, joints: int, seed: int) -> Crops:
    """Crops (people, side, side, 4) without a margin, all joints visible."""
    rng = np.random.default_rng(seed)
    return Crops(
        pixels=rng.integers(0, 256, (people, side, side, 4), np.uint8),
        joints=rng.uniform(0, side, (people, joints, 2)).astype(np.float32),
        visible=np.ones((people, joints), bool),
        normaliser=np.full(people, side / 4, np.float32),
        category=np.zeros(people, np.int64),
        to_image=np.tile(np.eye(2, 3), (people, 1, 1)),
        images=np.array([str(number) for number in range(people)]),
        rows=np.arange(people),
        margin=0,
    )
