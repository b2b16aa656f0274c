"""Places of a generation that breeding has found no network for."""

from pathlib import Path

from evocnn.evolution.fitness import HISTORY, WORST, Fitness, write_fitness
from evocnn.files import read_json, replacing


def is_exhausted(offspring: Path, number: int) -> bool:
    """Whether an offspring file has no individual of a number, because the space had no more networks."""
    return number >= len(read_json(offspring, "offspring", ["individuals"])["individuals"])


def write_exhausted(fitness: Path, history: Path, *folders: Path, model: Path | None = None) -> None:
    """Write what a training leaves where there is nothing to do: status "exhausted", no epochs, all else empty."""
    write_fitness(fitness, Fitness("exhausted", {"score": WORST}, {}, {}, {}, {"network_id": None}))
    with replacing(history) as temporary:
        temporary.write_text(",".join(HISTORY) + "\n", encoding="utf-8")
    for folder in folders:
        folder.mkdir(exist_ok=True)
    if model:
        model.touch()
    print("The space holds no new network within the limits for this place: nothing is trained.")
