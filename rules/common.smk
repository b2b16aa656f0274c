"""What the rules share: the checked configuration, and paths."""

import os
import sys
from pathlib import Path


include: "library.smk"


from evocnn.configuration.changes import changes
from evocnn.configuration.check import TOY_ROOT, only_records, read_configuration
from evocnn.extensions import own_file, own_name
from evocnn.files import digest
from evocnn.labels import label_files
from evocnn.space.baselines import BASELINES
from evocnn.space.space_file import space_files
from evocnn.training.key import CODE, code_digest
from evocnn.yaml_files import read_yaml


def locate(path):
    """A path of the configuration: in the working directory, or else as shipped with the workflow."""
    return path if os.path.exists(path) else os.path.join(WORKFLOW, path)


try:
    for file in workflow.configfiles if workflow.is_main_process else []:
        read_yaml(Path(file))  # a key that is there twice would be taken in silence
    SETTINGS = read_configuration(config, locate)
except ValueError as error:
    sys.exit(f"evocnn: {error}")

CORES = workflow.resource_settings.cores
# Snakemake knows its executor later; only one that submits jobs has a number of them.
ON_CLUSTER = workflow.resource_settings.nodes is not None
THREADS = SETTINGS.training.threads
if workflow.is_main_process and not ON_CLUSTER and CORES and CORES < THREADS:
    sys.exit(
        f"evocnn: training.threads is {THREADS}, and there are {CORES} cores; Snakemake would train with fewer "
        "threads, which changes results in their last digits; give more --cores, or lower training.threads"
    )

# Sections of the configuration, as rules take them. A rule whose `params` hold a section runs again when it changes.
TRAINING = SETTINGS.training.model_dump(mode="json")
FINAL_TRAINING = SETTINGS.final_training.model_dump(mode="json")
BASELINE_TRAINING = SETTINGS.baseline_training.model_dump(mode="json")
# More generations add jobs; those of earlier generations do not run again.
EVOLUTION = SETTINGS.evolution.model_dump(mode="json", exclude={"generations", "founders"})
LIMITS = SETTINGS.limits.model_dump()
# What does not change results is a resource: a changed value trains nothing again.
JOBS = SETTINGS.jobs.model_dump(exclude={"final_time_limit"})
# GPUs that Snakemake counts for a job. Where jobs share GPUs as their memory allows, cores alone limit how many there are.
GPU = 0 if JOBS["jobs_per_gpu"] == "auto" and not ON_CLUSTER else 1
FINAL_JOBS = {**JOBS, "time_limit": SETTINGS.jobs.final_time_limit}

# A run is a chain of generations, and Snakemake walks along it recursively.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000 + 100 * SETTINGS.evolution.generations))

DATASET = SETTINGS.dataset
RUN = f"results/{SETTINGS.experiment}"
# Records are sources, like annotations, where the images that they were made of are gone.
ONLY_RECORDS = only_records(SETTINGS)
if workflow.is_main_process:
    if ONLY_RECORDS:
        print(
            f"evocnn: {RUN}: files of {DATASET.root} are gone; the records of the run are used as they are",
            file=sys.stderr,
        )
    for change in changes(Path(RUN, "config.yaml"), SETTINGS.model_dump(mode="json")):
        print(f"evocnn: {RUN}: {change}", file=sys.stderr)
