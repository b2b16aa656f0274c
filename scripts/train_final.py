"""Train the best network longer."""

import os
from pathlib import Path

from evocnn.jobs.process import limit_threads, logged_to, named_paths

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.jobs.individual import train_final
        from evocnn.jobs.key import Data
        from evocnn.jobs.terms import rules_of

        train_final(
            named_paths(snakemake.output),
            population=Path(snakemake.input.population),
            space_files=[Path(snakemake.input.space), *map(Path, snakemake.input.operations)],
            data=Data.of(snakemake.input),
            settings={**snakemake.params, "threads": snakemake.threads},
            rules=rules_of(snakemake.resources),
            environment=os.environ,
        )
