"""Select the survivors of a generation."""

from pathlib import Path

from evocnn.evolution.breed_select import select_generation
from evocnn.evolution.limited import LIMITS
from evocnn.evolution.settings import EvolutionSettings
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        select_generation(
            Path(snakemake.output[0]),
            space=Path(snakemake.input.space),
            offspring=Path(snakemake.input.offspring),
            fitness=[Path(path) for path in snakemake.input.fitness],
            population=next(map(Path, snakemake.input.population), None),
            weights=next(map(Path, snakemake.output.weights), None),
            weights_from=[Path(path) for path in snakemake.input.weights],
            outlived=[Path(path) for path in snakemake.input.outlived],
            jobs={limit: snakemake.resources.get(limit) for limit in LIMITS.values()},
            settings=EvolutionSettings(**snakemake.params.evolution),
        )
