"""Genomes that people already have."""

import random
from dataclasses import asdict

import pytest
import yaml

from evocnn.evolution.founders import read_founders


@pytest.fixture
def genomes(tiny_space):
    rng = random.Random(2)
    return [tiny_space.draw(rng) for _ in range(3)]


def test_a_yaml_list(tmp_path, tiny_space, genomes):
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump([asdict(tiny_space.parts(genome)) for genome in genomes]))
    assert read_founders([path], tiny_space) == genomes


def test_populations_and_offspring_of_runs(run):
    from evocnn.space.space_file import read_space

    space = read_space(run.space)
    read = read_founders([run.population_files[-1], run.offspring_files[0]], space)
    survivors = [survivor.individual.genome for survivor in run.populations[-1].survivors]
    assert read == [*survivors, *(individual.genome for individual in run.offspring[0].individuals)]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("gone.yaml", None, "there is no such file of founders; correct evolution.founders"),
        ("a.yaml", "[]", "expected a list of genomes, found none"),
        ("a.yaml", "{a: 1}", "expected a list of genomes"),
        ("a.yaml", "[7]", "genome 0 is 7, expected stem, blocks and heads"),
        ("a.yaml", "[{blocks: []}]", "genome 0 does not belong to the space: a genome of 0 blocks in a space of 3"),
        ("a.yaml", "[{blocks: 5}]", "genome 0 does not belong to the space"),
        ("a.yaml", "[{blocks: [1, 2, 3]}]", "genome 0 does not belong to the space"),
        ("a.json", "{}", "expected population.json or offspring.json of a run"),
        ("a.json", "[", "expected population.json or offspring.json of a run"),
        ("a.json", '{"kind": "population"}', "a.json: found schema_version None, expected 1"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, tiny_space, name, content, message):
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match=name) as refused:
        read_founders([path], tiny_space)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
