"""Which files, memory and contents a job needs, by its wildcards."""

from pathlib import Path

from evocnn.dataset.fingerprint import fingerprint
from evocnn.training.job import Baseline
from evocnn.training.memory_request import (
    baseline_gpu_memory,
    baseline_memory,
    requested_gpu_memory,
    requested_memory,
)


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


def files_of_searches(wildcards):
    """What the reports of the searches of a comparison show, beside their final networks."""
    names = ["offspring", "networks", "population"]
    bred = expand("<run>/generation-{generation}/{name}.json", generation=GENERATIONS, name=names)
    files = [*bred, *all_fitness(wildcards), *all_history(wildcards)]
    for copies in COPIES.values():
        files += [copies] if isinstance(copies, str) else copies
    return [path.replace("<run>", f"<run>/compare/{search}") for search in SEARCHES for path in files]


def config_of_search(strategy, seed):
    """The configuration of one search of the comparison, which compares nothing itself."""
    changed = SETTINGS.model_dump(mode="json")
    changed["seed"], changed["evolution"]["strategy"], changed["compare"]["seeds"] = seed, strategy, []
    return changed
