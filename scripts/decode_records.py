"""Decode the records of a split."""

from pathlib import Path

from evocnn.jobs.process import limit_threads, logged_to

if __name__ == "__main__":
    limit_threads(snakemake.threads)
    with logged_to(snakemake.log[0]):
        from evocnn.dataset.crops import write_crops
        from evocnn.dataset.records import margin_pixels

        pixels, labels = map(Path, snakemake.output)
        shards = [Path(path) for path in snakemake.input.records]
        write_crops(pixels, labels, shards, margin_pixels(snakemake.params.input_size, snakemake.params.margin))
