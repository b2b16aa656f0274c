"""Adam with decoupled weight decay, as few operations: they are traced anew in every training."""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from evocnn.network.precision import scaled
from evocnn.training.settings import TrainingSettings


class FusedAdam(keras.optimizers.Adam):
    """Keras's Adam with one operation of TensorFlow's per variable instead of about twenty.

    Kernels decay as in AdamW (Loshchilov & Hutter, ICLR 2019), before each step and by weight decay × learning rate;
    biases and the weights of normalisation, which have one axis, do not.

    Args:
        learning_rate: or a schedule.
        kernel_decay: 0 for none. Keras's own `weight_decay` would work out the schedule once per variable.
        clip_norm: greatest norm of all gradients together; None for any.
    """

    def __init__(self, learning_rate: Any, kernel_decay: float = 0.0, clip_norm: float | None = None) -> None:
        super().__init__(learning_rate, global_clipnorm=clip_norm)
        self.kernel_decay = kernel_decay

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[Any] | None = None) -> None:
        """Work out what all variables share, and update them."""
        step = tf.cast(self.iterations + 1, tf.float32)
        self._powers = tf.pow(self.beta_1, step), tf.pow(self.beta_2, step)
        super().apply(grads, trainable_variables)

    def update_step(self, gradient: Any, variable: tf.Variable, learning_rate: Any) -> None:
        """Update one variable."""
        rate = tf.cast(learning_rate, variable.dtype)
        if self.kernel_decay and variable.shape.rank > 1:
            variable.assign_sub(variable * (self.kernel_decay * rate))
        at = self._get_variable_index(variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[at].value.handle,
            v=self._velocities[at].value.handle,
            beta1_power=self._powers[0],
            beta2_power=self._powers[1],
            lr=rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=tf.cast(gradient, variable.dtype),
        )

    def get_config(self) -> dict[str, Any]:
        """What makes it again."""
        rate = super().get_config()["learning_rate"]
        return {"learning_rate": rate, "kernel_decay": self.kernel_decay, "clip_norm": self.global_clipnorm}


def optimizer_for(model: keras.Model, training: TrainingSettings, ends: Sequence[int]) -> keras.optimizers.Optimizer:
    """The optimizer of a training, built: inside `fit` it would be traced twice.

    Args:
        model: what it will train.
        training: how.
        ends: steps after which the learning rate is 0, the last of them the end of the training.
    """
    adam = FusedAdam(schedule(training, ends), training.weight_decay, training.clip_norm)
    optimizer = scaled(adam, training.precision)
    optimizer.build(model.trainable_variables)
    return optimizer


def schedule(training: TrainingSettings, ends: Sequence[int]) -> keras.optimizers.schedules.LearningRateSchedule:
    """The learning rate by step: a straight line up, and half a cosine down to 0 (Loshchilov & Hutter, ICLR 2017).

    With several ends there is one such cycle until each, as in that paper: networks are compared at the ends, where a
    high rate would hide what they have learned. With w steps of warm-up, step s from 0 of a cycle has (s + 1) / (w + 1)
    of the highest rate, so that no step is lost.

    Args:
        training: how it is trained.
        ends: steps after which the rate is 0, in increasing order.
    """
    begins = [0, *ends[:-1]]
    cycles = [_cycle(training, end - begin) for begin, end in zip(begins, ends, strict=True)]
    return cycles[0] if len(cycles) == 1 else Restarts(begins, cycles)


class Restarts(keras.optimizers.schedules.LearningRateSchedule):
    """Schedules one after another.

    Args:
        begins: the step that each begins at, in increasing order, from 0.
        cycles: schedules.
    """

    def __init__(
        self, begins: Sequence[int], cycles: Sequence[keras.optimizers.schedules.LearningRateSchedule]
    ) -> None:
        super().__init__()
        self.begins, self.cycles = tuple(begins), tuple(cycles)

    def __call__(self, step: Any) -> Any:
        """The rate of a step."""
        rate = self.cycles[0](step)
        for begin, cycle in zip(self.begins[1:], self.cycles[1:], strict=True):
            rate = tf.where(step >= begin, cycle(step - begin), rate)
        return rate

    def get_config(self) -> dict[str, Any]:
        """What makes it again."""
        return {"begins": self.begins, "cycles": self.cycles}


def _cycle(training: TrainingSettings, steps: int) -> keras.optimizers.schedules.CosineDecay:
    warmup = round(training.warmup * steps)
    if not warmup:
        return keras.optimizers.schedules.CosineDecay(training.learning_rate, steps)
    return keras.optimizers.schedules.CosineDecay(
        training.learning_rate / (warmup + 1),
        max(steps - warmup, 1),
        warmup_target=training.learning_rate,
        warmup_steps=warmup,
    )
