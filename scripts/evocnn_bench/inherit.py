"""How many epochs a child needs to get as far as its parent, with its parent's weights and without."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean, median

import keras
import pandas as pd

from evocnn.dataset.crops import Crops
from evocnn.dataset.toy import render_toy
from evocnn.evolution.variation import mutate
from evocnn.inheritance.transfer import inherited
from evocnn.network.train import Trained, train
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.genes import Genome
from evocnn.space.network import Network
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import read_task
from evocnn.training.settings import TrainingSettings
from evocnn_bench.data import MPII, prepare
from evocnn_bench.document import table

SPACE = Path(__file__).resolve().parents[2] / "config/spaces/weighted.yaml"
SIZE, PEOPLE, VALID, SEED, RATE = 64, 480, 240, 1, 0.04
MACS = (2e6, 8e6)
"""Of networks that are taken: neither trivial nor slow."""
SHARE = 0.9
"""Of the parent's score, that a child has to reach."""
TRAINING = TrainingSettings(
    epochs=6,
    patience=6,
    batch_size=16,
    learning_rate=0.004,
    sigma=1.0,
    scale=0.15,
    rotation=15.0,
    flip=0.5,
    clip_norm=1.0,
)


Course = tuple[float, list[float]]
"""The score to reach, and those after each epoch."""


@dataclass(frozen=True)
class Pair:
    """Scores after each epoch, and the score to reach."""

    target: float
    anew: list[float]
    inheriting: list[float]


def bench_inherit(folder: Path, *, pairs: int = 10, training: TrainingSettings = TRAINING) -> str:
    """Train parents, and their children with and without their weights, as Markdown.

    Args:
        folder: gets the data and the histories.
        pairs: of a random parent and its child by mutation alone.
        training: how all of them are trained.
    """
    made: list[Crops] = []
    for name, people in (("train", PEOPLE), ("valid", VALID)):
        (folder / name).mkdir()
        render_toy(folder / name, train_people=people, valid_people=0, seed=len(made))
        made.append(prepare(folder / name, SIZE).crops)
    result = [_pair(folder / "history.csv", number, made[0], made[1], training) for number in range(pairs)]
    rows = [["", "anew", "inheriting"]]
    rows.append([f"epochs to {SHARE:.0%} of the parent's score, median", *_both(result, _median_epochs)])
    rows.append([f"children that reach it within {training.epochs} epochs", *_both(result, _reaching)])
    for epoch in sorted({1, 2, training.epochs}):
        rows.append([f"score after epoch {epoch}, mean", *_both(result, partial(_mean_score, epoch=epoch))])
    return table(rows)


def draw_pair(number: int, space: Space) -> tuple[Network, Network]:
    """A random network of the space, and its child by mutation that is another network."""
    rng = random.Random(f"{SEED} {number}")

    def express(genome: Genome) -> Network:
        return decode(genome, space, input_size=SIZE, outputs=16)

    def fits(network: Network) -> bool:
        return MACS[0] <= cost(network, TRAINING.batch_size).macs <= MACS[1]

    while True:
        genome = space.draw(rng)
        parent, child = express(genome), express(mutate(genome, space, RATE, rng))
        if fits(parent) and fits(child) and parent.network_id != child.network_id:
            return parent, child


def epochs_to(scores: list[float], target: float) -> float:
    """The first epoch, from 1, whose score is the target or better; infinite where there is none."""
    return next((epoch for epoch, score in enumerate(scores, 1) if score >= target), float("inf"))


def _pair(history: Path, number: int, learned: Crops, valid: Crops, training: TrainingSettings) -> Pair:
    parent, child = draw_pair(number, read_space(SPACE))
    task = read_task(MPII)
    scores = []

    def fit(network: Network, seed: int, old: Trained | None = None) -> Trained:
        start = partial(inherited, parent, network, old.weights) if old else None
        trained = train(network, learned, valid, task, training, seed=seed, history=history, start=start)
        scores.append(pd.read_csv(history)["score"].tolist())
        keras.backend.clear_session()
        return trained

    trained = fit(parent, 2 * number)
    fit(child, 2 * number + 1)
    fit(child, 2 * number + 1, trained)
    return Pair(SHARE * trained.fitness.objectives["score"], scores[1], scores[2])


def _both(result: list[Pair], describe: Callable[[list[Course]], str]) -> list[str]:
    """What there is to say of children that began anew, and of those that inherited."""
    anew, inheriting = ([(p.target, p.anew) for p in result], [(p.target, p.inheriting) for p in result])
    return [describe(anew), describe(inheriting)]


def _median_epochs(courses: list[Course]) -> str:
    result = median(epochs_to(scores, target) for target, scores in courses)
    return f"{result:g}" if result < float("inf") else f"more than {max(len(scores) for _, scores in courses)}"


def _reaching(courses: list[Course]) -> str:
    return f"{sum(epochs_to(scores, target) < float('inf') for target, scores in courses)} of {len(courses)}"


def _mean_score(courses: list[Course], epoch: int) -> str:
    return f"{fmean(scores[min(epoch, len(scores)) - 1] for _, scores in courses):.1f}"
