"""A training as one value: what is trained, on what, how, and where its files go."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evocnn.evolution.randomness import stream
from evocnn.files import digest, read_json
from evocnn.labels import read_labels
from evocnn.space.baselines import BASELINES
from evocnn.space.network import Network
from evocnn.training.key import Data, training_key
from evocnn.training.network_cost import network_cost
from evocnn.training.settings import TrainingSettings
from evocnn.training.stage import Stage

CHECKPOINT = "checkpoint"
"""Name of the output that is the state at the end of a stage."""
FOLDERS = ("tensorboard", "weights", CHECKPOINT)
"""Names of outputs that are folders."""


@dataclass(frozen=True)
class Evolved:
    """An individual of the search.

    Attributes:
        file: offspring file, or file of the finalists.
        number: its place there.
        space_files: the space file, and those of its own operations.
        inherited: population file of the parents and folder of their weights; empty where nothing is inherited.
    """

    file: Path
    number: int
    space_files: tuple[Path, ...]
    inherited: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Baseline:
    """A network of the literature.

    Attributes:
        name: see `BASELINES`.
        width: number of filters, relative to the published network.
        input_size: side of its input in pixels.
    """

    name: str
    width: float
    input_size: int

    def network(self, labels: Path, seed: int) -> Network:
        """The network; `seed` is that of the run."""
        return BASELINES[self.name].build(self.width, self.input_size, read_labels(labels).outputs, seed)


@dataclass(frozen=True)
class TrainingJob:
    """A training.

    Attributes:
        source: where its network comes from.
        data: what it learns from.
        settings: how it is trained.
        seed: of the run.
        outputs: files by name, `fitness` and `history`, and `model` (.keras) where the trained network is wanted;
            folders by name, see `FOLDERS`.
        start: model (.keras) whose weights it starts from, where they fit; None for random or inherited weights.
        stage: of a training that pauses at rungs; None for a whole training.
        network_id: of what is trained; "" where breeding has no network for the place.
        cost: of the network.
        key: digest of everything that the result depends on.
        state_key: the same for all stages of a training, which share a state.
    """

    source: Evolved | Baseline
    data: Data
    settings: TrainingSettings
    seed: int
    outputs: Mapping[str, Path]
    start: Path | None = None
    stage: Stage | None = None
    network_id: str = ""
    cost: Mapping[str, Any] | None = None
    key: str = ""
    state_key: str = ""

    @property
    def state(self) -> Path:
        """Folder, beside the outputs, of what an interrupted training leaves, and a finished one does not."""
        return self.outputs["fitness"].parent / "state"

    @property
    def results(self) -> dict[str, Path]:
        """Where the outputs are until the training has ended: inside of the state."""
        return {name: self.state / "result" / path.name for name, path in self.outputs.items()}


def training_seed(seed: int, network_id: str) -> int:
    """Seed of a network's training: a network has one fitness in a run, in whichever generation it is bred.

    Where weights are inherited it has one per parent; but it is not bred twice.
    """
    return stream(seed, network_id, "training").randrange(2**31)


def identified(job: TrainingJob) -> TrainingJob:
    """The job with its network's id and cost, and its key; unchanged where breeding has no network for the place.

    Raises:
        ValueError: the file of its individual is damaged.
    """
    source = job.source
    if isinstance(source, Baseline):
        network = source.network(job.data.labels, job.seed)
        predicted = network_cost(network, job.settings)
        named: dict[str, Any] = {
            "network_id": network.network_id,
            "genome": [source.name, source.width],
            "cost": asdict(predicted),
        }
        return _identified(job, named, (), [])
    rows = read_json(source.file, "offspring", ["individuals"])["individuals"]
    if source.number >= len(rows):
        return job
    row = rows[source.number]
    missing = {"network_id", "lineage", "genome", "cost"} - set(row)
    if missing:
        names = ", ".join(sorted(missing))
        raise ValueError(f"{source.file}: {names} is missing; delete {source.file} and run snakemake again")
    return _identified(job, row, source.space_files, row["lineage"]["parents"] if source.inherited else [])


def _identified(
    job: TrainingJob, row: Mapping[str, Any], space_files: tuple[Path, ...], parents: list[str]
) -> TrainingJob:
    settings = {"seed": job.seed, "parents": parents, **job.settings.model_dump()}
    settings |= {"start": digest(job.start)} if job.start else {}
    settings |= {"ends": job.stage.ends} if job.stage else {}
    key = state_key = training_key(row, space_files, job.data, settings)
    if job.stage:
        key = training_key(row, space_files, job.data, {**settings, "until": job.stage.until})
    return replace(job, network_id=row["network_id"], cost=row["cost"], key=key, state_key=state_key)
