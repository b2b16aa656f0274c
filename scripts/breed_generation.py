"""Breed the offspring of a generation."""

from pathlib import Path

from evocnn.evolution.expression import Limits
from evocnn.evolution.settings import Settings
from evocnn.evolution.steps import breed_generation
from evocnn.jobs.process import logged_to

if __name__ == "__main__":
    params = snakemake.params
    with logged_to(snakemake.log[0]):
        breed_generation(
            Path(snakemake.output[0]),
            space=Path(snakemake.input.space),
            labels=Path(snakemake.input.labels),
            population=next(map(Path, snakemake.input.population), None),
            in_flight=[Path(path) for path in snakemake.input.in_flight],
            generation=int(snakemake.wildcards.generation),
            count=params.size,
            seed=params.seed,
            input_size=params.input_size,
            batch_size=params.batch_size,
            remat=params.remat,
            limits=Limits(params.max_params, params.max_macs, params.max_memory_mb),
            settings=Settings(
                strategy=params.strategy,
                population=params.population,
                tournament=params.tournament,
                variation=params.variation,
                operators=params.operators,
                mutation=tuple(params.mutation),
                mutation_generations=params.mutation_generations,
                immigrants=params.immigrants,
                restart=params.restart,
                adaptive=params.adaptive,
                candidates=params.candidates,
            ),
        )
