"""How to train, as the configuration says; without TensorFlow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Training:
    """How to train.

    Attributes:
        epochs: at most.
        patience: epochs without a better score before training ends.
        batch_size: people per step.
        learning_rate: of Adam at its highest; it falls to 0 along a cosine over all epochs.
        sigma: standard deviation of a target's Gaussian: in cells for heatmaps, in 4 pixels for SimCC's bins.
        scale: see `Augmentation`.
        rotation: see `Augmentation`, in degrees.
        flip: see `Augmentation`.
        remat: whether the backward pass recomputes what the forward pass then need not keep: less memory, more time.
        min_delta: how much better than the best score so far one must be to count as better, in percent.
        warmup: share of all steps, 0 to below 1, in which the learning rate rises in a straight line.
        weight_decay: share of each kernel that is taken away per step, times the learning rate; 0 for none.
        clip_norm: greatest norm of all gradients together; None for any.
        label_smoothing: share of a target that is spread evenly, 0 to below 1; see `LOSSES`.
        precision: "float32", or "mixed_float16" or "mixed_bfloat16", whose weights are kept in 32 bits.
        xla: whether training steps are compiled with XLA.
        latency: whether the trained network's latency is measured.
    """

    epochs: int
    patience: int
    batch_size: int
    learning_rate: float
    sigma: float
    scale: float
    rotation: float
    flip: float
    remat: bool = False
    min_delta: float = 0.0
    warmup: float = 0.0
    weight_decay: float = 0.0
    clip_norm: float | None = None
    label_smoothing: float = 0.0
    precision: str = "float32"
    xla: bool = False
    latency: bool = False
