"""What the rules share: the checked configuration, paths, and which generation needs which files."""

import os
import sys
import tarfile
import tempfile
from pathlib import Path


def folder_of(rules):
    """The folder of this workflow: where its rules lie, or a copy of the commit where another one names it in git.

    Snakemake reads single files out of git; the library and what is shipped with it are needed as files.
    """
    if getattr(rules, "ref", None) is None:
        return os.path.dirname(os.path.abspath(str(rules)))
    from git import Repo  # here, because every job reads this file

    repo = Repo(rules.hosted_repo.repo_clone if hasattr(rules, "hosted_repo") else rules.repo_path)
    copy = Path(".snakemake/evocnn", repo.commit(rules.ref).hexsha).resolve()
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        unpacked = tempfile.mkdtemp(dir=copy.parent)
        with tempfile.TemporaryFile() as archive:
            repo.archive(archive, treeish=rules.ref)
            archive.seek(0)
            tarfile.open(fileobj=archive).extractall(unpacked, filter="data")
        os.rename(unpacked, copy)
    return str(copy)


# In front, here and in jobs: the workflow runs its own code, whatever else is installed.
WORKFLOW = folder_of(workflow.current_basedir)
SCRIPTS = os.path.join(WORKFLOW, "scripts")
sys.path.insert(0, SCRIPTS)
OTHERS = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path not in ("", SCRIPTS)]
os.environ.update(PYTHONPATH=os.pathsep.join([SCRIPTS, *OTHERS]))

from evocnn.configuration.changes import changes
from evocnn.configuration.check import TOY_ROOT, only_records, read_configuration
from evocnn.dataset.fingerprint import fingerprint
from evocnn.extensions import own_file, own_name
from evocnn.files import digest
from evocnn.labels import label_files
from evocnn.space.baselines import BASELINES
from evocnn.space.space_file import space_files
from evocnn.training.job import Baseline
from evocnn.training.key import CODE, code_digest
from evocnn.training.memory_request import (
    baseline_gpu_memory,
    baseline_memory,
    requested_gpu_memory,
    requested_memory,
)
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


def images(wildcards):
    """The images of a split: the folder or zip."""
    return TEST_IMAGES if wildcards.split == "test" and TEST else TRAIN_IMAGES


def content(path):
    """A digest of names, sizes and times of images: as a parameter, it runs jobs again when images change."""
    if not CONTENTS.get(path):  # None before images are drawn or unpacked
        CONTENTS[path] = fingerprint(Path(path))
    return CONTENTS[path]


def content_of_images(wildcards):
    """The content of the images of a split; see `content`."""
    return content(images(wildcards))


def content_of_all_images(wildcards):
    """The content of all images; see `content`."""
    return [content(path) for path in [TRAIN_IMAGES, *([TEST_IMAGES] if TEST else [])]]


def attempt_number(wildcards, attempt):
    """How often a job has been tried, this time included."""
    return attempt


def memory_of_individual(wildcards, input, attempt):
    """Memory in MB that the training of an individual asks for: that of its network, so that small ones pack."""
    return requested_memory(Path(input.offspring), int(wildcards.individual), attempt)


def gpu_memory_of_individual(wildcards, input, attempt):
    """Memory in MB of a GPU that the training of an individual asks for; see `memory_of_individual`."""
    return requested_gpu_memory(Path(input.offspring), int(wildcards.individual), attempt)


def baseline(wildcards):
    """The baseline of a job."""
    return Baseline(wildcards.baseline, SETTINGS.baselines.width, DATASET.input_size)


def baseline_weights(wildcards):
    """The model that a baseline starts from, as a list; empty for random weights."""
    given = SETTINGS.baselines.weights.get(wildcards.baseline)
    return [locate(given)] if given else []


def memory_of_baseline(wildcards, attempt):
    """Memory in MB that the training of a baseline asks for."""
    return baseline_memory(baseline(wildcards), Path(LABELS), SETTINGS.training, SETTINGS.seed, attempt)


