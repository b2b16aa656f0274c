"""The best network of the run: trained in full, scored once, saved, and shown."""


rule train_final:
    """Train the best network longer."""
    input:
        population=f"<run>/generation-{GENERATIONS[-1]}/population.json",
        space=SPACE,
        operations=OPERATIONS,
        labels=LABELS,
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
    output:
        model="<run>/final/model.keras",
        fitness="<run>/final/fitness.json",
        history="<run>/final/history.csv",
        tensorboard=[directory("<run>/final/tensorboard")] if TENSORBOARD else [],
    log:
        "<logs>/final/train.log",
    benchmark:
        "<benchmarks>/final/train.tsv"
    retries: lookup(dpath="training/retries", within=config)
    conda:
        "../envs/evocnn.yaml"
    threads: lookup(dpath="training/threads", within=config)
    # What does not change what a training finds is a resource: changed, it makes nobody train again.
    resources:
        gpu=1,
        mem_mb=memory_of_best,
        gpu_mem_mb=memory_of_best,
        attempt=attempt_number,
        retries=lookup(dpath="training/retries", within=config),
        time_limit=lookup(dpath="final/time_limit", within=config),
        memory_limit_mb=lookup(dpath="training/memory_limit_mb", within=config),
        tolerate_crashes=lookup(dpath="training/tolerate_crashes", within=config),
        jobs_per_gpu=lookup(dpath="training/jobs_per_gpu", within=config),
        warm_start_server=lookup(dpath="training/warm_start_server", within=config),
    params:
        seed=lookup(dpath="seed", within=config),
        epochs=lookup(dpath="final/epochs", within=config),
        patience=lookup(dpath="final/patience", within=config),
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
        "../scripts/train_final.py"


rule evaluate_final:
    """Score the best network on the test split, the only time that the split is used."""
    input:
        model="<run>/final/model.keras",
        labels=LABELS,
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        score="<run>/final/score.json",
        predictions=report(
            "<run>/final/predictions.csv",
            caption="../report/predictions.rst",
            category="Best network",
            labels={"what": "predicted joints"},
        ),
    log:
        "<logs>/final/evaluate.log",
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


rule export_final:
    """Save the best network in the formats of those who use it, and say what it takes and gives."""
    input:
        model="<run>/final/model.keras",
        labels=LABELS,
    output:
        saved_model=directory("<run>/final/saved_model"),
        tflite="<run>/final/model.tflite",
        onnx="<run>/final/model.onnx",
        facts="<run>/final/model.json",
    log:
        "<logs>/final/export.log",
    conda:
        "../envs/evocnn.yaml"
    resources:
        gpu=1,
        jobs_per_gpu=lookup(dpath="training/jobs_per_gpu", within=config),
    script:
        "../scripts/export_final.py"


rule draw_predictions:
    """Draw predicted and true joints on people of the test split."""
    input:
        predictions="<run>/final/predictions.csv",
        labels=LABELS,
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        report(
            "<run>/final/predictions.png",
            caption="../report/drawn_predictions.rst",
            category="Best network",
            labels={"what": "predictions on test images"},
        ),
    log:
        "<logs>/final/draw_predictions.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        people=lookup(dpath="final/drawn_people", within=config),
    script:
        "../scripts/draw_predictions.py"


rule write_model_card:
    """Say what the best network is, what it has learned from, what it can do, and what not."""
    input:
        fitness="<run>/final/fitness.json",
        score="<run>/final/score.json",
        facts="<run>/final/model.json",
        floors="<run>/baselines/floors.json",
        individuals="<run>/tables/individuals.csv",
        train="<records>/train/manifest.json",
        valid="<records>/valid/manifest.json",
        test="<records>/test/manifest.json",
    output:
        report(
            "<run>/final/model_card.md",
            caption="../report/model_card.rst",
            category="Best network",
            labels={"what": "model card"},
        ),
    log:
        "<logs>/final/model_card.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        experiment=lookup(dpath="experiment", within=config),
        root=lookup(dpath="dataset/root", within=config),
        licence=lookup(dpath="dataset/licence", within=config),
        seed=lookup(dpath="seed", within=config),
        strategy=lookup(dpath="evolution/strategy", within=config),
    script:
        "../scripts/write_model_card.py"
