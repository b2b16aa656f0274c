"""A training job without Snakemake: python job.py FOLDER 'JSON'. What it trains is in the folder; see training_jobs."""

import json
import os
import sys
from pathlib import Path

from evocnn.processes.log import limit_threads

SETTINGS = {
    "epochs": 12,
    "patience": 20,
    "batch_size": 8,
    "learning_rate": 0.01,
    "clip_norm": None,
    "scale": 0.1,
    "rotation": 10,
}


def main(folder: Path, settings: dict, limits: dict, number: int = 0, stage: dict | None = None) -> None:
    limit_threads(1)
    # As the rule's script does: NumPy would start its threads when it is imported.
    from evocnn.training.job import Evolved, TrainingJob
    from evocnn.training.key import Data
    from evocnn.training.limits import JobLimits
    from evocnn.training.run import run_training
    from evocnn.training.settings import TrainingSettings
    from evocnn.training.stage import Stage

    rung = stage and Stage(tuple(stage["ends"]), stage["until"], stage.get("begun") and Path(stage["begun"]))
    individual = folder / (stage or {}).get("place", f"individual-{number:02d}")
    splits = ((folder / f"{split}.npy", folder / f"{split}.npz") for split in ("train", "valid"))
    job = TrainingJob(
        Evolved(folder / "offspring.json", number, (folder / "space.yaml",)),
        Data(folder / "labels.yaml", *splits),
        TrainingSettings.model_construct(**{**SETTINGS, **settings}),  # values out of range cause faults
        1,
        {
            "fitness": individual / "fitness.json",
            "history": individual / "history.csv",
            **({"checkpoint": individual / "checkpoint"} if rung else {}),
            **({"tensorboard": individual / "tensorboard"} if settings.get("tensorboard") else {}),
        },
        stage=rung,
    )
    run_training(job, JobLimits(**{"retries": 0, **limits}), os.environ)


if __name__ == "__main__":
    main(Path(sys.argv[1]), **json.loads(sys.argv[2]))
