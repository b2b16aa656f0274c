"""Select the survivors of a generation."""

from pathlib import Path

from evocnn.evolution.settings import Settings
from evocnn.evolution.steps import select_generation
from evocnn.jobs.process import logged_to

if __name__ == "__main__":
    params = snakemake.params
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
            settings=Settings(
                strategy=params.strategy,
                population=params.population,
                objectives=tuple(params.objectives),
                restart=params.restart,
                controller_rate=params.controller_rate,
            ),
        )
