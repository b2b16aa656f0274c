"""Breed the offspring of a generation."""

from pathlib import Path

from evocnn.evolution.breed_select import breed_generation
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    params = snakemake.params
    with logged_to(snakemake.log[0]):
        breed_generation(
            Path(snakemake.output.offspring),
            networks=Path(snakemake.output.networks),
            space=Path(snakemake.input.space),
            labels=Path(snakemake.input.labels),
            population=next(map(Path, snakemake.input.population), None),
            in_flight=[Path(path) for path in snakemake.input.in_flight],
            founders=[Path(path) for path in snakemake.input.founders],
            generation=int(snakemake.wildcards.generation),
            count=params.size,
            seed=params.seed,
            input_size=params.input_size,
            batch_size=params.batch_size,
            remat=params.remat,
            precision=params.precision,
            xla=params.xla,
            limits=Limits(**params.limits),
            settings=EvolutionSettings(**params.evolution),
        )
