"""Tables, plots and drawings of a run."""


rule write_config:
    """Keep the configuration as it was resolved, first of all: who looks at a run in progress needs it."""
    output:
        "<run>/config.yaml",
    log:
        "<logs>/write_config.log",
    priority: 100
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        config=config,
    script:
        "../scripts/write_config.py"


rule tabulate:
    """Gather all individuals and generations in two tables."""
    input:
        space=SPACE,
        operations=OPERATIONS,
        offspring=expand("<run>/generation-{generation}/offspring.json", generation=GENERATIONS),
        populations=expand("<run>/generation-{generation}/population.json", generation=GENERATIONS),
        fitness=all_fitness,
    output:
        individuals=report(
            "<run>/tables/individuals.csv",
            caption="../report/individuals.rst",
            category="Search",
            labels={"what": "all individuals"},
        ),
        generations=report(
            "<run>/tables/generations.csv",
            caption="../report/generations.rst",
            category="Search",
            labels={"what": "all generations"},
        ),
    log:
        "<logs>/tabulate.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/tabulate.py"


rule plot_search:
    """Plot what the search has found: scores, costs, the lineage of the best, operations, and how trainings ended."""
    input:
        config="<run>/config.yaml",
        space=SPACE,
        operations=OPERATIONS,
        labels=LABELS,
        offspring=expand("<run>/generation-{generation}/offspring.json", generation=GENERATIONS),
        populations=expand("<run>/generation-{generation}/population.json", generation=GENERATIONS),
        fitness=all_fitness,
        floors="<run>/baselines/floors.json",
    output:
        fitness=report(
            "<run>/plots/fitness.svg",
            caption="../report/fitness.rst",
            category="Search",
            labels={"what": "score over generations"},
        ),
        params=report(
            "<run>/plots/params.svg",
            caption="../report/costs.rst",
            category="Search",
            labels={"what": "score against parameters"},
        ),
        macs=report(
            "<run>/plots/macs.svg",
            caption="../report/costs.rst",
            category="Search",
            labels={"what": "score against multiply–accumulates"},
        ),
        memory_mb=report(
            "<run>/plots/memory_mb.svg",
            caption="../report/costs.rst",
            category="Search",
            labels={"what": "score against training memory"},
        ),
        lineage=report(
            "<run>/plots/lineage.svg",
            caption="../report/lineage.rst",
            category="Search",
            labels={"what": "lineage of the best"},
        ),
        operations=report(
            "<run>/plots/operations.svg",
            caption="../report/operations.rst",
            category="Search",
            labels={"what": "operations of the survivors"},
        ),
        outcomes=report(
            "<run>/plots/outcomes.svg",
            caption="../report/outcomes.rst",
            category="Search",
            labels={"what": "how trainings ended"},
        ),
    log:
        "<logs>/plot_search.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/plot_search.py"


rule tabulate_scores:
    """Gather the scores of floors, baselines, the search and the final network by group of joints or class."""
    input:
        config="<run>/config.yaml",
        space=SPACE,
        operations=OPERATIONS,
        labels=LABELS,
        population=f"<run>/generation-{GENERATIONS[-1]}/population.json",
        floors="<run>/baselines/floors.json",
        baselines=BASELINE_SCORES,
        score="<run>/final/score.json",
        fitness="<run>/final/fitness.json",
    output:
        report(
            "<run>/tables/scores.csv",
            caption="../report/scores.rst",
            category="Best network",
            labels={"what": "scores by joint or class"},
        ),
    log:
        "<logs>/tabulate_scores.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/tabulate_scores.py"


rule build_report:
    """Put everything to look at into one page that works offline."""
    input:
        config="<run>/config.yaml",
        space=SPACE,
        operations=OPERATIONS,
        labels=LABELS,
        offspring=expand("<run>/generation-{generation}/offspring.json", generation=GENERATIONS),
        populations=expand("<run>/generation-{generation}/population.json", generation=GENERATIONS),
        fitness=all_fitness,
        floors="<run>/baselines/floors.json",
        baselines=BASELINE_SCORES,
        manifests=expand("<run>/records/{split}/manifest.json", split=["train", "valid", "test"]),
        test=multiext("<run>/records/test/crops", ".npy", ".npz"),
        score="<run>/final/score.json",
        final="<run>/final/fitness.json",
        predictions="<run>/final/predictions.csv",
    output:
        "<run>/report.html",
    log:
        "<logs>/build_report.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/build_report.py"


rule draw_network:
    """Draw the best network of the run."""
    input:
        population=f"<run>/generation-{GENERATIONS[-1]}/population.json",
        space=SPACE,
        operations=OPERATIONS,
        labels=LABELS,
    output:
        report(
            "<run>/plots/network.svg",
            caption="../report/network.rst",
            category="Best network",
            labels={"what": "drawing of the network"},
        ),
    log:
        "<logs>/draw_network.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        input_size=lookup(dpath="dataset/input_size", within=config),
    script:
        "../scripts/draw_network.py"


rule summarise:
    """Say in a few lines what the search has reached."""
    input:
        individuals="<run>/tables/individuals.csv",
        generations="<run>/tables/generations.csv",
        floors="<run>/baselines/floors.json",
        score="<run>/final/score.json",
        fitness="<run>/final/fitness.json",
    output:
        report(
            "<run>/summary.txt",
            caption="../report/summary.rst",
            category="Summary",
            labels={"what": "summary"},
        ),
    log:
        "<logs>/summarise.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/summarise.py"
