"""What the process of a training job does: it builds the network, trains it, and writes the results."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from evocnn.dataset.crops import Crops, read_crops
from evocnn.evolution.fitness import write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import read_offspring
from evocnn.files import replacing
from evocnn.inheritance.files import weights_file
from evocnn.inheritance.lineage import Inheritance
from evocnn.inheritance.transfer import Weights, inherited
from evocnn.inheritance.weight_files import write_weights
from evocnn.network.start import Start, weights_from
from evocnn.network.train import Trained, train, uncompiled
from evocnn.processes.devices import set_up_devices
from evocnn.space.decode import decode
from evocnn.space.genes import Value
from evocnn.space.heads import Head
from evocnn.space.network import Network
from evocnn.space.space import Space
from evocnn.space.space_file import read_space
from evocnn.tasks.task import Task, read_task
from evocnn.training.job import Baseline, Evolved, TrainingJob, training_seed
from evocnn.training.network_cost import network_cost


def carry_out(job: TrainingJob, gpu_memory_mb: int | None) -> None:
    """Train the network of a job and write its results.

    The folder `weights`, where it is wanted, stays empty where the training did not end as "ok".

    Args:
        job: what to train; its results go to `job.results`, its state to `job.state`.
        gpu_memory_mb: memory of the GPU to use; None for all of it, or for the CPU.

    Raises:
        ValueError: the individual's genome is not what it was when it was bred.
    """
    devices = set_up_devices(gpu_memory_mb)
    source, results = job.source, job.results
    space = None if isinstance(source, Baseline) else read_space(source.space_files[0])
    own_heads = space.own_heads if space else {}
    task = read_task(job.data.labels, own_heads)
    on = _Training(job, task, own_heads, read_crops(*job.data.train), read_crops(*job.data.valid))
    if isinstance(source, Baseline):
        network = source.network(job.data.labels, job.seed)
        trained = on.train(network, results["history"], resumed=True, start=_given_start(job))
    else:
        assert space
        trained = _train_individual(on, source, space)
    fitness = replace(trained.fitness, provenance={**trained.fitness.provenance, "device": ", ".join(devices) or "cpu"})
    if folder := results.get("weights"):
        folder.mkdir(parents=True, exist_ok=True)
        if fitness.status == "ok":
            write_weights(weights_file(folder, job.network_id), trained.weights, job.network_id)
    if model := results.get("model"):
        with replacing(model) as temporary:
            uncompiled(trained.model).save(temporary)
    write_fitness(results["fitness"], fitness)


@dataclass(frozen=True)
class _Training:
    """What all trainings of a job share: several where weights of ancestors are needed that were deleted."""

    job: TrainingJob
    task: Task
    own_heads: Mapping[str, Head]
    train_crops: Crops
    valid_crops: Crops

    def train(
        self,
        network: Network,
        history: Path,
        *,
        resumed: bool,
        genes: Mapping[str, Value] | None = None,
        start: Start | None = None,
    ) -> Trained:
        """Train a network; where it is the one of the job (`resumed`) with its state and its logs."""
        job = self.job
        return train(
            network,
            self.train_crops,
            self.valid_crops,
            self.task,
            job.settings,
            seed=training_seed(job.seed, network.network_id),
            history=history,
            own_heads=self.own_heads,
            tensorboard=job.results.get("tensorboard") if resumed else None,
            genes=genes,
            start=start,
            state=job.state if resumed else None,
            key=job.state_key if resumed else "",
            ends=job.stage.ends if job.stage else (),
            until=job.stage.until if job.stage and resumed else None,
        )


def _given_start(job: TrainingJob) -> Start | None:
    return weights_from(job.start) if job.start else None


def _train_individual(on: _Training, source: Evolved, space: Space) -> Trained:
    individual = read_offspring(source.file, space).individuals[source.number]
    inheritance = Inheritance(*source.inherited) if source.inherited else None
    history = on.job.results["history"]
    return _Lineage(on, source.file, space).train(individual, inheritance, history, resumed=True)


@dataclass(frozen=True)
class _Lineage:
    """Trainings of an individual, and of those of its ancestors whose weights were deleted."""

    on: _Training
    file: Path
    space: Space

    def train(
        self, individual: Individual, inheritance: Inheritance | None, history: Path, *, resumed: bool
    ) -> Trained:
        """Train an individual from its parent's weights, or from random ones where it inherits nothing."""
        network = self.network(individual)
        parent = inheritance.parent(individual, self.space) if inheritance else None
        start: Start | None = _given_start(self.on.job) if resumed else None
        if inheritance and parent:
            start = _Start(self, individual, parent, inheritance)
        genes = dict(zip(self.space.gene_names, individual.genome, strict=True))
        trained = self.on.train(network, history, resumed=resumed, genes=genes, start=start)
        provenance = {**trained.fitness.provenance, "inherited_from": parent.network_id if parent else None}
        return replace(trained, fitness=replace(trained.fitness, provenance=provenance))

    def retrain(self, ancestor: Individual, inheritance: Inheritance | None) -> Weights:
        """Weights of an ancestor, which is trained again for them."""
        with TemporaryDirectory() as folder:
            return self.train(ancestor, inheritance, Path(folder) / "history.csv", resumed=False).weights

    def network(self, individual: Individual) -> Network:
        """What an individual's genome decodes to.

        Raises:
            ValueError: it is not what it was when the individual was bred.
        """
        labels, settings = self.on.task.labels, self.on.job.settings
        input_size = self.on.train_crops.input_size
        network = decode(individual.genome, self.space, input_size=input_size, outputs=labels.outputs, task=labels.task)
        predicted = network_cost(network, settings)
        if network.network_id != individual.network_id or predicted != individual.cost:
            raise ValueError(
                f"{self.file}: the genome of {individual.network_id} decodes to network {network.network_id} of "
                f"{predicted}, expected {individual.cost}: the file is damaged, or was bred with another version, "
                "space or input size; delete it, or name a new experiment"
            )
        return network


@dataclass(frozen=True)
class _Start:
    """From random weights of a child to those that it starts from: its parent's where they fit."""

    lineage: _Lineage
    child: Individual
    parent: Individual
    inheritance: Inheritance

    def __call__(self, random: Weights) -> Weights:
        known = self.inheritance.weights_of(self.parent, self.child, self.lineage.retrain)
        return inherited(self.lineage.network(self.parent), self.lineage.network(self.child), known, random)
