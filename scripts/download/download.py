"""Entry script of the rule download: download a file of the data set."""

from pathlib import Path

from evocnn.dataset.download import download
from evocnn.processes.log import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        refusal = Path(snakemake.log[0]).with_suffix(".refused")
        if snakemake.resources.attempt == 1:
            refusal.unlink(missing_ok=True)
        download(
            Path(snakemake.output[0]),
            url=snakemake.params.url,
            sha256=snakemake.params.sha256,
            refusal=refusal,
        )
