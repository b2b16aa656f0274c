"""What the rules share: the checked configuration, paths, and which generation needs which files."""

import os
import sys
from copy import deepcopy
from pathlib import Path

sys.path.append(os.path.join(workflow.basedir, "scripts"))

from evocnn.configuration import check_configuration
from evocnn.evolution.requests import baseline_memory, requested_memory
from evocnn.space.baselines import BASELINES
from evocnn.space.space_file import space_files


def locate(path):
    """A path of the configuration: in the working directory, or else as shipped with the workflow."""
    return path if os.path.exists(path) else os.path.join(workflow.basedir, path)


try:
    check_configuration(config, Path(locate("config/schema.yaml")), locate)
except ValueError as error:
    sys.exit(f"evocnn: {error}")

# A run is a chain of generations, and Snakemake walks along it recursively.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 10_000 + 100 * config["evolution"]["generations"]))

RUN = f"results/{config['experiment']}"
LOGS = f"logs/{config['experiment']}"
BENCHMARKS = f"benchmarks/{config['experiment']}"
ROOT = config["dataset"]["root"]
TRAIN_IMAGES = f"{ROOT}/{config['dataset']['train_images']}"
TEST_IMAGES = f"{ROOT}/{config['dataset']['test_images']}"
# Class folders are their own annotations.
TRAIN = f"{ROOT}/{config['dataset']['train']}" if config["dataset"]["train"] else TRAIN_IMAGES
TEST = [f"{ROOT}/{config['dataset']['test']}"] if config["dataset"]["test"] else []
SPACE = locate(config["space"])
# The space's own operations, if it has any: networks depend on them as on the space.
OPERATIONS = [str(path) for path in space_files(Path(SPACE))[1:]]
LABELS = locate(config["dataset"]["labels"])
SHARDS = [f"{shard:05d}-of-{config['dataset']['shards']:05d}" for shard in range(config["dataset"]["shards"])]
BASELINE_EPOCHS = config["baselines"]["epochs"] or config["final"]["epochs"]
# What baselines have scored, for whoever shows it beside the rest.
BASELINE_SCORES = expand("<run>/baselines/{baseline}/score.json", baseline=config["baselines"]["networks"])
# What `snakemake compare` compares, by the names of their folders.
SEARCHES = {
    f"{strategy}-{seed}": (strategy, seed)
    for strategy in dict.fromkeys([config["evolution"]["strategy"], *config["compare"]["strategies"]])
    for seed in config["compare"]["seeds"]
}
# Whether children start from the weights of their parents.
INHERIT = config["training"]["inherit"]
# Whether trainings leave logs for TensorBoard.
TENSORBOARD = config["training"]["tensorboard"]
GENERATIONS = [f"{generation:03d}" for generation in range(config["evolution"]["generations"])]


wildcard_constraints:
    split="train|valid|test",
    shard=r"\d+-of-\d+",
    generation=r"\d+",
    individual=r"\d+",
    baseline="|".join(BASELINES),


def images(wildcards):
    """The images of a split: the folder or zip."""
    return TEST_IMAGES if wildcards.split == "test" and TEST else TRAIN_IMAGES


def attempt_number(wildcards, attempt):
    """How often a job has been tried, this time included."""
    return attempt


def memory_of_individual(wildcards, input, attempt):
    """Memory in MB that the training of an individual asks for: that of its network, so that small ones pack."""
    return requested_memory(Path(input.offspring), "offspring", int(wildcards.individual), attempt)


def memory_of_best(wildcards, input, attempt):
    """Memory in MB that the training of a population's best individual asks for."""
    return requested_memory(Path(input.population), "population", 0, attempt)


def memory_of_baseline(wildcards, attempt):
    """Memory in MB that the training of a baseline asks for."""
    dataset, batch_size = config["dataset"], config["training"]["batch_size"]
    width = config["baselines"]["width"]
    return baseline_memory(wildcards.baseline, width, dataset["input_size"], Path(LABELS), batch_size, attempt)


def individuals(generation):
    """Numbers of the individuals that a generation trains: founders, or offspring."""
    key = "population" if int(generation) == 0 else "offspring"
    return [f"{number:02d}" for number in range(config["evolution"][key])]


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
    return populations(int(wildcards.generation) - 1 - config["evolution"]["overlap"])


def in_flight(wildcards):
    """Offspring of the generations between the parents and this one."""
    generation = int(wildcards.generation)
    first = max(0, generation - config["evolution"]["overlap"])
    return [f"<run>/generation-{g:03d}/offspring.json" for g in range(first, generation)]


def kept_weights(generation):
    """Where the weights of a generation's survivors are kept, as a list; empty before the first, or for nobody."""
    return [f"<run>/generation-{generation:03d}/weights"] if INHERIT and generation >= 0 else []


def inherited(wildcards):
    """What the individuals of a generation may start from: their parents' population, and its weights."""
    generation = int(wildcards.generation) - 1 - config["evolution"]["overlap"]
    return [*populations(generation), *kept_weights(generation)] if INHERIT else []


def weights_to_keep(wildcards):
    """Where the weights of a generation's survivors are before it is selected."""
    generation = wildcards.generation
    trained = [f"<run>/generation-{generation}/individual-{number}/weights" for number in individuals(generation)]
    return [*trained, *kept_weights(int(generation) - 1)] if INHERIT else []


def outlived(wildcards):
    """The weights that nobody starts from once a generation is selected: its own, and its parents'."""
    generation = int(wildcards.generation)
    parents = kept_weights(generation - 1 - config["evolution"]["overlap"])
    return [*weights_to_keep(wildcards)[: len(individuals(generation))], *parents]


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


def config_of_search(strategy, seed):
    """The configuration of one search of the comparison, which compares nothing itself."""
    changed = deepcopy(config)
    changed["seed"], changed["evolution"]["strategy"], changed["compare"]["seeds"] = seed, strategy, []
    return changed
