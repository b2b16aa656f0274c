"""What a long search leaves on the disk, and how long its tables and its report take to make."""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from evocnn.configuration.check import write_configuration
from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expressed_network, expression
from evocnn.evolution.population import Population, write_offspring, write_population
from evocnn.evolution.selection import select
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.files import copy_files
from evocnn.report.page.report_page import build_report
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.individuals import write_tables
from evocnn.space.network_file import write_networks
from evocnn.space.space_file import read_space
from evocnn_bench.document import REPOSITORY, table
from evocnn_bench.simulated import simulated_fitness, write_simulated

SPACE = REPOSITORY / "config/spaces/weighted.yaml"
SHAPES = ((100, 100), (500, 20))
"""Generations, and individuals of each."""
SEED = 1
LIMITS = Limits(params=500_000, macs=12_000_000, memory_mb=2000)
REQUIRED = Requirements(input_size=64, outputs=16, task="pose", batch_size=16)


def bench_files() -> str:
    """Simulate a search of each shape and look at it, as Markdown."""
    with TemporaryDirectory() as folder:
        columns = [describe_search(Path(folder) / f"{count}", count, each) for count, each in SHAPES]
    head = ("", *(f"{count} generations of {each}" for count, each in SHAPES))
    return table([head, *((name, *(column[name] for column in columns)) for name in columns[0])])


def describe_search(run: Path, generations: int, each: int) -> dict[str, str]:
    """What a simulated search leaves, and how long it takes to make tables and the report of it, by name."""
    last = simulated_search(run, generations, each)
    population = run / f"generation-{last.generation:03d}/population.json"
    everything = [path.stat().st_size for path in run.rglob("*") if path.is_file()]
    ids, kilobytes = len(last.tried), population.stat().st_size / 1e3
    tables, page = _seconds(lambda: tabulate(run)), _seconds(lambda: report(run, generations, each))
    return {
        "files and folders in the folder of a generation": f"{len(list(population.parent.iterdir()))}",
        "last `population.json`, and the ids of all networks in it": f"{kilobytes:.0f} kB, {ids:,} ids",
        "files of the search": f"{len(everything):,}, {sum(everything) / 1e6:.0f} MB",
        "`tables/*.csv`, seconds": f"{tables:.1f}",
        "`report.html`, seconds": f"{page:.1f}",
        "`report.html`, MB": f"{(run / 'report.html').stat().st_size / 1e6:.1f}",
    }


def simulated_search(run: Path, generations: int, each: int) -> Population:
    """Breed, simulate and select in process, and leave every file of a search that the workflow would."""
    space, settings = read_space(SPACE), EvolutionSettings(strategy="genetic", population=each)
    express = expression(space, REQUIRED)
    population = None
    for generation in range(generations):
        folder = run / f"generation-{generation:03d}"
        offspring = breed(
            space, express, LIMITS, settings, generation=generation, count=each, seed=SEED, parents=population
        )
        ids = [individual.network_id for individual in offspring.individuals]
        for number, network_id in enumerate(ids):
            individual = folder / f"individual-{number:02d}"
            write_simulated(individual / "fitness.json", individual / "history.csv", network_id)
        write_offspring(folder / "offspring.json", offspring, space)
        networks = [expressed_network(individual.genome, space, REQUIRED) for individual in offspring.individuals]
        write_networks(folder / "networks.json", networks)
        population = select(offspring, list(map(simulated_fitness, ids)), population, space, settings)
        write_population(folder / "population.json", population, space)
    assert population
    return population


def tabulate(run: Path) -> None:
    """Write the tables of a search as the workflow does: individuals.csv and generations.csv in its folder."""
    write_tables(
        run / "individuals.csv",
        run / "generations.csv",
        space=SPACE,
        offspring=sorted(run.glob("generation-*/offspring.json")),
        populations=sorted(run.glob("generation-*/population.json")),
        fitness=sorted(run.glob("generation-*/individual-*/fitness.json")),
    )


def report(run: Path, generations: int, each: int) -> None:
    """Write report.html of a search of so many generations as the workflow does."""
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text(encoding="utf-8"))
    sizes = {"generations": generations, "population": each, "offspring": each}
    evolution = {**config["evolution"], **sizes}
    write_configuration(run / "config.yaml", {**config, "space": f"{SPACE}", "evolution": evolution})
    labels = REPOSITORY / config["dataset"]["labels"]
    copy_files((SPACE, labels), (run / "space" / SPACE.name, run / "labels" / labels.name))
    build_report(RunFiles.in_folder(run), run / "report.html")


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
