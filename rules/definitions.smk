"""What a run is defined by, kept with it: the configuration, the space, the labels, and the user's own code."""


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
        config=SETTINGS.model_dump(mode="json"),
    script:
        "../scripts/definitions/write_config.py"


rule copy_space:
    """Copy the space, and the code of its own operations and heads: a run depends on their content, wherever they lie."""
    output:
        **SPACE_COPY,
    log:
        "<logs>/copy_space.log",
    priority: 100
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    resources:
        original=SPACE,
    params:
        content=digest(*map(Path, [SPACE, *OPERATIONS])),
    script:
        "../scripts/definitions/copy_space.py"


rule copy_labels:
    """Copy the labels: a run depends on their content, wherever they lie."""
    output:
        COPIES["labels"],
    log:
        "<logs>/copy_labels.log",
    priority: 100
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    resources:
        original=LABELS,
    params:
        content=digest(Path(LABELS)),
    script:
        "../scripts/definitions/copy_labels.py"


rule copy_metric:
    """Copy the code of the labels' own metric, on which less depends than on the labels."""
    output:
        COPIES["metric"],
    log:
        "<logs>/copy_metric.log",
    priority: 100
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    resources:
        original=LABELS,
    params:
        content=digest(*map(Path, METRIC_CODE)),
    script:
        "../scripts/definitions/copy_metric.py"
