"""Train one individual."""

import os
from pathlib import Path

from evocnn.jobs.process import limit_threads, logged_to, named_paths

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.jobs.individual import train_individual
        from evocnn.jobs.key import Data
        from evocnn.jobs.terms import rules_of

        train_individual(
            named_paths(snakemake.output),
            offspring=Path(snakemake.input.offspring),
            number=int(snakemake.wildcards.individual),
            space_files=[Path(snakemake.input.space), *map(Path, snakemake.input.operations)],
            data=Data.of(snakemake.input),
            inherited=[Path(path) for path in snakemake.input.inherited],
            settings={**snakemake.params, "threads": snakemake.threads},
            rules=rules_of(snakemake.resources),
            environment=os.environ,
        )
