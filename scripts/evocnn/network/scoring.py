"""What is looked at after every epoch: the score on search-valid, whether the training has diverged, the time."""

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import keras
import numpy as np

from evocnn.dataset.crops import Crops
from evocnn.evolution.fitness import WORST
from evocnn.files import finite
from evocnn.network.predict import predictor
from evocnn.tasks.task import Task


class Clock:
    """Seconds by phase.

    Args:
        before: of earlier attempts.
        phase: that begins now.
    """

    def __init__(self, before: Mapping[str, float], phase: str) -> None:
        self._seconds, self._phase, self._since = dict(before), phase, time.perf_counter()

    def turn_to(self, phase: str) -> None:
        """Begin another phase."""
        self._seconds, self._phase, self._since = self.seconds, phase, time.perf_counter()

    @property
    def seconds(self) -> dict[str, float]:
        """Until now."""
        elapsed = time.perf_counter() - self._since
        return {**self._seconds, self._phase: self._seconds.get(self._phase, 0.0) + elapsed}


class ScoreOnValid(keras.callbacks.Callback):
    """Score search-valid after every epoch: `score` joins the epoch's logs for the callbacks that follow.

    So do the `learning_rate`, and the seconds that `scoring` has taken.

    Attributes:
        score: what the last epoch's score consists of.
        diverged: whether the loss, a weight or an output has become NaN or infinite; it ends the training.
    """

    def __init__(self, plain: keras.Model, valid: Crops, task: Task, batch_size: int, clock: Clock) -> None:
        super().__init__()
        self.plain = plain
        self.valid, self.task, self.batch_size, self.clock = valid, task, batch_size, clock
        self.score: dict[str, Any] = {}
        self.diverged = False

    def on_train_begin(self, logs: Any = None) -> None:
        """Compile once."""
        self.predict = predictor(self.plain, self.batch_size, self.task)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Predict, decode, score."""
        started = time.perf_counter()
        self.clock.turn_to("score")
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        logs["score"] = WORST
        try:
            _check(logs["loss"], self.plain)
            score = self.task.score(self.predict(self.valid), self.valid)
            self.score, logs["score"] = finite(asdict(score)), score.mean
        except FloatingPointError as error:
            print(f"Epoch {epoch + 1}: {error}; the training has diverged.", flush=True)
            self.diverged = self.model.stop_training = True
        logs["scoring"] = time.perf_counter() - started
        self.clock.turn_to("fit")


def _check(loss: float, model: keras.Model) -> None:
    if not np.isfinite(loss):
        raise FloatingPointError("the loss is NaN or infinite")
    wrong = next(
        (weight.path for weight in model.weights if not np.isfinite(keras.ops.convert_to_numpy(weight)).all()), None
    )
    if wrong:
        raise FloatingPointError(f"the weights of {wrong} are NaN or infinite")
