"""Choose the final network among the finalists."""

from pathlib import Path

from evocnn.evolution.finalists import choose_final
from evocnn.evolution.settings import EvolutionSettings
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        choose_final(
            tuple(map(Path, snakemake.output)),
            space=Path(snakemake.input.space),
            finalists=Path(snakemake.input.finalists),
            fitness=tuple(map(Path, snakemake.input.fitness)),
            settings=EvolutionSettings(**snakemake.params.evolution),
        )
