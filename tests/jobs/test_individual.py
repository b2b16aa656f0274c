"""What a training job is made of: its key, and what it hands to its process."""

from pathlib import Path

import pytest

import evocnn.jobs.individual as individual_module
from evocnn.files import read_json, write_json
from evocnn.jobs.individual import train_individual
from evocnn.jobs.key import Data
from evocnn.jobs.terms import Rules

SETTINGS = {"seed": 1, "threads": 1, "epochs": 2}


@pytest.fixture
def described(material, tmp_path, monkeypatch):
    """A function from what differs to the training that would be run."""
    trainings = []
    monkeypatch.setattr(individual_module, "run_training", lambda training, *_: trainings.append(training))

    def describe(settings=SETTINGS, offspring: Path = material / "offspring.json", inherited=(), number=0):
        splits = ((material / f"{split}.npy", material / f"{split}.npz") for split in ("train", "valid"))
        train_individual(
            {"fitness": tmp_path / "fitness.json", "history": tmp_path / "history.csv"},
            offspring=offspring,
            number=number,
            space_files=[material / "space.yaml"],
            data=Data(material / "labels.yaml", *splits),
            inherited=inherited,
            settings=settings,
            rules=Rules(),
            environment={},
        )
        return trainings[-1]

    return describe


def test_the_key_is_that_of_all_that_the_result_depends_on(described):
    keys = [
        described().key,
        described(settings={**SETTINGS, "epochs": 3}).key,
        described(settings={**SETTINGS, "seed": 2}).key,
        described(settings={**SETTINGS, "threads": 2}).key,
        described(number=1).key,
    ]
    assert described().key == keys[0]
    assert len(set(keys)) == 5


def test_where_weights_are_inherited_the_parents_are_a_part_of_the_key(described, material, tmp_path):
    document = read_json(material / "offspring.json", "offspring")
    document["individuals"][0]["lineage"]["parents"] = ["0123456789ab"]
    other = tmp_path / "offspring.json"
    write_json(other, "offspring", document)
    heirs = [
        described(offspring=path, inherited=[tmp_path / "p", tmp_path / "w"])
        for path in (other, material / "offspring.json")
    ]
    assert heirs[0].key != heirs[1].key
    assert described(offspring=other).key == described().key  # parents alone change nothing
    assert heirs[0].arguments["inherited"] == (tmp_path / "p", tmp_path / "w")
    assert heirs[0].arguments["training"] == {"epochs": 2}


def test_an_individual_without_a_genome_names_its_file(described, material, tmp_path):
    document = read_json(material / "offspring.json", "offspring")
    del document["individuals"][0]["genome"]
    damaged = tmp_path / "offspring.json"
    write_json(damaged, "offspring", document)
    with pytest.raises(ValueError, match=r"offspring\.json: genome is missing; delete .* and run snakemake again"):
        described(offspring=damaged)
