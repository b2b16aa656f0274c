"""Choose the finalists."""

from pathlib import Path

from evocnn.evolution.finalists import write_finalists
from evocnn.evolution.settings import EvolutionSettings
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        write_finalists(
            Path(snakemake.output[0]),
            space=Path(snakemake.input.space),
            offspring=tuple(map(Path, snakemake.input.offspring)),
            fitness=tuple(map(Path, snakemake.input.fitness)),
            count=snakemake.params.finalists,
            chosen=snakemake.params.individuals,
            settings=EvolutionSettings(**snakemake.params.evolution),
        )
