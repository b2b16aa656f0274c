"""A search that never was: real networks of the space weighted, invented outcomes, and a search's files of them."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from evocnn.configuration.check import write_configuration
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.evolution.individual import Individual
from evocnn.evolution.population import Offspring, Population, Survivor, write_offspring, write_population
from evocnn.files import copy_files, write_json
from evocnn.space.cost import cost
from evocnn.space.decode import decode
from evocnn.space.genes import Genome
from evocnn.space.network import Network
from evocnn.space.network_file import write_networks
from evocnn.space.space import Space
from evocnn.space.space_file import read_space

ROOT = Path(__file__).parents[2]
GROUPS = ("head", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
EPOCHS = 10
FAILURES = ("diverged", "timeout", "out_of_memory", "crashed")
OBJECTIVES = ["score", "-params / 1e6"]
GPUS = 4


def write_search(folder: Path, generations: int, each: int) -> None:
    """Write a search of so many generations with `each` individuals into a folder of that name."""
    rng = random.Random(1)
    space = read_space(ROOT / "config/spaces/weighted.yaml")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    config |= {"experiment": folder.name, "space": "config/spaces/weighted.yaml"}
    config["evolution"] |= {"strategy": "nsga2", "generations": generations, "population": each, "offspring": each}
    config["evolution"] |= {"objectives": OBJECTIVES}
    write_configuration(folder / "config.yaml", config)
    originals = (ROOT / "config/spaces/weighted.yaml", ROOT / "config/skeletons/mpii.yaml")
    copy_files(originals, (folder / "space/weighted.yaml", folder / "labels/mpii.yaml"))
    trivial = {"mean pose": {split: _score(12.0, rng) for split in ("valid", "test")}}
    write_json(folder / "baselines/trivial.json", "trivial", {"metric": "PCKh@0.5", "trivial": trivial})
    place = space.gene_names.index("block-01.filters")
    survivors: list[Survivor] = []
    for generation in range(generations):
        at = folder / f"generation-{generation:03d}"
        bred = list(_breed(space, generation, each, [s.individual for s in survivors], rng))
        write_offspring(
            at / "offspring.json",
            Offspring(generation, tuple(bred), {"limits": 2, "duplicate": 3}),
            space,
        )
        write_networks(at / "networks.json", [_network(individual.genome, space) for individual in bred])
        for individual in bred:
            fitness = _train(individual, generations, float(individual.genome[place]), rng)
            write_fitness(at / f"individual-{individual.number:02d}/fitness.json", fitness)
            _write_history(at / f"individual-{individual.number:02d}/history.csv", fitness.objectives["score"])
            score = fitness.objectives["score"]
            objectives = (score, -individual.cost.params / 1e6)
            survivors += [Survivor(individual, score, objectives)] if score else []
        survivors = sorted(survivors, key=lambda s: -s.score)[:each]
        write_population(at / "population.json", _population(generation, survivors), space)


def _breed(
    space: Space, generation: int, each: int, parents: Sequence[Individual], rng: random.Random
) -> Iterator[Individual]:
    for number in range(each):
        genome = space.draw(rng)
        network = _network(genome, space)
        chosen = rng.sample(parents, 2) if parents else []
        dead = space.blocks - len({layer.block for layer in network.layers} - {None})
        origin = rng.choice(("mutation", "uniform", "one_point")) if chosen else "random"
        of = tuple(parent.network_id for parent in chosen)
        yield Individual(genome, network.network_id, cost(network, 16), dead, generation, number, origin, of)


def _network(genome: Genome, space: Space) -> Network:
    return decode(genome, space, input_size=64, outputs=16)


def _train(individual: Individual, generations: int, filters: float, rng: random.Random) -> Fitness:
    failed = rng.random() < 0.05
    rise = 20 * (individual.generation / generations) ** 0.5
    score = 0.0 if failed else min(20 + rise + rng.gauss(0, 4) + filters / 4 + individual.cost.macs / 2e6, 100.0)
    fit, attempts = rng.uniform(40, 120), 2 if rng.random() < 0.03 else 1
    return Fitness(
        status=rng.choice(FAILURES) if failed else "ok",
        objectives={"score": score},
        metrics={} if failed else _score(score, rng),
        cost={"params": individual.cost.params, "macs": individual.cost.macs, "memory_mb": individual.cost.memory_mb},
        training={
            "epochs": EPOCHS,
            "best_epoch": None if failed else EPOCHS,
            "seconds": {"prepare": 4.0, "fit": fit, "score": 3.0},
            "samples_per_second": rng.uniform(80, 200),
            "peak_memory_mb": 900,
            "attempts": attempts,
            "timeline": _timeline(individual, fit + 7.0, attempts),
        },
        provenance={
            "network_id": individual.network_id,
            "seed": 1,
            "versions": {"tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6"},
            "host": "somewhere",
            "device": "gpu",
            "device_id": f"GPU {individual.number % GPUS}",
        },
    )


def _timeline(individual: Individual, seconds: float, attempts: int) -> list[dict]:
    """One training after another on each GPU; a first attempt of ten seconds where there are two."""
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    begin += timedelta(seconds=150 * (10 * individual.generation + individual.number // GPUS))
    rows = [{"began": begin.isoformat(), "seconds": 10.0, "ending": "it crashed"}] if attempts > 1 else []
    begin += timedelta(seconds=15 * len(rows))
    return [*rows, {"began": begin.isoformat(), "seconds": seconds, "ending": "it has ended"}]


def _score(mean: float, rng: random.Random) -> dict:
    groups = {name: mean + rng.gauss(0, 8) for name in GROUPS}
    joints = {f"joint {number}": mean + rng.gauss(0, 8) for number in range(16)}
    errors = dict.fromkeys(GROUPS, 2.0)
    return {"mean": mean, "per_joint": joints, "groups": groups, "standard_error": 1.1, "group_errors": errors}


def _write_history(path: Path, score: float) -> None:
    rows = [
        f"{n + 1},{4 - n / EPOCHS},{score * (n + 1) / EPOCHS},{0.004 * (1 - n / EPOCHS)},9.5,150.5"
        for n in range(EPOCHS)
    ]
    path.write_text(
        "\n".join(["epoch,loss,score,learning_rate,seconds,samples_per_second", *rows]) + "\n", encoding="utf-8"
    )


def _population(generation: int, survivors: Sequence[Survivor]) -> Population:
    scores = sorted(survivor.score for survivor in survivors)
    statistics = {
        "offspring": None,
        "outcomes": {},
        "survivors": {"best": scores[-1], "median": scores[len(scores) // 2], "spread": 1.0},
        "diversity": {"genes": 0.5, "operations": 0.5},
        "restarted": False,
        "accepted": 1,
        "hypervolume": 10.0 + generation**0.5,
    }
    return Population(generation, survivors[0], tuple(survivors), statistics, {}, ())
