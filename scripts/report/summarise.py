"""Say what the search has reached."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.summary import write_summary

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_summary(
            Path(snakemake.output[0]),
            individuals=Path(snakemake.input.individuals),
            generations=Path(snakemake.input.generations),
            trivial=Path(snakemake.input.trivial),
            score=Path(snakemake.input.score),
            fitness=Path(snakemake.input.fitness),
            finalists=tuple(map(Path, snakemake.input.finalists)),
            baselines=tuple(map(Path, snakemake.input.baselines)),
        )
