"""What published results add to trained networks: other decoding, the flip test, averaged weights."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from scipy.stats import ttest_rel

from evocnn.configuration.model import Configuration
from evocnn.dataset.crops import Crops, read_crops
from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expressed_network, expression
from evocnn.evolution.settings import EvolutionSettings
from evocnn.network.batches import Batches, augmentation_of
from evocnn.network.build import build
from evocnn.network.losses import losses_of
from evocnn.network.normalisation import fused_normalisation
from evocnn.network.optimizer import optimizer_for
from evocnn.network.predict import outputs_of
from evocnn.pose.decoders import decode
from evocnn.pose.flip import turned_back
from evocnn.space.network import Network
from evocnn.space.space_file import read_space
from evocnn.tasks.task import Task, read_task
from evocnn.training.settings import TrainingSettings
from evocnn_bench.document import REPOSITORY, table
from evocnn_bench.places import Maps, dark, highest, quarter

NETWORKS, SEED = 6, 1
DRAWN = 4
"""Networks that are drawn for each that is trained: those with most computing are, which score as finalists do."""
DECAYS = (0.98, 0.99, 0.995)
"""Of averages of weights: over the last 50, 100 and 200 steps, about."""
LAST, OURS = "of the last step", "summit of a parabola"
SHIFT = "flip test, maps moved by a cell"
ALIGNED = "flip test, maps interpolated (`final.flip_test`)"
SAME = 1e-6
"""Standard deviation of differences below which there are none but those of rounding."""
SPLITS = {"valid": "search-valid", "test": "test"}


@dataclass(frozen=True)
class Split:
    """A split, and the maps of a network for it.

    Attributes:
        crops: of the split.
        task: that they are of.
        plain: maps for the crops.
        mirrored: maps for their mirror images, as the network yields them.
    """

    crops: Crops
    task: Task
    plain: Maps
    mirrored: Maps

    def score(self, maps: Maps) -> float:
        """In percent, decoded as everywhere."""
        return self._score(decode({"heatmap": maps}, self.crops.input_size))

    def score_places(self, cells: NDArray[np.floating]) -> float:
        """In percent, of places (N, J, 2) in cells."""
        places = cells * self.crops.input_size / self.plain.shape[2]
        return self._score(np.concatenate([places, np.ones_like(places[..., :1])], -1))

    def turned(self, *, aligned: bool) -> Maps:
        """The mirrored maps turned back: to where cells lie, or reversed and moved by a cell (Wang et al., HRNet)."""
        if aligned:
            return turned_back("heatmap", self.mirrored, input_size=self.crops.input_size, mirror=self.task.mirror)
        reversed_maps = self.mirrored[:, :, ::-1][..., list(self.task.mirror)]
        return np.concatenate([reversed_maps[:, :, :1], reversed_maps[:, :, :-1]], axis=2)

    def _score(self, predictions: NDArray[np.floating]) -> float:
        mean = self.task.score(predictions, self.crops).mean
        assert mean is not None
        return mean


WAYS: Mapping[str, Callable[[Split], float]] = {
    "highest cell": lambda split: split.score_places(highest(split.plain)),
    "a quarter of a cell towards the higher neighbour": lambda split: split.score_places(quarter(split.plain)),
    OURS: lambda split: split.score(split.plain),
    "DARK": lambda split: split.score_places(dark(split.plain)),
    SHIFT: lambda split: split.score((split.plain + split.turned(aligned=False)) / 2),
    ALIGNED: lambda split: split.score((split.plain + split.turned(aligned=True)) / 2),
}
"""From the maps of a network to its score, by name."""


def bench_decoding(records: Path, settings: Configuration, networks: int = NETWORKS) -> str:
    """Train random networks of a search's space as finalists and score them in every way, as Markdown.

    Args:
        records: folder with the crops of each split.
        settings: of the search.
        networks: how many, each with a seed of its own.
    """
    task, training = read_task(REPOSITORY / settings.dataset.labels), settings.final_training
    learned, *others = (
        read_crops(records / name / "crops.npy", records / name / "crops.npz") for name in ("train", *SPLITS)
    )
    crops = dict(zip(SPLITS, others, strict=True))
    scores: dict[tuple[str, str], list[float]] = {}
    for seed, network in enumerate(drawn(settings, task, networks)):
        keras.utils.set_random_seed(seed)
        model = build(network)
        averages = fit(model, learned, task, training, seed)
        for weights, values in averages.items():
            model.set_weights(values)
            for split, of_split in crops.items():
                seen = Split(of_split, task, *maps_of(model, of_split, training.batch_size))
                for way, score in WAYS.items() if weights == LAST else [(OURS, WAYS[OURS])]:
                    name = way if weights == LAST else f"weights averaged, decay {weights}"
                    scores.setdefault((name, split), []).append(score(seen))
        keras.backend.clear_session()
    return f"{networks} networks.\n\n{_table(scores)}"


def drawn(settings: Configuration, task: Task, count: int) -> list[Network]:
    """Networks of a search's space within its limits: the largest of `DRAWN` times as many random ones."""
    space = read_space(REPOSITORY / settings.space)
    outputs = len(task.mirror)
    required = Requirements(settings.dataset.input_size, outputs, "pose", settings.training.batch_size)
    offspring = breed(
        space,
        expression(space, required),
        settings.limits,
        EvolutionSettings(strategy="random"),
        generation=0,
        count=DRAWN * count,
        seed=SEED,
        parents=None,
    )
    largest = sorted(offspring.individuals, key=lambda individual: -individual.cost.macs)[:count]
    return [expressed_network(individual.genome, space, required) for individual in largest]


