"""Entry script of the rule write_manifest: write the manifest of a split."""

from pathlib import Path

from evocnn.dataset.manifest import write_manifest
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        settings = dict(snakemake.params)
        max_skipped = settings.pop("max_skipped")
        write_manifest(
            Path(snakemake.output[0]),
            [Path(path) for path in snakemake.input.summaries],
            people=Path(snakemake.input.people),
            annotations=[Path(path) for path in snakemake.input.annotations],
            settings=settings,
            max_skipped=max_skipped,
        )
