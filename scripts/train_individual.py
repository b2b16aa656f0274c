"""Train one individual."""

from pathlib import Path

from evocnn.jobs.process import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.evolution.exhaustion import is_exhausted, write_exhausted

        offspring, number = Path(snakemake.input.offspring), int(snakemake.wildcards.individual)
        if is_exhausted(offspring, number):
            write_exhausted(*map(Path, snakemake.output))
            raise SystemExit

        from evocnn.network.lineage import Inheritance
        from evocnn.network.settings import Training
        from evocnn.network.steps import train_individual

        settings = dict(snakemake.params)
        train_individual(
            Path(snakemake.output.fitness),
            Path(snakemake.output.history),
            offspring=offspring,
            number=number,
            space=Path(snakemake.input.space),
            labels=Path(snakemake.input.labels),
            train_files=tuple(map(Path, snakemake.input.train)),
            valid_files=tuple(map(Path, snakemake.input.valid)),
            seed=settings.pop("seed"),
            training=Training(**settings),
            tensorboard=next(map(Path, snakemake.output.tensorboard), None),
            inheritance=Inheritance(*map(Path, snakemake.input.inherited)) if snakemake.input.inherited else None,
            weights=next(map(Path, snakemake.output.weights), None),
        )
