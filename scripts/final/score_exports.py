"""Score the exported files of the best network on the test split."""

from pathlib import Path

from evocnn.processes.log import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.network.score_exports import score_exports

        score_exports(
            Path(snakemake.output[0]),
            files={name: Path(snakemake.input[name]) for name in snakemake.params.exports},
            model=Path(snakemake.input.model),
            metadata=Path(snakemake.input.metadata),
            test_files=tuple(map(Path, snakemake.input.test)),
            labels=Path(snakemake.input.labels),
            space=Path(snakemake.input.space),
            batch_size=snakemake.params.batch_size,
            threads=snakemake.threads,
        )
