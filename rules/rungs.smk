"""Rungs: trainings of a generation pause, and only the best go on. Who they are is in files, how many is known before."""

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


use rule train as train_rung with:
    input:
        **SPACE_COPY,
        **LABELS_COPY,
        offspring="<run>/generation-{generation}/offspring.json",
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        inherited=[],
        promoted=promoted,
        checkpoints=states_below,
    output:
        fitness="<run>/generation-{generation}/rung-{rung}/{individual}/fitness.json",
        history="<run>/generation-{generation}/rung-{rung}/{individual}/history.csv",
        checkpoint=directory("<run>/generation-{generation}/rung-{rung}/{individual}/checkpoint"),
    log:
        "<logs>/generation-{generation}/rung-{rung}/{individual}.log",
    benchmark:
        "<benchmarks>/generation-{generation}/rung-{rung}/{individual}.tsv"
    resources:
        **JOBS,
        gpu=GPU,
        mem_mb=memory_of_place,
        gpu_mem_mb=gpu_memory_of_place,
        attempt=attempt_number,
    params:
        seed=SETTINGS.seed,
        training=TRAINING,
        ends=RUNG_ENDS,
        code=TRAINING_CODE,


rule promote:
    """Choose who goes on to a rung: the best of the rung below."""
    input:
        **SPACE_COPY,
        offspring="<run>/generation-{generation}/offspring.json",
        strategy=STRATEGY_CODE,
        fitness=fitness_of_rung_below,
        below=rung_below,
    output:
        "<run>/generation-{generation}/rung-{rung}.json",
    log:
        "<logs>/generation-{generation}/rung-{rung}/promote.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    resources:
        **JOBS,
    params:
        places=places_of_rung,
        evolution=EVOLUTION,
        code=SEARCH_CODE,
    script:
        "../scripts/rungs/promote.py"


rule settle:
    """Give each individual the fitness of the last rung that it has reached."""
    input:
        **SPACE_COPY,
        offspring="<run>/generation-{generation}/offspring.json",
        rungs=rungs_of_generation,
        fitness=fitness_of_rungs,
        checkpoints=states_of_rungs,
    output:
        fitness=expand(
            "<run>/generation-{{generation}}/individual-{individual}/fitness.json", individual=individuals(1)
        ),
        history=expand("<run>/generation-{{generation}}/individual-{individual}/history.csv", individual=individuals(1)),
    log:
        "<logs>/generation-{generation}/settle.log",
    wildcard_constraints:
        generation=r"(?!000)\d+",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    resources:
        **JOBS,
    params:
        places=places_of_generation,
        ends=RUNG_ENDS,
        code=SEARCH_CODE,
    script:
        "../scripts/rungs/settle.py"


use rule settle as settle_founders with:
    output:
        fitness=expand(
            "<run>/generation-{{generation}}/individual-{individual}/fitness.json", individual=individuals(0)
        ),
        history=expand("<run>/generation-{{generation}}/individual-{individual}/history.csv", individual=individuals(0)),
    wildcard_constraints:
        generation="000",


# Individuals are trained rung by rung, and not at once.
ruleorder: settle > train
ruleorder: settle_founders > train
