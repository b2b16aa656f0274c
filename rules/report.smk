"""Tables, plots and drawings of a run."""


rule tabulate:
    """Gather all individuals and generations in two tables."""
    input:
        **COPIES,
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
        "../scripts/report/tabulate.py"


rule plot_search:
    """Plot the search: scores, costs, the lineage of the best, operations, and how trainings ended."""
    input:
        **COPIES,
        config="<run>/config.yaml",
        offspring=expand("<run>/generation-{generation}/offspring.json", generation=GENERATIONS),
        networks=expand("<run>/generation-{generation}/networks.json", generation=GENERATIONS),
        populations=expand("<run>/generation-{generation}/population.json", generation=GENERATIONS),
        fitness=all_fitness,
        trivial="<run>/baselines/trivial.json",
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
        "../scripts/report/plot_search.py"


rule tabulate_scores:
    """Gather all scores by group of joints or class: trivial baselines, baselines, the search, the final network."""
    input:
        **COPIES,
        config="<run>/config.yaml",
        offspring=expand("<run>/generation-{generation}/offspring.json", generation=GENERATIONS),
        networks=expand("<run>/generation-{generation}/networks.json", generation=GENERATIONS),
        populations=expand("<run>/generation-{generation}/population.json", generation=GENERATIONS),
        fitness=all_fitness,
        trivial="<run>/baselines/trivial.json",
        scores=["<run>/final/score.json", *BASELINE_SCORES],
        costs=["<run>/final/fitness.json", *BASELINE_FITNESS],
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
        "../scripts/report/tabulate_scores.py"


rule build_report:
    """Put everything to look at into one page that works offline."""
    input:
        **COPIES,
        config="<run>/config.yaml",
        offspring=expand("<run>/generation-{generation}/offspring.json", generation=GENERATIONS),
        networks=expand("<run>/generation-{generation}/networks.json", generation=GENERATIONS),
        populations=expand("<run>/generation-{generation}/population.json", generation=GENERATIONS),
        fitness=all_fitness,
        history=all_history,
        trivial="<run>/baselines/trivial.json",
        manifests=expand("<records>/{split}/manifest.json", split=["test", "train", "valid"]),
        test=multiext("<records>/test/crops", ".npy", ".npz"),
        scores=["<run>/final/score.json", *BASELINE_SCORES],
        costs=["<run>/final/fitness.json", *BASELINE_FITNESS],
        predictions="<run>/final/predictions.csv",
        calibration="<run>/final/calibration.json",
        exports="<run>/final/exports.json",
    output:
        "<run>/report.html",
    log:
        "<logs>/build_report.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/report/build_report.py"


rule draw_network:
    """Draw the final network."""
    input:
        **COPIES,
        finalists="<run>/final/finalists.json",
        fitness="<run>/final/fitness.json",
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
        input_size=DATASET.input_size,
    script:
        "../scripts/report/draw_network.py"


rule summarise:
    """Say in a few lines what the search has reached."""
    input:
        individuals="<run>/tables/individuals.csv",
        generations="<run>/tables/generations.csv",
        trivial="<run>/baselines/trivial.json",
        score="<run>/final/score.json",
        fitness="<run>/final/fitness.json",
        finalists=FINALIST_FITNESS,
        baselines=BASELINE_SCORES,
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
        "../scripts/report/summarise.py"
