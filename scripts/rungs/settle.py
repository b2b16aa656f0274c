"""Give each individual the fitness of the last rung that it has reached."""

from itertools import islice
from pathlib import Path

from evocnn.evolution.limited import LIMITS
from evocnn.evolution.rungs import settle
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    given = iter([Path(path) for path in snakemake.input.fitness])
    with logged_to(snakemake.log[0]):
        settle(
            [Path(path) for path in snakemake.output.fitness],
            [Path(path) for path in snakemake.output.history],
            space=Path(snakemake.input.space),
            offspring=Path(snakemake.input.offspring),
            rungs=[Path(path) for path in snakemake.input.rungs],
            trained=[list(islice(given, count)) for count in snakemake.params.places],
            epochs=snakemake.params.ends,
            checkpoints=[Path(path) for path in snakemake.input.checkpoints],
            jobs={limit: snakemake.resources.get(limit) for limit in LIMITS.values()},
        )
