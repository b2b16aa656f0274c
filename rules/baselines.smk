"""What every score is held against."""


rule score_trivial_baselines:
    """Score what can be predicted without looking at an image, such as the mean pose of search-train."""
    input:
        **LABELS_COPY,
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        "<run>/baselines/trivial.json",
    log:
        "<logs>/baselines/trivial.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/baselines/score_trivial_baselines.py"


rule train_baseline:
    """Train a network of the literature as the best network of the search is trained."""
    input:
        **LABELS_COPY,
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        start=baseline_weights,
    output:
        model="<run>/baselines/{baseline}/model.keras",
        fitness="<run>/baselines/{baseline}/fitness.json",
        history="<run>/baselines/{baseline}/history.csv",
        tensorboard=[directory("<run>/baselines/{baseline}/tensorboard")] if TENSORBOARD else [],
    log:
        "<logs>/baselines/{baseline}/train.log",
    benchmark:
        "<benchmarks>/baselines/{baseline}/train.tsv"
    retries: JOBS["retries"]
    conda:
        "../envs/evocnn.yaml"
    threads: TRAINING["threads"]
    resources:
        **FINAL_JOBS,
        gpu=GPU,
        mem_mb=memory_of_baseline,
        gpu_mem_mb=gpu_memory_of_baseline,
        attempt=attempt_number,
    params:
        seed=SETTINGS.seed,
        width=SETTINGS.baselines.width,
        input_size=DATASET.input_size,
        training=BASELINE_TRAINING,
        code=TRAINING_CODE,
    script:
        "../scripts/baselines/train_baseline.py"


rule evaluate_baseline:
    """Score a baseline on the test split, by the scorer of the best network."""
    input:
        **LABELS_COPY,
        model="<run>/baselines/{baseline}/model.keras",
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        score="<run>/baselines/{baseline}/score.json",
        predictions="<run>/baselines/{baseline}/predictions.csv",
    log:
        "<logs>/baselines/{baseline}/evaluate.log",
    conda:
        "../envs/evocnn.yaml"
    threads: TRAINING["threads"]
    resources:
        gpu=GPU,
        jobs_per_gpu=JOBS["jobs_per_gpu"],
    params:
        batch_size=TRAINING["batch_size"],
        flip_test=SETTINGS.final.flip_test,
    script:
        "../scripts/baselines/evaluate_baseline.py"


rule tabulate_baselines:
    """Put the best network of the search beside the networks of the literature."""
    input:
        final=["<run>/final/fitness.json", "<run>/final/score.json"],
        fitness=expand("<run>/baselines/{baseline}/fitness.json", baseline=BASELINE_NAMES),
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
        names=BASELINE_NAMES,
    script:
        "../scripts/baselines/tabulate_baselines.py"
