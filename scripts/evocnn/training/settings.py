"""How networks are trained, as the configuration says; without TensorFlow."""

from typing import Annotated, Literal

from pydantic import Field

from evocnn.section import Section

Export = Literal["saved_model", "onnx", "tflite", "tflite_float16", "tflite_int8"]
NetworkId = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
Precision = Literal["float32", "mixed_float16", "mixed_bfloat16"]


class TrainingSettings(Section):
    """The section `training`. Every field changes what a training gives, so a changed value trains again."""

    epochs: int = Field(2, ge=1, le=100_000, description="Maximum number of epochs.")
    patience: int = Field(
        2,
        ge=2,
        description="Epochs without a better score on search-valid after which a training ends. Scores are noisy, so "
        "1 is refused.",
    )
    min_delta: float = Field(
        0.0,
        ge=0,
        le=100,
        description="A score counts as better when it exceeds the best one by more than this. The weights of the last "
        "better epoch are used. Percentage points.",
    )
    batch_size: int = Field(16, ge=1, le=65_536, description="People per training step.")
    learning_rate: float = Field(
        0.004,
        gt=0,
        le=1,
        description="Highest learning rate of Adam, reached after the warm-up. It then falls to 0 along a cosine.",
    )
    warmup: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of all steps of `epochs` in which the learning rate rises linearly. Fraction; 0 disables "
        "the warm-up.",
    )
    weight_decay: float = Field(
        0.0,
        ge=0,
        le=10,
        description="Decoupled weight decay (AdamW): each step subtracts this share, times the learning rate, from "
        "every kernel. Biases and normalisation do not decay. 0 disables it.",
    )
    clip_norm: float | None = Field(
        1.0,
        gt=0,
        description="Maximum global norm of the gradients; longer gradients are scaled. null disables clipping.",
    )
    label_smoothing: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of each target that is spread evenly over heatmap cells, bins of SimCC, or classes. Other "
        "heads are not smoothed. Fraction; 0 disables it.",
    )
    sigma: float = Field(1.0, gt=0, description="Standard deviation of a target's Gaussian, in heatmap cells.")
    scale: float = Field(
        0.15,
        ge=0,
        le=0.9,
        description="Augmentation: standard deviation of the relative size, cut off at ± this value.",
    )
    rotation: float = Field(
        15.0,
        ge=0,
        le=90,
        description="Augmentation: standard deviation of the rotation, cut off at ± twice this value. Degrees.",
    )
    flip: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Augmentation: probability that an image is mirrored. null means 0.5 for poses, whose left and "
        "right joints change places, and 0 for classes, because a mirrored image may be of another class.",
    )
    shift: float = Field(
        0.0,
        ge=0,
        le=0.5,
        description="Augmentation: the farthest that an image moves along each axis, by whole pixels that are all "
        "equally likely. Fraction of the input; 0 disables it.",
    )
    cutout: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Augmentation: side of a grey square at a random place of each image (cutout). Fraction of the "
        "input; 0 disables it.",
    )
    remat: bool = Field(
        False,
        description="Whether the backward pass recomputes activations instead of storing them, where that saves "
        "memory. Results are equal up to the order of sums; steps take longer (docs/benchmarks/memory.md).",
    )
    precision: Precision = Field(
        "float32",
        description="Number format of the computation. The mixed formats compute in 16 bits and store weights in 32 "
        "bits; on a CPU they gain little (docs/benchmarks/precision.md).",
    )
    xla: bool = Field(
        False,
        description="Whether XLA compiles the training steps. The first step then takes long "
        "(docs/benchmarks/precision.md).",
    )
    inherit: bool = Field(
        False,
        description="Whether an individual starts from its first parent's weights where they fit (docs/training.md). "
        "The final training starts from random weights in any case.",
    )
    latency: bool = Field(
        False,
        description="Whether the latency of each trained network is measured on the machine that trained it, for one "
        "image and for a batch of 32. Objectives may then use latency_ms.",
    )
    tensorboard: bool = Field(
        False, description="Whether each training writes logs for TensorBoard beside its fitness, in tensorboard/."
    )
    threads: int = Field(
        1,
        ge=1,
        description="Threads of one training. On a CPU the same number gives the same result; another number changes "
        "the order of sums.",
    )

    def flip_for(self, task: str) -> float:
        """Probability that an image is mirrored, for "pose" or "classification"."""
        return (0.5 if task == "pose" else 0.0) if self.flip is None else self.flip


class FinalSettings(Section):
    """The section `final`: the finalists, and what their trainings have instead of the values of `training`."""

    finalists: int = Field(
        3,
        ge=1,
        le=100,
        description="Individuals that are trained in full after the search: the best by its score, then those that the "
        "predictor expects to score highest. The one with the best score on search-valid is the final network.",
    )
    individuals: tuple[NetworkId, ...] = Field(
        (),
        description="Network ids of tables/individuals.csv that are trained in full instead of those finalists, for "
        "example the cheap ones of a front. Empty leaves the choice to the rule above.",
    )
    epochs: int = Field(6, ge=1, le=100_000, description="Maximum number of epochs.")
    patience: int = Field(
        5, ge=2, description="Epochs without a better score on search-valid after which the training ends."
    )
    weights: str | None = Field(
        None,
        description="Model (.keras) that the finalists start from, for example of an earlier run. Layers start from "
        "its weights where shapes agree in the order of both networks. null starts from random weights.",
    )
    flip_test: bool = Field(
        False,
        description="Whether the final network and baselines are scored on test by what they predict for each crop and "
        "for its mirror image on average. It takes twice the time of a prediction. Heads of your own cannot do it.",
    )
    exports: tuple[Export, ...] = Field(
        ("saved_model", "onnx", "tflite", "tflite_float16", "tflite_int8"),
        description="Formats of the final network beside model.keras and the predictors; each file is scored on test. "
        "tflite_float16 has weights of 16 bits, tflite_int8 computes in integers of 8 bits.",
    )
