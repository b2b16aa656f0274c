"""The final network: the best of the finalists, which are trained in full, scored once, saved, and shown."""


rule nominate:
    """Choose the finalists: the best by its score, then those that the predictor expects to score highest."""
    input:
        **SPACE_COPY,
        strategy=STRATEGY_CODE,
        offspring=expand("<run>/generation-{generation}/offspring.json", generation=GENERATIONS),
        fitness=all_fitness,
        # Selection has checked by then that all trainings may be compared.
        population=f"<run>/generation-{GENERATIONS[-1]}/population.json",
    output:
        "<run>/final/finalists.json",
    log:
        "<logs>/final/nominate.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        finalists=SETTINGS.final.finalists,
        individuals=list(SETTINGS.final.individuals),
        evolution=EVOLUTION,
        code=SEARCH_CODE,
    script:
        "../scripts/final/nominate.py"


use rule train as train_final with:
    input:
        **SPACE_COPY,
        **LABELS_COPY,
        offspring="<run>/final/finalists.json",
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        inherited=[],
        start=FINAL_WEIGHTS,
    output:
        model="<run>/final/finalist-{individual}/model.keras",
        fitness="<run>/final/finalist-{individual}/fitness.json",
        history="<run>/final/finalist-{individual}/history.csv",
        tensorboard=[directory("<run>/final/finalist-{individual}/tensorboard")] if TENSORBOARD else [],
    log:
        "<logs>/final/finalist-{individual}.log",
    benchmark:
        "<benchmarks>/final/finalist-{individual}.tsv"
    resources:
        **FINAL_JOBS,
        gpu=GPU,
        mem_mb=memory_of_individual,
        gpu_mem_mb=gpu_memory_of_individual,
        attempt=attempt_number,
    params:
        seed=SETTINGS.seed,
        training=FINAL_TRAINING,
        code=TRAINING_CODE,


rule choose_final:
    """Choose the final network among the finalists, by their scores on search-valid."""
    input:
        **SPACE_COPY,
        finalists="<run>/final/finalists.json",
        fitness=FINALIST_FITNESS,
        models=expand("<run>/final/finalist-{individual}/model.keras", individual=FINALISTS),
        histories=expand("<run>/final/finalist-{individual}/history.csv", individual=FINALISTS),
        tensorboard=(
            expand("<run>/final/finalist-{individual}/tensorboard", individual=FINALISTS) if TENSORBOARD else []
        ),
    output:
        model="<run>/final/model.keras",
        fitness="<run>/final/fitness.json",
        history="<run>/final/history.csv",
        tensorboard=[directory("<run>/final/tensorboard")] if TENSORBOARD else [],
    log:
        "<logs>/final/choose_final.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        evolution=EVOLUTION,
        code=SEARCH_CODE,
    script:
        "../scripts/final/choose_final.py"


rule evaluate_final:
    """Score the best network on the test split, the only time that it is used, and calibrate its confidences."""
    input:
        **SPACE_COPY,
        **LABELS_COPY,
        model="<run>/final/model.keras",
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        score="<run>/final/score.json",
        calibration="<run>/final/calibration.json",
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
    threads: TRAINING["threads"]
    resources:
        gpu=GPU,
        jobs_per_gpu=JOBS["jobs_per_gpu"],
    params:
        batch_size=TRAINING["batch_size"],
        flip_test=SETTINGS.final.flip_test,
    script:
        "../scripts/final/evaluate_final.py"


rule export_final:
    """Save the best network in the formats of those who use it, and say what it takes and gives."""
    input:
        model="<run>/final/model.keras",
        labels=COPIES["labels"],
        train=multiext("<records>/train/crops", ".npy", ".npz"),
    output:
        **{name: directory(path) if name == "saved_model" else path for name, path in EXPORTS.items()},
        predictor=directory("<run>/final/predictor"),
        predictor_onnx="<run>/final/predictor.onnx",
        metadata="<run>/final/model.json",
        use_me="<run>/final/use_me.py",
    log:
        "<logs>/final/export.log",
    conda:
        "../envs/evocnn.yaml"
    resources:
        gpu=GPU,
        jobs_per_gpu=JOBS["jobs_per_gpu"],
    script:
        "../scripts/final/export_final.py"


rule score_exports:
    """Score each exported file on the test split: formats of few bits lose some of the score."""
    input:
        **SPACE_COPY,
        **LABELS_COPY,
        **EXPORTS,
        model="<run>/final/model.keras",
        metadata="<run>/final/model.json",
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        "<run>/final/exports.json",
    log:
        "<logs>/final/score_exports.log",
    conda:
        "../envs/evocnn.yaml"
    threads: TRAINING["threads"]
    params:
        exports=list(EXPORTS),
        batch_size=TRAINING["batch_size"],
    script:
        "../scripts/final/score_exports.py"


rule draw_predictions:
    """Draw predicted and true joints on people of the test split."""
    input:
        predictions="<run>/final/predictions.csv",
        labels=COPIES["labels"],
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
        people=SETTINGS.report.drawn_people,
    script:
        "../scripts/final/draw_predictions.py"


rule write_model_card:
    """Say what the best network is, what it has learned from, what it can do, and what not."""
    input:
        fitness="<run>/final/fitness.json",
        score="<run>/final/score.json",
        calibration="<run>/final/calibration.json",
        exports="<run>/final/exports.json",
        metadata="<run>/final/model.json",
        trivial="<run>/baselines/trivial.json",
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
        experiment=SETTINGS.experiment,
        root=ROOT,
        licence=DATASET.licence,
        seed=SETTINGS.seed,
        strategy=SETTINGS.evolution.strategy,
    script:
        "../scripts/final/write_model_card.py"