LOGS = f"logs/{SETTINGS.experiment}"
BENCHMARKS = f"benchmarks/{SETTINGS.experiment}"
# Each toy data set has a folder of its own: another seed or size does not redraw that of another run.
TOY = "data/toy/" + "-".join(map(str, [*SETTINGS.toy.model_dump().values(), SETTINGS.seed]))
ROOT = TOY if DATASET.root == TOY_ROOT else DATASET.root
TRAIN_IMAGES = os.path.normpath(f"{ROOT}/{DATASET.train_images}")
TEST_IMAGES = os.path.normpath(f"{ROOT}/{DATASET.test_images}")
# Class folders are their own annotations.
TRAIN = f"{ROOT}/{DATASET.train}" if DATASET.train else TRAIN_IMAGES
TEST = [f"{ROOT}/{DATASET.test}"] if DATASET.test else []
CONTENTS = {}
# What the crops of a record depend on.
CROPS = {"input_size": DATASET.input_size, "margin": DATASET.margin}
# How images are divided into splits.
FRACTIONS = {"valid_fraction": DATASET.valid_fraction, "test_fraction": DATASET.test_fraction}
SPACE = locate(SETTINGS.space)
# The space's own operations, if it has any: networks depend on them as on the space.
OPERATIONS = [str(path) for path in space_files(Path(SPACE))[1:]]
LABELS = locate(DATASET.labels)
FOUNDERS = [locate(path) for path in SETTINGS.evolution.founders]
# Code of the user's own that the configuration names: what it makes is made again when it changes.
STRATEGY_CODE = [str(path) for path in [own_file(SETTINGS.evolution.strategy)] if path]
METRIC_CODE = [str(path) for path in label_files(Path(LABELS))[1:]]
# Copies of what a run is defined by, each with its own code at the same place beside it. Jobs read these: it does not
# count where the workflow lies.
COPIES = {
    "space": f"<run>/space/{Path(SPACE).name}",
    "operations": [f"<run>/space/{Path(path).relative_to(Path(SPACE).parent)}" for path in OPERATIONS],
    "labels": f"<run>/labels/{Path(LABELS).name}",
    "metric": [f"<run>/labels/{Path(path).relative_to(Path(LABELS).parent)}" for path in METRIC_CODE],
}
SPACE_COPY = {name: COPIES[name] for name in ("space", "operations")}
LABELS_COPY = {name: COPIES[name] for name in ("labels", "metric")}
FORMAT_CODE = [str(path) for path in [own_file(DATASET.format)] if path]
SHARDS = [f"{shard:05d}-of-{DATASET.shards:05d}" for shard in range(DATASET.shards)]
BASELINE_NAMES = list(SETTINGS.baselines.networks)
BASELINE_FITNESS = expand("<run>/baselines/{baseline}/fitness.json", baseline=BASELINE_NAMES)
BASELINE_SCORES = expand("<run>/baselines/{baseline}/score.json", baseline=BASELINE_NAMES)
# What `snakemake compare` compares, by the names of their folders.
SEARCHES = {
    f"{own_name(strategy)}-{seed}": (strategy, seed)
    for strategy in dict.fromkeys([SETTINGS.evolution.strategy, *SETTINGS.compare.strategies])
    for seed in SETTINGS.compare.seeds
}
# Code counts by content, where it changes results; profiles/default turns off Snakemake's look at times of scripts.
TRAINING_CODE = code_digest(*CODE)
SEARCH_CODE = code_digest("evolution", "space")
DATA_CODE = code_digest("dataset", "pose", "tasks")
# Whether children start from the weights of their parents.
INHERIT = SETTINGS.training.inherit
# Whether trainings write logs for TensorBoard.
TENSORBOARD = SETTINGS.training.tensorboard
FINAL_WEIGHTS = [locate(path) for path in [SETTINGS.final.weights] if path]
FINALISTS = [f"{number:02d}" for number in range(len(SETTINGS.final.individuals) or SETTINGS.final.finalists)]
FINALIST_FITNESS = expand("<run>/final/finalist-{individual}/fitness.json", individual=FINALISTS)
# Epochs at the end of each rung; without rungs, individuals are trained at once.
RUNGS = SETTINGS.evolution.rungs
RUNG_ENDS = [*RUNGS, SETTINGS.training.epochs]
# The final network in other formats.
EXPORT_FILES = {
    "saved_model": "<run>/final/saved_model",
    "onnx": "<run>/final/model.onnx",
    "tflite": "<run>/final/model.tflite",
    "tflite_float16": "<run>/final/model_float16.tflite",
    "tflite_int8": "<run>/final/model_int8.tflite",
}
EXPORTS = {name: EXPORT_FILES[name] for name in SETTINGS.final.exports}
GENERATIONS = [f"{generation:03d}" for generation in range(SETTINGS.evolution.generations)]


wildcard_constraints:
    split="train|valid|test",
    shard=r"\d+-of-\d+",
    generation=r"\d+",
    individual=r"\d+",
    rung=r"\d+",
    baseline="|".join(BASELINES),


include: "inputs.smk"
