"""The state of a training, kept after every epoch, from which an interrupted one goes on bit for bit."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from evocnn.files import digest, replacing
from evocnn.network.history import History
from evocnn.network.scoring import Clock, ScoreOnValid
from evocnn.training.progress import Progress, check_files, read_progress, write_progress

Arrays = list[NDArray[Any]]


class State:
    """Where the state of a training is kept, and how far it had come before.

    Args:
        folder: of the state's files; None keeps nothing.
        key: of everything that the training depends on: a state with another one is not gone on from.

    Attributes:
        progress: at the start; no epochs where there was no state, or none to be trusted.
    """

    def __init__(self, folder: Path | None, key: str) -> None:
        self.folder, self.key = folder, key
        self.progress = Progress()
        if folder is not None:
            try:
                progress = read_progress(folder, key)
                check_files(folder, progress)
                self.progress = progress
            except ValueError as error:
                print(f"The saved state cannot be used, the training starts again: {error}", flush=True)

    def restore(self, model: keras.Model, optimizer: keras.Optimizer) -> Arrays | None:
        """Set all variables to those after the last epoch.

        Returns:
            The weights of the best epoch; None where there is no state.
        """
        if not self.progress.rows:
            return None
        print(f"The training goes on after epoch {len(self.progress.rows)}.", flush=True)
        for variable, value in zip(variables(model, optimizer), self._load("last"), strict=True):
            variable.assign(value)
        best = dict(zip(map(id, variables(model, optimizer)), self._load("best"), strict=True))
        return [best[id(weight)] for weight in model.weights]

    def save(self, progress: Progress, model: keras.Model, optimizer: keras.Optimizer) -> Progress:
        """Keep a state; the one of before stays valid until this one is whole.

        Returns:
            The progress with its files.
        """
        assert self.folder is not None
        last, best = f"epoch-{len(progress.rows):05d}.npz", progress.files.get("best")
        with replacing(self.folder / last) as temporary:
            np.savez(temporary, *(keras.ops.convert_to_numpy(variable) for variable in variables(model, optimizer)))
        file = (last, digest(self.folder / last))
        is_best = progress.best_epoch == len(progress.rows) - 1
        kept = replace(progress, files={"last": file, "best": file if is_best or best is None else best})
        write_progress(self.folder, self.key, kept)
        return kept

    def _load(self, role: str) -> Arrays:
        assert self.folder is not None
        with np.load(self.folder / self.progress.files[role][0]) as arrays:
            return [arrays[f"arr_{number}"] for number in range(len(arrays.files))]


def variables(model: keras.Model, optimizer: keras.Optimizer) -> Sequence[Any]:
    """Everything that a training changes: weights, moving averages, states of random layers, and the optimizer's."""
    measuring = set(map(id, model.metrics_variables))
    return [v for v in model.variables if id(v) not in measuring] + list(optimizer.variables)


class EarlyStopping(keras.callbacks.EarlyStopping):
    """Keras's early stopping on the score, that goes on where an interrupted training was.

    Args:
        patience: epochs without a better score before training ends.
        min_delta: how much better a score must be to count as better, in percent.
        progress: at the start.
        best_weights: of the best epoch so far, None before the first.
    """

    def __init__(self, patience: int, min_delta: float, progress: Progress, best_weights: Arrays | None) -> None:
        super().__init__("score", min_delta, patience, mode="max", restore_best_weights=True)
        self._before, self._best_weights = progress, best_weights

    def on_train_begin(self, logs: Any = None) -> None:
        """Remember."""
        super().on_train_begin(logs)
        if self._before.best_epoch is not None:
            self.best_epoch, self.best_weights = self._before.best_epoch, self._best_weights
            self.best = self._before.rows[self.best_epoch]["score"]
            self.wait = len(self._before.rows) - 1 - self.best_epoch


class Keeping(keras.callbacks.Callback):
    """Gather what the epochs show, and keep the state after each; it comes after the callbacks that it reads.

    Args:
        state: where to.
        scorer: has the scores of the epochs.
        stopping: knows the best epoch.
        history: has a row per epoch.
        clock: of the training.
        epochs: at most.

    Attributes:
        progress: so far, over all attempts.
    """

    def __init__(
        self,
        state: State,
        scorer: ScoreOnValid,
        stopping: EarlyStopping,
        history: History,
        clock: Clock,
        epochs: int,
    ) -> None:
        super().__init__()
        self.state, self.scorer, self.stopping, self.history = state, scorer, stopping, history
        self.clock, self.epochs = clock, epochs
        self.progress = state.progress

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Save, unless the training has diverged: there is nothing to go on from."""
        self.clock.turn_to("save")
        self.progress = replace(
            self.progress,
            rows=tuple(self.history.rows),
            scores=(*self.progress.scores, self.scorer.score),
            best_epoch=self.stopping.best_epoch,
            finished=self.model.stop_training or epoch + 1 == self.epochs,
            seconds=self.clock.seconds,
        )
        if self.state.folder is not None and not self.scorer.diverged:
            self.progress = self.state.save(self.progress, self.model, self.model.optimizer)
        self.clock.turn_to("fit")
