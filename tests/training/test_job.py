"""What a training job is made of: its network's id, its cost, and the key of everything that its result depends on."""

from pathlib import Path

import pytest

from evocnn.files import read_json, write_json
from evocnn.training.job import Baseline, Evolved, TrainingJob, identified
from evocnn.training.key import Data
from evocnn.training.limits import JobLimits
from evocnn.training.run import run_training
from evocnn.training.settings import TrainingSettings


@pytest.fixture
def job(material, tmp_path):
    """A function from what differs to the identified job."""

    def make(*, offspring: Path = material / "offspring.json", number=0, inherited=(), seed=1, source=None, **settings):
        splits = ((material / f"{split}.npy", material / f"{split}.npz") for split in ("train", "valid"))
        return identified(
            TrainingJob(
                source or Evolved(offspring, number, (material / "space.yaml",), tuple(inherited)),
                Data(material / "labels.yaml", *splits),
                TrainingSettings(**settings),
                seed,
                {"fitness": tmp_path / "fitness.json", "history": tmp_path / "history.csv"},
            )
        )

    return make


def test_the_key_depends_on_everything_that_the_result_depends_on(job):
    keys = [job().key, job(epochs=3).key, job(seed=2).key, job(threads=2).key, job(number=1).key]
    assert job().key == keys[0]
    assert len(set(keys)) == 5


def test_an_individual_has_the_id_and_the_cost_of_its_file(job, material):
    row = read_json(material / "offspring.json", "offspring")["individuals"][1]
    assert (job(number=1).network_id, job(number=1).cost) == (row["network_id"], row["cost"])


def test_a_baseline_has_an_id_and_a_cost_of_its_own(job):
    small, large = (job(source=Baseline("simple_baselines", width, 32)) for width in (0.125, 0.25))
    assert small.network_id != large.network_id
    assert small.cost["params"] < large.cost["params"]
    assert small.key != large.key


def test_where_weights_are_inherited_the_parents_are_a_part_of_the_key(job, material, tmp_path):
    document = read_json(material / "offspring.json", "offspring")
    document["individuals"][0]["lineage"]["parents"] = ["0123456789ab"]
    other = tmp_path / "offspring.json"
    write_json(other, "offspring", document)
    inherited = [tmp_path / "population.json", tmp_path / "weights"]
    assert job(offspring=other, inherited=inherited).key != job(inherited=inherited).key
    assert job(offspring=other).key == job().key  # parents alone change nothing


def test_an_individual_without_a_genome_names_its_file(job, material, tmp_path):
    document = read_json(material / "offspring.json", "offspring")
    del document["individuals"][0]["genome"]
    damaged = tmp_path / "offspring.json"
    write_json(damaged, "offspring", document)
    with pytest.raises(ValueError, match=r"offspring\.json: genome is missing; delete .* and run snakemake again"):
        job(offspring=damaged)


def test_a_place_without_a_network_is_not_trained(job):
    place = job(number=2)
    assert place.network_id == ""
    run_training(place, JobLimits(), {})
    assert read_json(place.outputs["fitness"], "fitness")["status"] == "exhausted"