def gpu_memory_of_baseline(wildcards, attempt):
    """Memory in MB of a GPU that the training of a baseline asks for."""
    return baseline_gpu_memory(baseline(wildcards), Path(LABELS), SETTINGS.training, SETTINGS.seed, attempt)


def individuals(generation):
    """Numbers of the individuals that a generation trains: founders, or offspring."""
    key = "population" if int(generation) == 0 else "offspring"
    return [f"{number:02d}" for number in range(getattr(SETTINGS.evolution, key))]


def size(wildcards):
    """How many individuals a generation breeds."""
    return len(individuals(wildcards.generation))


def populations(generation):
    """The population file of a generation, as a list; empty before the first."""
    return [f"<run>/generation-{generation:03d}/population.json"] if generation >= 0 else []


def previous(wildcards):
    """The population that a generation's offspring compete with."""
    return populations(int(wildcards.generation) - 1)


def parents(wildcards):
    """The population that a generation descends from: the one before, or an earlier one with `overlap`."""
    return populations(int(wildcards.generation) - 1 - SETTINGS.evolution.overlap)


def founders(wildcards):
    """Files of the genomes that generation 0 begins with."""
    return FOUNDERS if int(wildcards.generation) == 0 else []


def in_flight(wildcards):
    """Offspring of the generations between the parents and this one."""
    generation = int(wildcards.generation)
    first = max(0, generation - SETTINGS.evolution.overlap)
    return [f"<run>/generation-{g:03d}/offspring.json" for g in range(first, generation)]


def kept_weights(generation):
    """Where the weights of a generation's survivors are kept, as a list; empty before the first, or for nobody."""
    return [f"<run>/generation-{generation:03d}/weights"] if INHERIT and generation >= 0 else []


def inherited(wildcards):
    """What the individuals of a generation may start from: their parents' population, and its weights."""
    generation = int(wildcards.generation) - 1 - SETTINGS.evolution.overlap
    return [*populations(generation), *kept_weights(generation)] if INHERIT else []


def weights_to_keep(wildcards):
    """Where the weights of a generation's survivors are before it is selected."""
    generation = wildcards.generation
    trained = [f"<run>/generation-{generation}/individual-{number}/weights" for number in individuals(generation)]
    return [*trained, *kept_weights(int(generation) - 1)] if INHERIT else []


def outlived(wildcards):
    """The weights that nobody starts from once a generation is selected: its own, and its parents'."""
    generation = int(wildcards.generation)
    parents = kept_weights(generation - 1 - SETTINGS.evolution.overlap)
    return [*weights_to_keep(wildcards)[: len(individuals(generation))], *parents]


def first_fitness(wildcards):
    """Fitness files of the founders, of the first rung where there are rungs."""
    place = "rung-0/{individual}" if RUNGS else "individual-{individual}"
    return expand(f"<run>/generation-000/{place}/fitness.json", individual=individuals(0))


def fitness(wildcards):
    """Fitness files of a generation, in the order of its individuals."""
    generation = wildcards.generation
    return [f"<run>/generation-{generation}/individual-{number}/fitness.json" for number in individuals(generation)]


def all_fitness(wildcards):
    """Fitness files of the whole run, generation after generation."""
    return [
        f"<run>/generation-{generation}/individual-{number}/fitness.json"
        for generation in GENERATIONS
        for number in individuals(generation)
    ]


def all_history(wildcards):
    """Learning curves of the whole run, in the order of `all_fitness`."""
    return [str(Path(path).with_name("history.csv")) for path in all_fitness(wildcards)]


def config_of_search(strategy, seed):
    """The configuration of one search of the comparison, which compares nothing itself."""
    changed = SETTINGS.model_dump(mode="json")
    changed["seed"], changed["evolution"]["strategy"], changed["compare"]["seeds"] = seed, strategy, []
    return changed
