"""Score the mean pose."""

from pathlib import Path

from evocnn.dataset.mean_pose import score_mean_pose
from evocnn.jobs.process import logged_to

if __name__ == "__main__":
    with logged_to(snakemake.log[0]):
        score_mean_pose(
            Path(snakemake.output[0]),
            train=tuple(map(Path, snakemake.input.train)),
            valid=tuple(map(Path, snakemake.input.valid)),
            test=tuple(map(Path, snakemake.input.test)),
            skeleton=Path(snakemake.input.skeleton),
        )
