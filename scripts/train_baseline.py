"""Train a network of the literature."""

import os

from evocnn.jobs.process import limit_threads, logged_to, named_paths

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.jobs.individual import train_baseline
        from evocnn.jobs.key import Data
        from evocnn.jobs.terms import rules_of

        settings = {**snakemake.params, "threads": snakemake.threads}
        train_baseline(
            named_paths(snakemake.output),
            name=snakemake.wildcards.baseline,
            width=settings.pop("width"),
            input_size=settings.pop("input_size"),
            data=Data.of(snakemake.input),
            settings=settings,
            rules=rules_of(snakemake.resources),
            environment=os.environ,
        )
