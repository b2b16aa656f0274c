"""What Snakemake takes for thousands of trainings besides them: planning, scheduling, its report."""

from pathlib import Path
from tempfile import TemporaryDirectory

from evocnn_bench.document import table
from evocnn_bench.stubbed import BEFORE, TABLE, snakemake, stubbed_workflow

PLANNED = (1_000, 10_000)
EXECUTED = (1_000, 10_000)


def bench_scale() -> str:
    """Plan and execute; the result as Markdown."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        workflow = stubbed_workflow(folder / "workflow")
        return f"{bench_planning(workflow, folder)}\n\n{bench_execution(workflow, folder)}"


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
