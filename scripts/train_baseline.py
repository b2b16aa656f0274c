"""Train a network of the literature."""

from pathlib import Path

from evocnn.jobs.process import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.network.steps import train_baseline
        from evocnn.network.train import Training

        settings = dict(snakemake.params)
        train_baseline(
            Path(snakemake.output.model),
            Path(snakemake.output.fitness),
            Path(snakemake.output.history),
            name=snakemake.wildcards.baseline,
            width=settings.pop("width"),
            labels=Path(snakemake.input.labels),
            train_files=tuple(map(Path, snakemake.input.train)),
            valid_files=tuple(map(Path, snakemake.input.valid)),
            seed=settings.pop("seed"),
            training=Training(**settings),
        )
