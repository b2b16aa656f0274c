"""Several seeds of a search, and of others to compare it with: `snakemake compare`.

Each is a search of its own by the very rules of this workflow, in <run>/compare, on the records of the run.
"""

for search, (strategy, seed) in SEARCHES.items():
    search_name = f"compare_{own_name(strategy)}_{seed}"
    search_prefix = f"{search_name}_"
    search_config = config_of_search(strategy, seed)

    module:
        name: search_name
        pathvars:
            run=f"{RUN}/compare/{search}",
            logs=f"{LOGS}/compare/{search}",
            benchmarks=f"{BENCHMARKS}/compare/{search}",
            records=f"{RUN}/records",
        snakefile:
            "search.smk"
        config:
            search_config

    use rule * from search_name as search_prefix*


rule compare:
    """Mean, spread, and a test of significance."""
    input:
        fitness=expand("<run>/compare/{search}/final/fitness.json", search=SEARCHES),
        scores=expand("<run>/compare/{search}/final/score.json", search=SEARCHES),
        config=expand("<run>/compare/{search}/config.yaml", search=SEARCHES),
        predictions=expand("<run>/compare/{search}/final/predictions.csv", search=SEARCHES),
        calibrations=expand("<run>/compare/{search}/final/calibration.json", search=SEARCHES),
        searches=files_of_searches,
        trivial="<run>/baselines/trivial.json",
        manifests=expand("<records>/{split}/manifest.json", split=["test", "train", "valid"]),
        test=multiext("<records>/test/crops", ".npy", ".npz"),
    output:
        table=report(
            "<run>/tables/compare.csv",
            caption="../report/compare.rst",
            category="Search",
            labels={"what": "several seeds"},
        ),
        page="<run>/compare/report.html",
        pages=expand("<run>/compare/{search}/report.html", search=SEARCHES),
        text=report(
            "<run>/compare/summary.txt",
            caption="../report/compare.rst",
            category="Search",
            labels={"what": "several seeds, in words"},
        ),
    log:
        "<logs>/compare.log",
    localrule: True
    conda:
        "../envs/evocnn.yaml"
    params:
        searches=[(own_name(strategy), seed) for strategy, seed in SEARCHES.values()],
    script:
        "../scripts/compare/compare.py"
