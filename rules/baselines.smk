"""What every score is held against."""


rule score_floors:
    """Score what can be predicted without looking at an image, such as the mean pose of search-train."""
    input:
        labels=LABELS,
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        "<run>/baselines/floors.json",
    log:
        "<logs>/baselines/floors.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/score_floors.py"


rule train_baseline:
    """Train a network of the literature as the best network of the search is trained, from random weights."""
    input:
        labels=LABELS,
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
    output:
        model="<run>/baselines/{baseline}/model.keras",
        fitness="<run>/baselines/{baseline}/fitness.json",
        history="<run>/baselines/{baseline}/history.csv",
        tensorboard=[directory("<run>/baselines/{baseline}/tensorboard")] if TENSORBOARD else [],
    log:
        "<logs>/baselines/{baseline}/train.log",
    benchmark:
        "<benchmarks>/baselines/{baseline}/train.tsv"
    retries: lookup(dpath="training/retries", within=config)
    conda:
        "../envs/evocnn.yaml"
    threads: lookup(dpath="training/threads", within=config)
    # What does not change what a training finds is a resource: changed, it makes nobody train again.
    resources:
        gpu=1,
        mem_mb=memory_of_baseline,
        gpu_mem_mb=memory_of_baseline,
        attempt=attempt_number,
        retries=lookup(dpath="training/retries", within=config),
        time_limit=lookup(dpath="final/time_limit", within=config),
        memory_limit_mb=lookup(dpath="training/memory_limit_mb", within=config),
        tolerate_crashes=lookup(dpath="training/tolerate_crashes", within=config),
        jobs_per_gpu=lookup(dpath="training/jobs_per_gpu", within=config),
        warm_start_server=lookup(dpath="training/warm_start_server", within=config),
    params:
        width=lookup(dpath="baselines/width", within=config),
        input_size=lookup(dpath="dataset/input_size", within=config),
        seed=lookup(dpath="seed", within=config),
        epochs=BASELINE_EPOCHS,
        patience=min(config["final"]["patience"], BASELINE_EPOCHS),
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
        "../scripts/train_baseline.py"


rule evaluate_baseline:
    """Score a baseline on the test split, by the scorer of the best network."""
    input:
        model="<run>/baselines/{baseline}/model.keras",
        labels=LABELS,
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        score="<run>/baselines/{baseline}/score.json",
        predictions="<run>/baselines/{baseline}/predictions.csv",
    log:
        "<logs>/baselines/{baseline}/evaluate.log",
    conda:
        "../envs/evocnn.yaml"
    threads: lookup(dpath="training/threads", within=config)
    resources:
        gpu=1,
        jobs_per_gpu=lookup(dpath="training/jobs_per_gpu", within=config),
    params:
        batch_size=lookup(dpath="training/batch_size", within=config),
    script:
        "../scripts/evaluate_final.py"


rule tabulate_baselines:
    """Put the best network of the search beside the networks of the literature."""
    input:
        final=["<run>/final/fitness.json", "<run>/final/score.json"],
        fitness=expand("<run>/baselines/{baseline}/fitness.json", baseline=config["baselines"]["networks"]),
        scores=BASELINE_SCORES,
    output:
        report(
            "<run>/tables/baselines.csv",
            caption="../report/baselines.rst",
            category="Best network",
            labels={"what": "beside networks of the literature"},
        ),
    log:
        "<logs>/tabulate_baselines.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        names=lookup(dpath="baselines/networks", within=config),
    script:
        "../scripts/tabulate_baselines.py"