def fit(
    model: keras.Model, crops: Crops, task: Task, training: TrainingSettings, seed: int
) -> dict[str, list[NDArray[Any]]]:
    """Train a model as a finalist is trained, to the last epoch; its weights then, and averages by their decay."""
    batches = Batches(crops, task, augmentation_of(training, "pose"), training.batch_size, seed)
    losses = losses_of(
        {model.name: 0}, {}, sigma=training.sigma, side=crops.input_size, smoothing=training.label_smoothing
    )
    model.compile(
        optimizer_for(model, training, [training.epochs * batches.steps]), losses[model.name], jit_compile=False
    )
    averages = [Average(decay) for decay in DECAYS]
    with fused_normalisation(model):
        model.fit(
            batches.dataset(training.epochs),
            epochs=training.epochs,
            steps_per_epoch=batches.steps,
            shuffle=False,
            verbose=0,
            callbacks=averages,
        )
    return {LAST: model.get_weights(), **{str(of.decay): of.values() for of in averages}}


class Average(keras.callbacks.Callback):
    """The exponential moving average of a model's weights, those of normalisation included.

    Args:
        decay: share of the average that stays in each step.
    """

    def __init__(self, decay: float) -> None:
        super().__init__()
        self.decay = decay

    def on_train_begin(self, logs: Any = None) -> None:
        """From the first weights."""
        self._means = [tf.Variable(weight.value) for weight in self.model.weights]
        self._follow = tf.function(self._step)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Follow the weights."""
        self._follow()

    def values(self) -> list[NDArray[Any]]:
        """As `set_weights` takes them."""
        return [mean.numpy() for mean in self._means]

    def _step(self) -> None:
        for mean, weight in zip(self._means, self.model.weights, strict=True):
            mean.assign(self.decay * mean + (1 - self.decay) * weight.value)


def maps_of(model: keras.Model, crops: Crops, batch_size: int) -> tuple[Maps, Maps]:
    """What a model yields for all crops, and for their mirror images."""
    outputs = outputs_of(model, batch_size)
    parts = [crops.inputs(slice(at, at + batch_size)) for at in range(0, len(crops), batch_size)]
    plain, mirrored = ([outputs(part[:, :, ::step])["heatmap"] for part in parts] for step in (1, -1))
    return np.concatenate(plain), np.concatenate(mirrored)


def _table(scores: Mapping[tuple[str, str], Sequence[float]]) -> str:
    head = ("", *(f"{name}, {what}" for name in SPLITS.values() for what in ("score", "difference", "p")))
    rows = [head]
    for name in dict.fromkeys(name for name, _ in scores):
        cells: list[str] = []
        for split in SPLITS:
            cells += _compared(scores[name, split], scores[OURS, split])
        rows.append((f"**{name}**" if name == OURS else name, *cells))
    return table(rows)


def _compared(scores: Sequence[float], ours: Sequence[float]) -> tuple[str, str, str]:
    """Mean, the difference of networks from what is done now, and p of a paired t test; "–" where all differ alike."""
    mean = f"{fmean(scores):.1f}"
    if scores is ours:
        return mean, "", ""
    differences = [one - other for one, other in zip(scores, ours, strict=True)]
    spread = stdev(differences)
    p = f"{ttest_rel(scores, ours).pvalue:.3f}" if spread > SAME else "–"
    return mean, f"{fmean(differences):+.1f} ± {spread:.1f}", p
