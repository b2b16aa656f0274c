"""Train the best network longer."""

from pathlib import Path

from evocnn.jobs.process import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.network.settings import Training
        from evocnn.network.steps import train_final

        settings = dict(snakemake.params)
        train_final(
            Path(snakemake.output.model),
            Path(snakemake.output.fitness),
            Path(snakemake.output.history),
            population=Path(snakemake.input.population),
            space=Path(snakemake.input.space),
            labels=Path(snakemake.input.labels),
            train_files=tuple(map(Path, snakemake.input.train)),
            valid_files=tuple(map(Path, snakemake.input.valid)),
            seed=settings.pop("seed"),
            training=Training(**settings),
            tensorboard=next(map(Path, snakemake.output.tensorboard), None),
        )
