"""Places of a generation that breeding has found no network for."""

from pathlib import Path

from evocnn.evolution.fitness import WORST, Fitness, write_fitness
from evocnn.files import read_json, replacing


def is_exhausted(offspring: Path, number: int) -> bool:
    """Whether an offspring file has no individual of a number, because the space had no more networks."""
    return number >= len(read_json(offspring, "offspring", ["individuals"])["individuals"])


def write_exhausted(fitness: Path, history: Path) -> None:
    """Write the files of a training that there is nothing to do for: status "exhausted", and a history of no epochs."""
    write_fitness(fitness, Fitness("exhausted", {"score": WORST}, {}, {}, {}, {"network_id": None}))
    with replacing(history) as temporary:
        temporary.write_text("epoch\n")
    print("The space holds no new network within the limits for this place: nothing is trained.")
