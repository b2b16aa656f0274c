"""Files of the evolution: read as written, refused when damaged or foreign."""

import json
from dataclasses import replace

import pytest

from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expression
from evocnn.evolution.fitness import Fitness, read_fitness, write_fitness
from evocnn.evolution.population import (
    Population,
    Survivor,
    read_offspring,
    read_population,
    write_offspring,
    write_population,
)
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.files import read_json, write_json

LIMITS = Limits(params=10**9, macs=10**12, memory_mb=10**6)


@pytest.fixture
def offspring(tiny_space):
    settings = EvolutionSettings(strategy="genetic", population=2)
    return breed(
        tiny_space,
        expression(tiny_space, Requirements(32, 5, "pose", 4)),
        LIMITS,
        settings,
        generation=0,
        count=4,
        seed=1,
        parents=None,
    )


@pytest.fixture
def population(offspring):
    survivors = tuple(
        Survivor(individual, 10.5 - n, (10.5 - n, -3.25)) for n, individual in enumerate(offspring.individuals[:2])
    )
    statistics = {"survivors": {"best": 10.5, "median": 10.0, "worst": 9.5}, "offspring": None, "accepted": 2}
    state = {"since": 2, "operators": {"swap": [4, 1]}, "known": [[[8.0, 10.5], [1, "conv"]]]}
    return Population(
        3, survivors[0], survivors, statistics, state, tuple(sorted(i.network_id for i in offspring.individuals))
    )


@pytest.fixture
def files(tmp_path, offspring, population, tiny_space):
    write_offspring(tmp_path / "offspring.json", offspring, tiny_space)
    write_population(tmp_path / "population.json", population, tiny_space)
    return {
        "offspring": (tmp_path / "offspring.json", read_offspring),
        "population": (tmp_path / "population.json", read_population),
    }


KINDS = pytest.mark.parametrize("kind", ["offspring", "population"])


def test_offspring_are_read_as_written(files, offspring, tiny_space):
    path, read = files["offspring"]
    assert read(path, tiny_space) == offspring


def test_a_population_is_read_as_written(files, population, tiny_space):
    path, read = files["population"]
    assert read(path, tiny_space) == population


@KINDS
def test_written_again_it_is_the_same_file(files, kind, tiny_space, tmp_path):
    path, read = files[kind]
    write = {"offspring": write_offspring, "population": write_population}[kind]
    write(tmp_path / "again.json", read(path, tiny_space), tiny_space)
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


@KINDS
def test_damage_names_the_file(files, kind, tiny_space):
    path, read = files[kind]
    path.write_text(path.read_text()[:-20])
    with pytest.raises(ValueError, match=rf"{kind}\.json: expected JSON, found damage .*; delete .* and run snakemake"):
        read(path, tiny_space)


@KINDS
def test_another_schema_version_names_the_file(files, kind, tiny_space):
    path, read = files[kind]
    path.write_text(json.dumps({**json.loads(path.read_text()), "schema_version": 99}))
    with pytest.raises(ValueError, match=rf"{kind}\.json: found schema_version 99, expected 1; delete"):
        read(path, tiny_space)


@KINDS
def test_another_space_names_the_file(files, kind, default_space):
    path, read = files[kind]
    with pytest.raises(ValueError, match=rf"{kind}\.json: the genomes do not belong to the space: .*new experiment"):
        read(path, default_space)


def test_another_kind_names_the_file(files, tiny_space):
    with pytest.raises(ValueError, match=r"population\.json: expected a file of kind 'offspring'"):
        read_offspring(files["population"][0], tiny_space)


@KINDS
@pytest.mark.parametrize("damage", ["generation", "rows", "lineage"])
def test_a_missing_part_names_the_file(files, kind, damage, tiny_space):
    path, read = files[kind]
    document = read_json(path, kind)
    rows = "individuals" if kind == "offspring" else "survivors"
    if damage == "lineage":
        del document[rows][0]["lineage"]
    else:
        del document[rows if damage == "rows" else damage]
    write_json(path, kind, document)
    with pytest.raises(ValueError, match=rf"{kind}\.json: "):
        read(path, tiny_space)


FITNESS = Fitness("ok", {"score": 12.5}, {"pckh": {"head": None}}, {"params": 3}, {"epochs": 2}, {"network_id": "a"})


def test_fitness_is_read_as_written(tmp_path):
    write_fitness(tmp_path / "fitness.json", FITNESS)
    assert read_fitness(tmp_path / "fitness.json") == FITNESS


@pytest.mark.parametrize("change", [{"status": "fine"}, {"objectives": {}}, {"objectives": {"score": None}}])
def test_fitness_without_status_or_score_is_refused(tmp_path, change):
    path = tmp_path / "fitness.json"
    write_fitness(path, FITNESS)
    write_json(path, "fitness", {**read_json(path, "fitness"), **change})
    with pytest.raises(ValueError, match=r"fitness\.json: expected a known status and a score; delete the file"):
        read_fitness(path)


@pytest.mark.parametrize("score", [150.0, 1e308, -1.0])
def test_a_score_that_is_no_percentage_is_refused(tmp_path, score):
    path = tmp_path / "fitness.json"
    write_fitness(path, replace(FITNESS, objectives={"score": score}))
    with pytest.raises(ValueError, match=r"fitness\.json: found the score .*, expected 0 to 100 percent; delete"):
        read_fitness(path)


def test_fitness_without_a_part_names_the_file(tmp_path):
    path = tmp_path / "fitness.json"
    write_fitness(path, FITNESS)
    document = read_json(path, "fitness")
    del document["provenance"]
    write_json(path, "fitness", document)
    with pytest.raises(ValueError, match=r"fitness\.json: provenance is missing; delete"):
        read_fitness(path)
