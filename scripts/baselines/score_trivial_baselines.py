"""Score what needs no network."""

from pathlib import Path

from evocnn.processes.log import logged_to
from evocnn.report.tables.trivial_baselines import score_trivial_baselines

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        score_trivial_baselines(
            Path(snakemake.output[0]),
            train=tuple(map(Path, snakemake.input.train)),
            valid=tuple(map(Path, snakemake.input.valid)),
            test=tuple(map(Path, snakemake.input.test)),
            labels=Path(snakemake.input.labels),
        )
