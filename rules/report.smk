"""Tables, plots and drawings of a run."""


rule write_config:
    """Keep the configuration as it was resolved."""
    output:
        "<run>/config.yaml",
    log:
        "<logs>/write_config.log",
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


rule plot_fitness:
    """Plot the scores of all individuals over the generations."""
    input:
        individuals="<run>/tables/individuals.csv",
        generations="<run>/tables/generations.csv",
        floors="<run>/baselines/floors.json",
    output:
        report(
            "<run>/plots/fitness.svg",
            caption="../report/fitness.rst",
            category="Search",
            labels={"what": "score over generations"},
        ),
    log:
        "<logs>/plot_fitness.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    script:
        "../scripts/plot_fitness.py"


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
