"""A training job without Snakemake: python job.py FOLDER 'JSON'. What it trains is in the folder; see conftest.py."""

import json
import os
import sys
from pathlib import Path

from evocnn.jobs.process import limit_threads

SETTINGS = {
    "seed": 1,
    "threads": 1,
    "epochs": 12,
    "patience": 20,
    "batch_size": 8,
    "learning_rate": 0.01,
    "sigma": 1.0,
    "scale": 0.1,
    "rotation": 10,
    "flip": 0.5,
}


def main(folder: Path, settings: dict, rules: dict, number: int = 0) -> None:
    limit_threads(1)
    # As the rule's script does: NumPy would start its threads when it is imported.
    from evocnn.jobs.individual import train_individual
    from evocnn.jobs.key import Data
    from evocnn.jobs.terms import Rules

    individual = folder / f"individual-{number:02d}"
    train_individual(
        {"fitness": individual / "fitness.json", "history": individual / "history.csv"},
        offspring=folder / "offspring.json",
        number=number,
        space_files=[folder / "space.yaml"],
        data=Data(folder / "labels.yaml", *((folder / f"{s}.npy", folder / f"{s}.npz") for s in ("train", "valid"))),
        settings={**SETTINGS, **settings},
        rules=Rules(**rules),
        environment=os.environ,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), **json.loads(sys.argv[2]))
