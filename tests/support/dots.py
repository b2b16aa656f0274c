"""Two joints that are dots, a network for them, and its training."""

import numpy as np

from evocnn.dataset.crops import Crops, write_labels
from evocnn.network.predict import predictor
from evocnn.network.train import train
from evocnn.pose.skeleton import Skeleton
from evocnn.space.decode import decode
from evocnn.space.space import Section, Space
from evocnn.tasks.pose import Pose
from evocnn.training.settings import TrainingSettings

SIZE = 32
DOTS = Pose(Skeleton(("red", "blue"), (), (), {}, (0, 1), "box", 0.1))
MAPS = {"stride": 4, "filters": 8, "kernel": 4, "activation": "relu"}
SETTINGS = {
    "heatmap": MAPS,
    "integral": MAPS,
    "simcc": {**MAPS, "bins": 2},
    "regression": {},
    "visibility": {},
}
ALONE = ["heatmap", "integral", "simcc", "regression"]
ALL = ["simcc", "heatmap", "regression", "visibility", "integral"]
TRAINING = TrainingSettings(
    epochs=1, patience=9, batch_size=16, learning_rate=0.01, clip_norm=None, scale=0.0, rotation=0.0, flip=0.0
)


def dots(people, seed, missing=0.3):
    """A red dot on black, and a blue one that is missing at times."""
    rng = np.random.default_rng(seed)
    joints = rng.uniform(3, SIZE - 4, (people, 2, 2)).astype(np.float32)
    visible = np.stack([np.ones(people, bool), rng.random(people) >= missing], 1)
    rows, columns = np.mgrid[:SIZE, :SIZE]
    pixels = np.zeros((people, SIZE, SIZE, 4), np.uint8)
    for joint, channel in ((0, 0), (1, 2)):
        x, y = (joints[:, joint, axis, None, None] for axis in (0, 1))
        bright = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * 2**2)) * visible[:, joint, None, None]
        pixels[..., channel] = np.round(255 * bright)
    return Crops(
        pixels=pixels,
        joints=joints,
        visible=visible,
        normaliser=np.full(people, SIZE, np.float32),
        category=np.zeros(people, int),
        to_image=np.tile(np.eye(2, 3), (people, 1, 1)),
        images=np.array([f"{i}.png" for i in range(people)]),
        rows=np.arange(people),
        margin=0,
    )


def network(*heads, weight=None):
    """Three convolutions, which see the whole input, and heads."""
    settings = {name: {**SETTINGS[name], **({} if weight is None else {"weight": weight})} for name in heads}
    stem = {"operation": "conv", "filters": 12, "kernel": 5, "stride": 2, "activation": "relu"}
    block = {"operation": "conv", "filters": 24, "kernel": 5, "stride": 2, "activation": "relu"}
    space = Space(Section(stem, ()), 2, Section(block, ()), {n: Section(s, ()) for n, s in settings.items()}, (2, 8))
    return decode((), space, input_size=SIZE, outputs=2)


def fit(folder, *heads, steps, weight=None, seed=3):
    made, crops = network(*heads, weight=weight), dots(16 * steps, seed=0)
    return train(made, crops, dots(64, seed=1), DOTS, TRAINING, seed=seed, history=folder / "history.csv")


def predict(model, crops):
    return predictor(model, 16, DOTS)(crops)


def error(actual, crops):
    """Mean distance of labelled joints, in pixels; 9.6 for the middle of the input."""
    return np.linalg.norm(actual[..., :2] - crops.joints, axis=-1)[crops.visible].mean()


def save(folder, crops):
    """The files of crops."""
    names = ("joints", "visible", "normaliser", "category", "to_image", "images", "rows", "margin")
    np.save(folder / "pixels.npy", crops.pixels)
    write_labels(folder / "labels.npz", folder / "pixels.npy", **{name: getattr(crops, name) for name in names})
    return folder / "pixels.npy", folder / "labels.npz"
