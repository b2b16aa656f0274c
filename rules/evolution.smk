"""The search: breed, train, select."""


rule breed:
    """Propose the individuals of a generation: new networks within the limits, descending from the best."""
    input:
        space=SPACE,
        operations=OPERATIONS,
        labels=LABELS,
        population=parents,
        in_flight=in_flight,
    output:
        "<run>/generation-{generation}/offspring.json",
    log:
        "<logs>/generation-{generation}/breed.log",
    benchmark:
        "<benchmarks>/generation-{generation}/breed.tsv"
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        size=size,
        seed=lookup(dpath="seed", within=config),
        input_size=lookup(dpath="dataset/input_size", within=config),
        batch_size=lookup(dpath="training/batch_size", within=config),
        remat=lookup(dpath="training/remat", within=config),
        max_params=lookup(dpath="limits/params", within=config),
        max_macs=lookup(dpath="limits/macs", within=config),
        max_memory_mb=lookup(dpath="limits/memory_mb", within=config),
        strategy=lookup(dpath="evolution/strategy", within=config),
        population=lookup(dpath="evolution/population", within=config),
        tournament=lookup(dpath="evolution/tournament", within=config),
        variation=lookup(dpath="evolution/variation", within=config),
        operators=lookup(dpath="evolution/operators", within=config),
        mutation=lookup(dpath="evolution/mutation", within=config),
        mutation_generations=lookup(dpath="evolution/mutation_generations", within=config),
        immigrants=lookup(dpath="evolution/immigrants", within=config),
        restart=lookup(dpath="evolution/restart", within=config),
        adaptive=lookup(dpath="evolution/adaptive", within=config),
        candidates=lookup(dpath="evolution/candidates", within=config),
    script:
        "../scripts/breed_generation.py"


rule train:
    """Train one individual and measure its fitness."""
    input:
        offspring="<run>/generation-{generation}/offspring.json",
        space=SPACE,
        operations=OPERATIONS,
        labels=LABELS,
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
    retries: lookup(dpath="training/retries", within=config)
    conda:
        "../envs/evocnn.yaml"
    threads: lookup(dpath="training/threads", within=config)
    # What does not change what a training finds is a resource: changed, it makes nobody train again.
    resources:
        gpu=1,
        mem_mb=memory_of_individual,
        gpu_mem_mb=memory_of_individual,
        attempt=attempt_number,
        retries=lookup(dpath="training/retries", within=config),
        time_limit=lookup(dpath="training/time_limit", within=config),
        memory_limit_mb=lookup(dpath="training/memory_limit_mb", within=config),
        tolerate_crashes=lookup(dpath="training/tolerate_crashes", within=config),
        jobs_per_gpu=lookup(dpath="training/jobs_per_gpu", within=config),
        warm_start_server=lookup(dpath="training/warm_start_server", within=config),
    params:
        seed=lookup(dpath="seed", within=config),
        epochs=lookup(dpath="training/epochs", within=config),
        patience=lookup(dpath="training/patience", within=config),
        batch_size=lookup(dpath="training/batch_size", within=config),
        learning_rate=lookup(dpath="training/learning_rate", within=config),
        min_delta=lookup(dpath="training/min_delta", within=config),
        warmup=lookup(dpath="training/warmup", within=config),
        weight_decay=lookup(dpath="training/weight_decay", within=config),
        clip_norm=lookup(dpath="training/clip_norm", within=config),
        label_smoothing=lookup(dpath="training/label_smoothing", within=config),
        sigma=lookup(dpath="training/sigma", within=config),
        scale=lookup(dpath="training/scale", within=config),
        rotation=lookup(dpath="training/rotation", within=config),
        flip=lookup(dpath="training/flip", within=config),
        remat=lookup(dpath="training/remat", within=config),
        precision=lookup(dpath="training/precision", within=config),
        xla=lookup(dpath="training/xla", within=config),
        latency=lookup(dpath="training/latency", within=config),
    script:
        "../scripts/train_individual.py"


rule select:
    """Let the best of parents and offspring survive."""
    input:
        space=SPACE,
        operations=OPERATIONS,
        offspring="<run>/generation-{generation}/offspring.json",
        fitness=fitness,
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
    params:
        strategy=lookup(dpath="evolution/strategy", within=config),
        population=lookup(dpath="evolution/population", within=config),
        objectives=lookup(dpath="evolution/objectives", within=config),
        restart=lookup(dpath="evolution/restart", within=config),
        controller_rate=lookup(dpath="evolution/controller_rate", within=config),
    script:
        "../scripts/select_generation.py"
