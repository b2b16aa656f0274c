"""Images that change after records were made of them: the records are made again."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from workflow_runs import planned_jobs, refusal, snakemake

MADE_AGAIN = {"read_people": 1, "write_shard": 1, "write_manifest": 1}
MANIFEST = "results/pets/records/train/manifest.json"


def write_pictures(root: Path, seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (12, 32, 32, 3), np.uint8)
    for number, picture in enumerate(noise):
        path = root / ("cat" if number % 2 else "dog") / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), picture)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Twelve pictures of two classes, and a configuration."""
    write_pictures(tmp_path / "images", 0)
    (tmp_path / "classes.yaml").write_text("classes: [cat, dog]\n")
    (tmp_path / "pets.yaml").write_text(
        "experiment: pets\ndataset: {format: image_folder, root: ., train: null, test: null, labels: classes.yaml, "
        "train_images: images, input_size: 32, max_skipped: 0}\n"
    )
    return tmp_path


def run(project: Path, *arguments: str) -> str:
    return snakemake(project, *arguments, MANIFEST, configfiles=(project / "pets.yaml",)).stdout


@pytest.mark.slow
def test_records_are_made_again_when_images_change(project: Path) -> None:
    assert "4 of 4 steps" in run(project)
    assert "Nothing to be done" in run(project)
    write_pictures(project / "images", 1)
    assert planned_jobs(run(project, "--dry-run")) == MADE_AGAIN


@pytest.mark.slow
def test_images_that_are_gone_are_not_missed_once_records_exist(project: Path) -> None:
    target, configfiles = "results/pets/baselines/trivial.json", (project / "pets.yaml",)
    assert snakemake(project, target, configfiles=configfiles).returncode == 0
    shutil.rmtree(project / "images")
    finished = snakemake(project, target, configfiles=configfiles)
    assert "Nothing to be done" in finished.stdout
    assert "evocnn: results/pets: files of . are gone; the records of the run are used as they are" in finished.stdout
    (project / "results/pets/records/test/crops.npy").unlink()
    refused = refusal(snakemake(project, target, configfiles=configfiles))
    assert "dataset.train_images is images, and there is no images" in refused


@pytest.mark.slow
def test_mended_images_end_a_failure(project: Path) -> None:
    for image in (project / "images").rglob("*.png"):
        image.write_bytes(image.read_bytes()[:100])
    assert "the image is damaged or cut short" in run(project)
    write_pictures(project / "images", 0)
    assert "steps (100%) done" in run(project)
