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
    log:
        "<logs>/baselines/{baseline}/train.log",
    benchmark:
        "<benchmarks>/baselines/{baseline}/train.tsv"
    conda:
        "../envs/evocnn.yaml"
    threads: lookup(dpath="training/threads", within=config)
    resources:
        gpu=1,
        mem_mb=memory_of_baseline,
        gpu_mem_mb=memory_of_baseline,
    params:
        width=lookup(dpath="baselines/width", within=config),
        seed=lookup(dpath="seed", within=config),
        epochs=lookup(dpath="final/epochs", within=config),
        patience=lookup(dpath="final/patience", within=config),
        batch_size=lookup(dpath="training/batch_size", within=config),
        learning_rate=lookup(dpath="training/learning_rate", within=config),
        sigma=lookup(dpath="training/sigma", within=config),
        scale=lookup(dpath="training/scale", within=config),
        rotation=lookup(dpath="training/rotation", within=config),
        flip=lookup(dpath="training/flip", within=config),
        remat=lookup(dpath="training/remat", within=config),
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
    params:
        batch_size=lookup(dpath="training/batch_size", within=config),
    script:
        "../scripts/evaluate_final.py"


rule tabulate_baselines:
    """Put the best network of the search beside the networks of the literature."""
    input:
        final=["<run>/final/fitness.json", "<run>/final/score.json"],
        fitness=expand("<run>/baselines/{baseline}/fitness.json", baseline=config["baselines"]["networks"]),
        scores=expand("<run>/baselines/{baseline}/score.json", baseline=config["baselines"]["networks"]),
    output:
        report(
            "<run>/tables/baselines.csv",
            caption="../report/baselines.rst",
            category="Best network",
            labels={"what": "beside networks of the literature"},
        ),
    log:
        "<logs>/tabulate_baselines.log",
    conda:
        "../envs/evocnn.yaml"
    params:
        names=lookup(dpath="baselines/networks", within=config),
    script:
        "../scripts/tabulate_baselines.py"
