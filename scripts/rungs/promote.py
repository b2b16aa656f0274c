"""Choose who goes on to a rung."""

from pathlib import Path

from evocnn.evolution.limited import LIMITS
from evocnn.evolution.rungs import promote
from evocnn.evolution.settings import EvolutionSettings
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        promote(
            Path(snakemake.output[0]),
            space=Path(snakemake.input.space),
            offspring=Path(snakemake.input.offspring),
            fitness=[Path(path) for path in snakemake.input.fitness],
            below=next(map(Path, snakemake.input.below), None),
            count=snakemake.params.places,
            settings=EvolutionSettings(**snakemake.params.evolution),
            jobs={limit: snakemake.resources.get(limit) for limit in LIMITS.values()},
        )
