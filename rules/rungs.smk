"""Rungs: trainings of a generation pause, and only the best go on. Who they are is in files, how many is known before."""


include: "places.smk"


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
