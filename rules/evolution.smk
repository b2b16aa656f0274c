"""The search: breed, train, select."""


rule breed:
    """Propose the individuals of a generation: new networks within the limits, descending from the best."""
    input:
        **SPACE_COPY,
        labels=COPIES["labels"],
        strategy=STRATEGY_CODE,
        population=parents,
        in_flight=in_flight,
        founders=founders,
    output:
        offspring="<run>/generation-{generation}/offspring.json",
        networks="<run>/generation-{generation}/networks.json",
    log:
        "<logs>/generation-{generation}/breed.log",
    benchmark:
        "<benchmarks>/generation-{generation}/breed.tsv"
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        size=size,
        seed=SETTINGS.seed,
        input_size=DATASET.input_size,
        batch_size=SETTINGS.training.batch_size,
        remat=SETTINGS.training.remat,
        precision=SETTINGS.training.precision,
        xla=SETTINGS.training.xla,
        limits=LIMITS,
        evolution=EVOLUTION,
        code=SEARCH_CODE,
    script:
        "../scripts/evolution/breed.py"


rule train:
    """Train one individual and measure its fitness."""
    input:
        **SPACE_COPY,
        **LABELS_COPY,
        offspring="<run>/generation-{generation}/offspring.json",
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        inherited=inherited,
    output:
        fitness="<run>/generation-{generation}/individual-{individual}/fitness.json",
        history="<run>/generation-{generation}/individual-{individual}/history.csv",
        tensorboard=(
            [directory("<run>/generation-{generation}/individual-{individual}/tensorboard")] if TENSORBOARD else []
        ),
        weights=[directory("<run>/generation-{generation}/individual-{individual}/weights")] if INHERIT else [],
    log:
        "<logs>/generation-{generation}/individual-{individual}.log",
    benchmark:
        "<benchmarks>/generation-{generation}/individual-{individual}.tsv"
    retries: JOBS["retries"]
    conda:
        "../envs/evocnn.yaml"
    threads: TRAINING["threads"]
    resources:
        **JOBS,
        gpu=GPU,
        mem_mb=memory_of_individual,
        gpu_mem_mb=gpu_memory_of_individual,
        attempt=attempt_number,
    params:
        seed=SETTINGS.seed,
        training=TRAINING,
        code=TRAINING_CODE,
    script:
        "../scripts/evolution/train.py"


rule select:
    """Let the best of parents and offspring survive."""
    input:
        **SPACE_COPY,
        offspring="<run>/generation-{generation}/offspring.json",
        fitness=fitness,
        strategy=STRATEGY_CODE,
        population=previous,
        weights=weights_to_keep,
        outlived=outlived,
    output:
        "<run>/generation-{generation}/population.json",
        weights=[directory("<run>/generation-{generation}/weights")] if INHERIT else [],
    log:
        "<logs>/generation-{generation}/select.log",
    benchmark:
        "<benchmarks>/generation-{generation}/select.tsv"
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    resources:
        **JOBS,
    params:
        evolution=EVOLUTION,
        code=SEARCH_CODE,
    script:
        "../scripts/evolution/select.py"


if RUNGS:

    include: "rungs.smk"
