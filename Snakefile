"""evocnn: evolve convolutional networks, one training job per individual.

snakemake --cores 8 --resources gpu=1
snakemake --cores 8 --resources gpu=1 --configfile config/mpii.yaml mine.yaml
"""

from snakemake.utils import min_version

min_version("9.27")


configfile: f"{workflow.basedir}/config/config.yaml"


include: "rules/common.smk"


onstart:
    # With a limit on starts per second, Snakemake 9.27 looks for jobs again and again while some wait, once more each
    # second for every one that has ended (its issue 3804): after hundreds of jobs it takes a core. Its default, 100 per
    # second, limits nothing.
    limit = workflow.scheduler.job_rate_limiter
    if limit and (limit.max_jobs, limit.timespan) == (100, 1):
        workflow.scheduler.job_rate_limiter = None


pathvars:
    run=RUN,
    records=f"{RUN}/records",
    logs=LOGS,
    benchmarks=BENCHMARKS,


include: "rules/definitions.smk"
include: "rules/download.smk"


if not ONLY_RECORDS:

    include: "rules/dataset.smk"


include: "rules/evolution.smk"
include: "rules/final.smk"
include: "rules/baselines.smk"
include: "rules/report.smk"
include: "rules/compare.smk"
include: "rules/probe.smk"


report: "report/workflow.rst"


rule all:
    """Everything a search leaves behind."""
    default_target: True
    input:
        # Named here as well, so that one that was deleted is missed although what depends on it exists.
        all_fitness,
        all_history,
        expand(
            "<run>/generation-{generation}/{name}.json",
            generation=GENERATIONS,
            name=["offspring", "networks", "population"],
        ),
        "<run>/config.yaml",
        list(COPIES.values()),
        "<run>/summary.txt",
        list(EXPORTS.values()),
        "<run>/final/predictor.onnx",
        "<run>/final/model_card.md",
        "<run>/final/predictions.png",
        "<run>/report.html",
        "<run>/tables/scores.csv",
        "<run>/plots/fitness.svg",
        "<run>/plots/network.svg",
        ["<run>/tables/baselines.csv"] if BASELINE_NAMES else [],
