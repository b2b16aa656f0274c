"""Is the signal worth climbing? `snakemake probe` asks before a search, with the run's own founders."""


use rule train_final as train_probe with:
    input:
        **SPACE_COPY,
        **LABELS_COPY,
        offspring="<run>/generation-000/offspring.json",
        train=multiext("<records>/train/crops", ".npy", ".npz"),
        valid=multiext("<records>/valid/crops", ".npy", ".npz"),
        inherited=[],
    output:
        fitness="<run>/probe/individual-{individual}/fitness.json",
        history="<run>/probe/individual-{individual}/history.csv",
    log:
        "<logs>/probe/individual-{individual}.log",
    benchmark:
        "<benchmarks>/probe/individual-{individual}.tsv"


use rule train_probe as train_probe_again with:
    output:
        fitness="<run>/probe/again-{individual}/fitness.json",
        history="<run>/probe/again-{individual}/history.csv",
    log:
        "<logs>/probe/again-{individual}.log",
    benchmark:
        "<benchmarks>/probe/again-{individual}.tsv"
    params:
        seed=SETTINGS.seed + 1,
        training=TRAINING,
        code=TRAINING_CODE,


rule probe:
    """Compare short trainings of the founders with full ones, and say what the search can tell apart."""
    input:
        short=first_fitness,
        full=expand("<run>/probe/individual-{individual}/fitness.json", individual=individuals(0)),
        again=expand("<run>/probe/again-{individual}/fitness.json", individual=individuals(0)[:3]),
    output:
        table="<run>/probe/epochs.csv",
        text="<run>/probe/summary.txt",
        plot="<run>/probe/epochs.svg",
    log:
        "<logs>/probe/probe.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        epochs=RUNG_ENDS[0],
    script:
        "../scripts/probe/probe.py"
