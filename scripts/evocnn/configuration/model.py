"""The whole configuration: its sections in the order of config/config.yaml, and what follows from them."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from evocnn.dataset.settings import DatasetSettings, DownloadSettings, FileName, Text, ToySettings
from evocnn.evolution.settings import EvolutionSettings, Limits, StrategyName
from evocnn.section import Section
from evocnn.training.limits import JobSettings
from evocnn.training.settings import FinalSettings, TrainingSettings

BaselineName = Literal[
    "simple_baselines", "mobilenet_v2", "hourglass", "evopose2d_xs", "ga_cnn_style", "resnet_20", "resnet_56"
]


def _unique(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise ValueError("expected each value once")
    return values


Unique = AfterValidator(_unique)


class BaselineSettings(Section):
    """The section `baselines`: networks of the literature, trained as the best network is, to compare it with."""

    networks: Annotated[tuple[BaselineName, ...], Unique] = Field(
        (),
        description="Which networks (docs/baselines.md). None by default, because each takes as long as a final "
        "training or longer.",
    )
    width: float = Field(
        1.0, gt=0, le=4, description="Number of filters, relative to the published network, in steps of 8."
    )
    epochs: int | None = Field(
        None,
        ge=1,
        description="Epochs of their trainings. Fewer than final.epochs gives networks equal computing instead of "
        "equal epochs. null means final.epochs.",
    )
    weights: dict[BaselineName, str] = Field(
        {}, description="Models (.keras) that baselines start from, by network, as with final.weights."
    )


class CompareSettings(Section):
    """The section `compare`: the searches of `snakemake compare` (docs/evolution.md)."""

    strategies: Annotated[tuple[StrategyName, ...], Unique] = Field(
        ("random",), min_length=1, description="Strategies that evolution.strategy is compared with."
    )
    seeds: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Unique] = Field(
        (),
        description="Seeds of the searches. Two give a spread, five can show a significant difference. Empty compares "
        "nothing.",
    )


class ReportSettings(Section):
    """The section `report`."""

    drawn_people: int = Field(12, ge=1, le=100, description="People of the test split in the picture of predictions.")


class Configuration(Section):
    """Configuration of a run."""

    experiment: FileName = Field(
        "demo", description="Name of the run; its files go to results/<experiment>. Letters, digits, and . _ -"
    )
    seed: int = Field(2, ge=0, description="Every random draw of the run comes from it.")
    dataset: DatasetSettings = Field(DatasetSettings(), description="What networks learn from.")
    download: dict[FileName, DownloadSettings] = Field(
        {},
        description="Files to fetch, by their name inside dataset.root, each with url, sha256 and unpack. None by "
        "default. See config/download_mpii.yaml.",
    )
    toy: ToySettings = Field(ToySettings(), description="The toy data set, drawn where dataset.root is data/toy.")
    space: Text = Field(
        "config/spaces/default.yaml", description="YAML file of the search space (config/spaces, docs/search-space.md)."
    )
    evolution: EvolutionSettings = Field(EvolutionSettings(), description="The search.")
    limits: Limits = Field(Limits(), description="What a network may cost. Others are never trained.")
    training: TrainingSettings = Field(
        TrainingSettings(),
        description="The training of every individual. Every key changes the result: a changed value trains again.",
    )
    jobs: JobSettings = Field(
        JobSettings(), description="What training jobs may use. No key changes a result: nothing is trained again."
    )
    final: FinalSettings = Field(
        FinalSettings(),
        description="The trainings in full after the search. All other keys are those of `training`.",
    )
    baselines: BaselineSettings = Field(
        BaselineSettings(),
        description="Networks of the literature, trained as the best network is, to compare it with.",
    )
    compare: CompareSettings = Field(
        CompareSettings(),
        description="Searches of `snakemake compare`: evolution.strategy and each of `strategies`, with every seed.",
    )
    report: ReportSettings = Field(ReportSettings(), description="What the report shows.")

    @property
    def final_training(self) -> TrainingSettings:
        """How finalists are trained."""
        return self.training.model_copy(
            update=self.final.model_dump(exclude={"finalists", "individuals", "exports", "weights", "flip_test"})
        )

    @property
    def baseline_training(self) -> TrainingSettings:
        """How baselines are trained: as the best network, for as many epochs as are asked for."""
        epochs = self.baselines.epochs or self.final.epochs
        return self.final_training.model_copy(update={"epochs": epochs, "patience": min(self.final.patience, epochs)})
