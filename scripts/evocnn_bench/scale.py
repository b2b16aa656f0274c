"""What a search of thousands of trainings costs besides them: planning, scheduling, files, tables."""

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
from evocnn_bench.document import table
from evocnn_bench.simulated import simulated_fitness, write_simulated
from evocnn_bench.stubbed import BEFORE, GENERATION, TABLE, snakemake, stubbed_workflow

REPOSITORY = Path(__file__).resolve().parents[2]
SPACE = REPOSITORY / "config/spaces/weighted.yaml"
PLANNED = (1_000, 10_000)
EXECUTED = (1_000, 10_000)
SIMULATED = 10_000
SEED = 1
LIMITS = Limits(params=500_000, macs=12_000_000, memory_mb=2000)
REQUIRED = Requirements(input_size=64, outputs=16, task="pose", batch_size=16)
SETTINGS = EvolutionSettings(strategy="genetic", population=GENERATION)


def bench_scale() -> str:
    """Plan, execute, and tabulate; the result as Markdown."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        workflow = stubbed_workflow(folder / "workflow")
        planning, execution = bench_planning(workflow, folder), bench_execution(workflow, folder)
        return "\n\n".join([planning, execution, bench_files(folder / "run", SIMULATED)])


def bench_planning(workflow: Path, folder: Path) -> str:
    """Time and memory of dry runs."""
    rows = [["`snakemake -n`", "jobs", "seconds", "ms per job", "peak memory, MB"]]
    for trainings in PLANNED:
        matches = snakemake(workflow, folder / f"planned-{trainings}", trainings, TABLE, "--dry-run")
        figures = (f"{matches.jobs:,}", f"{matches.seconds:.1f}", f"{1000 * matches.seconds / matches.jobs:.1f}")
        rows.append([f"{trainings:,} trainings", *figures, f"{matches.peak_mb:.0f}"])
    return table(rows)


def bench_execution(workflow: Path, folder: Path) -> str:
    """Time and memory of runs whose trainings take 10 ms each."""
    rows = [["trainings of 10 ms", "jobs", "seconds", "ms per job", "Snakemake's own", "peak memory, MB", "report, s"]]
    for trainings in EXECUTED:
        run = folder / f"executed-{trainings}"
        snakemake(workflow, run, trainings, *BEFORE)
        matches = snakemake(workflow, run, trainings, TABLE)
        per_job = (1000 * matches.seconds / matches.jobs, 1000 * matches.cpu_seconds / matches.jobs)
        figures = (f"{matches.jobs:,}", f"{matches.seconds:.0f}", *(f"{figure:.0f}" for figure in per_job))
        report = snakemake(workflow, run, trainings, TABLE, "--report", "report.html").seconds
        rows.append([f"{trainings:,}", *figures, f"{matches.peak_mb:.0f}", f"{report:.1f}"])
    return table(rows)


def bench_files(run: Path, individuals: int) -> str:
    """What a simulated search leaves, and how long it takes to make tables and the report of it."""
    last = simulated_search(run, individuals // GENERATION)
    folder = run / f"generation-{last.generation:03d}"
    everything = [path.stat().st_size for path in run.rglob("*") if path.is_file()]
    population = (folder / "population.json").stat().st_size
    tables, page = _seconds(lambda: tabulate(run)), _seconds(lambda: _report(run, last.generation + 1))
    rows = [
        (f"after {individuals:,} individuals", ""),
        ("files and folders in the folder of a generation", f"{len(list(folder.iterdir()))}"),
        (f"last `population.json`, {len(last.tried):,} ids tried, kB", f"{population / 1e3:.0f}"),
        ("files of the search", f"{len(everything):,}"),
        ("all of them, MB", f"{sum(everything) / 1e6:.0f}"),
        ("`tables/*.csv`, seconds", f"{tables:.1f}"),
        ("`report.html`, seconds", f"{page:.1f}"),
        ("`report.html`, MB", f"{(run / 'report.html').stat().st_size / 1e6:.1f}"),
    ]
    return table(rows)


def simulated_search(run: Path, generations: int) -> Population:
    """Breed, simulate and select in process, and leave every file of a search that the workflow would."""
    space = read_space(SPACE)
    express = expression(space, REQUIRED)
    population = None
    for generation in range(generations):
        folder = run / f"generation-{generation:03d}"
        offspring = breed(
            space, express, LIMITS, SETTINGS, generation=generation, count=GENERATION, seed=SEED, parents=population
        )
        ids = [individual.network_id for individual in offspring.individuals]
        for number, network_id in enumerate(ids):
            individual = folder / f"individual-{number:02d}"
            write_simulated(individual / "fitness.json", individual / "history.csv", network_id)
        write_offspring(folder / "offspring.json", offspring, space)
        networks = [expressed_network(individual.genome, space, REQUIRED) for individual in offspring.individuals]
        write_networks(folder / "networks.json", networks)
        population = select(offspring, list(map(simulated_fitness, ids)), population, space, SETTINGS)
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


def _report(run: Path, generations: int) -> None:
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text(encoding="utf-8"))
    sizes = {"generations": generations, "population": GENERATION, "offspring": GENERATION}
    write_configuration(run / "config.yaml", {**config, "evolution": {**config["evolution"], **sizes}})
    labels = REPOSITORY / config["dataset"]["labels"]
    copy_files((SPACE, labels), (run / "space" / SPACE.name, run / "labels" / labels.name))
    build_report(RunFiles.in_folder(run), run / "report.html")


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
