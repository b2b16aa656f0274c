"""Finalists: nominated by score and by what is expected, and the best of them copied."""

import random

import pytest

from evocnn.evolution.finalists import choose_final, nominate, write_finalists
from evocnn.evolution.fitness import Fitness, read_fitness, write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Survivor, read_offspring, write_offspring
from evocnn.evolution.settings import EvolutionSettings
from evocnn.space.cost import Cost
from evocnn.space.space import Section, Space

EMPTY = Space(Section({}, ()), 0, Section({}, ()), {}, (1, 1))
SETTINGS = EvolutionSettings()


def individual(network_id, depth=1.0, generation=0, genome=()):
    features = {"statistics": {"depth": float(depth)}}
    return Individual(genome, network_id, Cost(10, 1, 1, 1), 0, generation, 0, "random", (), features)


def survivor(network_id, score, depth):
    return Survivor(individual(network_id, depth), score, (score,))


def names(individuals):
    return [of.network_id for of in individuals]


def test_the_best_comes_first_and_then_those_that_are_expected_to_be_best():
    """Scores rise with the depth, but for one of the shallow ones, which had luck, and a deep one, which had none."""
    trained = [survivor(f"{depth:02d}", 10.0 * depth, depth) for depth in range(1, 9)]
    trained += [survivor("lucky", 90.0, 1.5), survivor("unlucky", 62.0, 7.5)]
    first, *others = names(nominate(trained, 3, EMPTY))
    assert first == "lucky"
    assert set(others) <= {"07", "08", "unlucky"}


@pytest.mark.parametrize(("trained", "nominated"), [(1, 1), (2, 2), (3, 3), (9, 3)])
def test_there_are_as_many_as_are_asked_for_or_were_trained(trained, nominated):
    survivors = [survivor(f"{n:02d}", float(n), n % 4) for n in range(trained)]
    assert len(set(names(nominate(survivors, 3, EMPTY)))) == nominated
    shuffled = random.Random(1).sample(survivors, trained)
    assert nominate(shuffled, 3, EMPTY) == nominate(survivors, 3, EMPTY)


@pytest.fixture
def space(repository):
    return repository / "config/spaces/tiny.yaml"


def write_generation(folder, tiny_space, seed, outcomes):
    """An offspring file, and a fitness file and a model per outcome: a score, or a status."""
    rng = random.Random(seed)
    bred = tuple(
        individual(f"{seed}-{number}", number, generation=seed, genome=tiny_space.draw(rng))
        for number, outcome in enumerate(outcomes)
        if outcome != "exhausted"
    )
    file = folder / "offspring.json"
    folder.mkdir()
    write_offspring(file, Offspring(seed, bred, {}), tiny_space)
    fitness = []
    for number, outcome in enumerate(outcomes):
        ok = isinstance(outcome, float)
        path = folder / f"individual-{number:02d}/fitness.json"
        path.parent.mkdir()
        network = f"{seed}-{number}" if outcome != "exhausted" else None
        of = Fitness("ok" if ok else outcome, {"score": outcome if ok else 0.0}, {}, {}, {}, {"network_id": network})
        write_fitness(path, of)
        (path.parent / "model.keras").write_text(f"model of {network}")
        fitness.append(path)
    return file, fitness


def test_finalists_of_all_generations_are_an_offspring_file(tmp_path, tiny_space, space):
    first, fitness = write_generation(tmp_path / "generation-000", tiny_space, 0, [10.0, 20.0, "diverged"])
    second, later = write_generation(tmp_path / "generation-001", tiny_space, 1, [50.0, "exhausted"])
    output = tmp_path / "finalists.json"
    files = {"offspring": [first, second], "fitness": [*fitness, *later]}
    write_finalists(output, space=space, **files, count=2, chosen=(), settings=SETTINGS)
    finalists = read_offspring(output, tiny_space)
    assert finalists.generation == 1
    assert names(finalists.individuals)[0] == "1-0"
    assert len(finalists.individuals) == 2


def test_the_user_may_choose_finalists_of_those_that_ended_well(tmp_path, tiny_space, space):
    first, fitness = write_generation(tmp_path / "generation-000", tiny_space, 0, [10.0, 20.0, "diverged"])
    output, known = tmp_path / "finalists.json", {"space": space, "offspring": [first], "fitness": fitness}
    write_finalists(output, **known, count=3, chosen=["0-1", "0-0", "0-1"], settings=SETTINGS)
    assert names(read_offspring(output, tiny_space).individuals) == ["0-1", "0-0"]
    for name in ("0-2", "none"):  # the first one diverged
        with pytest.raises(ValueError, match=f"final.individuals has {name}, and no training of this search"):
            write_finalists(output, **known, count=3, chosen=[name], settings=SETTINGS)


def test_the_best_in_full_is_copied(tmp_path, tiny_space, space):
    finalists, fitness = write_generation(tmp_path / "final", tiny_space, 3, [60.0, 70.0, "diverged", "exhausted"])
    outputs = [tmp_path / "final/model.keras", tmp_path / "final/fitness.json"]
    choose_final(outputs, space=space, finalists=finalists, fitness=fitness, settings=SETTINGS)
    assert outputs[0].read_text() == "model of 3-1"
    assert read_fitness(outputs[1]).objectives == {"score": 70.0}


def test_finalists_of_which_none_ended_well_are_an_error(tmp_path, tiny_space, space):
    finalists, fitness = write_generation(tmp_path / "final", tiny_space, 3, ["diverged", "timeout"])
    with pytest.raises(RuntimeError, match=r"no training of a finalist ended well .*diverged.*timeout"):
        choose_final([tmp_path / "model.keras"], space=space, finalists=finalists, fitness=fitness, settings=SETTINGS)
