"""Places of rungs: which jobs have which files."""

from evocnn.evolution.rungs import places
from evocnn.training.stage import individual_at


def place_of(wildcards, input):
    """The number of the individual that has a place of a rung; in rung 0 every individual has its own."""
    return individual_at(Path(input.promoted[0]) if input.promoted else None, int(wildcards.individual))


def memory_of_place(wildcards, input, attempt):
    """Memory in MB that a training on a rung asks for."""
    return requested_memory(Path(input.offspring), place_of(wildcards, input), attempt)


def gpu_memory_of_place(wildcards, input, attempt):
    """Memory in MB of a GPU that a training on a rung asks for."""
    return requested_gpu_memory(Path(input.offspring), place_of(wildcards, input), attempt)


def places_of_generation(wildcards):
    """How many places each rung of a generation has."""
    return places(len(individuals(wildcards.generation)), len(RUNG_ENDS), SETTINGS.evolution.promote)


def places_of_rung(wildcards):
    """How many places a rung has."""
    return places_of_generation(wildcards)[int(wildcards.rung)]


def of_rung(wildcards, rung, name):
    """A file or folder of each place of a rung."""
    folder = f"<run>/generation-{wildcards.generation}/rung-{rung}"
    return [f"{folder}/{place:02d}/{name}" for place in range(places_of_generation(wildcards)[rung])]


def promoted(wildcards):
    """The file of those who go on to a rung, as a list; empty for rung 0, which all individuals enter."""
    return [f"<run>/generation-{wildcards.generation}/rung-{wildcards.rung}.json"] if int(wildcards.rung) else []


def states_below(wildcards):
    """The states that trainings on a rung may go on from."""
    return of_rung(wildcards, int(wildcards.rung) - 1, "checkpoint") if int(wildcards.rung) else []


def rung_below(wildcards):
    """The file of those who went on to the rung below, as a list; empty where that is rung 0."""
    below = int(wildcards.rung) - 1
    return [f"<run>/generation-{wildcards.generation}/rung-{below}.json"] if below else []


def fitness_of_rung_below(wildcards):
    """Fitness files of the rung below, by place."""
    return of_rung(wildcards, int(wildcards.rung) - 1, "fitness.json")


def rungs_of_generation(wildcards):
    """Files of those who went on, from rung 1 on."""
    return [f"<run>/generation-{wildcards.generation}/rung-{rung}.json" for rung in range(1, len(RUNG_ENDS))]


def fitness_of_rungs(wildcards):
    """Fitness files of all rungs of a generation, rung after rung, by place."""
    return [path for rung in range(len(RUNG_ENDS)) for path in of_rung(wildcards, rung, "fitness.json")]


def states_of_rungs(wildcards):
    """States of all rungs of a generation."""
    return [path for rung in range(len(RUNG_ENDS)) for path in of_rung(wildcards, rung, "checkpoint")]
