"""A hand-made run of two generations: real genomes of the tiny space, invented fitness."""

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml

from evocnn.configuration.check import write_configuration
from evocnn.dataset.crops import read_crops, write_labels
from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expressed_network, expression
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.evolution.population import Offspring, Population, write_offspring, write_population
from evocnn.evolution.selection import select
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.files import copy_files, finite, write_json
from evocnn.report.page.report_page import build_report
from evocnn.report.run_files import RunFiles
from evocnn.space.network_file import write_networks
from evocnn.space.space_file import read_space
from evocnn.tasks.calibration import calibrate, write_calibration
from evocnn.tasks.task import read_task

ROOT = Path(__file__).parents[2]
GROUPS = ("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
SCORES = ((40.0, 20.0, None), (30.0, 50.5, 10.0))
"""Per generation and individual, in percent; None for a training that diverged."""


PEOPLE = 9
"""Of the test split."""
HISTORY = "epoch,learning_rate,loss,score\n1,0.01,4.5,8.0\n2,0.005,3.5,9.5\n3,0.0,3.25,9.25\n"


def configuration() -> dict:
    """Of the run: the default with what differs."""
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    config |= {"experiment": "hand_made", "seed": 7, "space": "config/spaces/tiny.yaml"}
    config["dataset"]["input_size"] = 32
    config["evolution"] |= {"strategy": "genetic", "generations": 2, "population": 3, "offspring": 3}
    config["final"]["finalists"] = 2
    return config


@dataclass(frozen=True)
class Run:
    """Files of a run, and what they hold."""

    folder: Path
    space: Path
    labels: Path
    offspring_files: list[Path]
    population_files: list[Path]
    fitness_files: list[Path]
    offspring: list[Offspring]
    populations: list[Population]
    trivial: Path


def reconfigure(run: Run, section: str, **values: object) -> None:
    """Write the configuration of a run anew, with other values in one of its sections."""
    config = configuration()
    config[section] |= values
    write_configuration(run.folder / "config.yaml", config)


def invented(network_id: str, score: float | None) -> Fitness:
    metrics = {"mean": score, "standard_error": 1.25, "per_joint": {}, "groups": dict.fromkeys(GROUPS, score)}
    return Fitness(
        status="diverged" if score is None else "ok",
        objectives={"score": score or 0.0},
        metrics={} if score is None else metrics,
        cost={"params": 1234567, "macs": 2500000, "memory_mb": 900},
        training={
            "epochs": 3,
            "best_epoch": None if score is None else 2,
            "seconds": {"prepare": 1.5, "fit": 10.25, "score": 0.5},
            "samples_per_second": 150.5,
            "peak_memory_mb": 812,
        },
        provenance={"network_id": network_id},
    )


def score(mean: float | None) -> dict:
    return {"mean": mean, "standard_error": 0.75, "per_joint": {}, "groups": {}}


@pytest.fixture
def run(tmp_path) -> Run:
    return make_run(tmp_path / "results" / "hand_made")


def make_run(folder: Path) -> Run:
    """Write the run into a folder."""
    space = read_space(ROOT / "config/spaces/tiny.yaml")
    settings = EvolutionSettings(strategy="genetic", population=2, mutation=(0.2, 0.2))
    required = Requirements(input_size=32, outputs=16, task="pose", batch_size=4)
    offspring: list[Offspring] = []
    populations: list[Population] = []
    files: dict[str, list[Path]] = {"offspring": [], "population": [], "fitness": []}
    for generation, scores in enumerate(SCORES):
        bred = breed(
            space,
            expression(space, required),
            Limits(params=10**9, macs=10**12, memory_mb=10**6),
            settings,
            generation=generation,
            count=len(scores),
            seed=7,
            parents=populations[-1] if populations else None,
        )
        outcomes = [invented(i.network_id, s) for i, s in zip(bred.individuals, scores, strict=True)]
        selected = select(bred, outcomes, populations[-1] if populations else None, space, settings)
        at = folder / f"generation-{generation:03d}"
        write_offspring(at / "offspring.json", bred, space)
        write_networks(at / "networks.json", [expressed_network(i.genome, space, required) for i in bred.individuals])
        write_population(at / "population.json", selected, space)
        files["offspring"].append(at / "offspring.json")
        files["population"].append(at / "population.json")
        for number, outcome in enumerate(outcomes):
            files["fitness"].append(at / f"individual-{number:02d}/fitness.json")
            write_fitness(files["fitness"][-1], outcome)
            if outcome.status == "ok":
                files["fitness"][-1].with_name("history.csv").write_text(HISTORY)
        offspring.append(bred)
        populations.append(selected)
    write_configuration(folder / "config.yaml", configuration())
    originals = (ROOT / "config/spaces/tiny.yaml", ROOT / "config/skeletons/mpii.yaml")
    copies = (folder / "space/tiny.yaml", folder / "labels/mpii.yaml")
    copy_files(originals, copies)
    trivial = folder / "baselines/trivial.json"
    scores = {"mean pose": {"valid": score(12.5), "test": score(11.75)}}
    write_json(trivial, "trivial", {"metric": "PCKh@0.5", "trivial": scores})
    return Run(
        folder=folder,
        space=copies[0],
        labels=copies[1],
        offspring_files=files["offspring"],
        population_files=files["population"],
        fitness_files=files["fitness"],
        offspring=offspring,
        populations=populations,
        trivial=trivial,
    )


@pytest.fixture
def outcome():
    """A function from network id and score to an invented fitness."""
    return invented


@pytest.fixture
def finished(run) -> Run:
    return finish(run)


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Run:
    """A finished run that is only looked at, with its report."""
    run = finish(make_run(tmp_path_factory.mktemp("shown") / "results" / "hand_made"))
    build_report(RunFiles.in_folder(run.folder), run.folder / "report.html")
    return run


def finish(run: Run) -> Run:
    """Give the run a final network, scored on nine people; person n is predicted n pixels too far to the right."""
    records = run.folder / "records/test"
    records.mkdir(parents=True)
    rng = np.random.default_rng(3)
    np.save(records / "crops.npy", rng.integers(0, 255, (PEOPLE, 40, 40, 3), np.uint8))
    write_labels(
        records / "crops.npz",
        records / "crops.npy",
        joints=rng.uniform(6, 34, (PEOPLE, 16, 2)).astype(np.float32),
        visible=np.ones((PEOPLE, 16), bool),
        normaliser=np.full(PEOPLE, 4.0, np.float32),
        category=np.zeros(PEOPLE, int),
        rows=np.arange(PEOPLE),
        to_image=np.tile(np.eye(2, 3), (PEOPLE, 1, 1)),
        images=np.array([f"{n}.jpg" for n in range(PEOPLE)]),
        margin=4,
    )
    crops, task = read_crops(records / "crops.npy", records / "crops.npz"), read_task(run.labels)
    actual = crops.input_joints + np.arange(PEOPLE)[:, None, None] * np.array([1.0, 0.0])
    predictions = np.concatenate([actual, np.ones((PEOPLE, 16, 1))], -1)
    task.write(run.folder / "final/predictions.csv", predictions, crops)
    document = {"metric": task.metric, "test": finite(asdict(task.score(predictions, crops)))}
    write_json(run.folder / "final/score.json", "score", document)
    formats = {"onnx": {"file": "model.onnx", "bytes": 176_400, "mean": 54.5, "standard_error": 0.75}}
    write_json(run.folder / "final/exports.json", "exports", {"metric": task.metric, "formats": formats})
    confidences = np.linspace(0, 1, 40)
    outcomes = confidences, (np.arange(40) % 7 < 7 * confidences).astype(float)
    write_calibration(run.folder / "final/calibration.json", calibrate(task.metric, outcomes, outcomes))
    write_fitness(run.folder / "final/fitness.json", invented(run.populations[-1].best.individual.network_id, 55.0))
    return run


@pytest.fixture
def tables(run) -> tuple[Path, Path]:
    """The two tables of the run."""
    from evocnn.report.tables.individuals import write_tables

    individuals, generations = run.folder / "tables/individuals.csv", run.folder / "tables/generations.csv"
    write_tables(
        individuals,
        generations,
        space=run.space,
        offspring=run.offspring_files,
        populations=run.population_files,
        fitness=run.fitness_files,
    )
    return individuals, generations
