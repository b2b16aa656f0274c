"""Tiny real trainings, each a job as Snakemake would start it, to do things to."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from job_runs import HERE, LONG, ROOT, Job, environment

from evocnn.dataset.crops import write_labels
from evocnn.evolution.breeding import breed
from evocnn.evolution.expression import Requirements, expression
from evocnn.evolution.population import write_offspring
from evocnn.evolution.settings import EvolutionSettings, Limits
from evocnn.space.space_file import read_space


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What trainings need: two individuals, and crops with noise on them."""
    folder = tmp_path_factory.mktemp("material")
    shutil.copy(ROOT / "config/spaces/tiny.yaml", folder / "space.yaml")
    shutil.copy(ROOT / "config/skeletons/mpii.yaml", folder / "labels.yaml")
    space = read_space(folder / "space.yaml")
    limits, settings = (
        Limits(params=10**6, macs=10**7, memory_mb=10**4),
        EvolutionSettings(strategy="genetic", population=2),
    )
    needed = expression(space, Requirements(32, 16, "pose", 8))
    offspring = breed(space, needed, limits, settings, generation=0, count=2, seed=4, parents=None)
    write_offspring(folder / "offspring.json", offspring, space)
    for split, people in (("train", 64), ("valid", 16)):
        rng = np.random.default_rng(people)
        np.save(folder / f"{split}.npy", rng.integers(0, 256, (people, 44, 44, 4), np.uint8))
        write_labels(
            folder / f"{split}.npz",
            folder / f"{split}.npy",
            joints=rng.uniform(8, 36, (people, 16, 2)).astype(np.float32),
            visible=rng.random((people, 16)) < 0.9,
            normaliser=np.full(people, 16, np.float32),
            category=np.zeros(people, np.int64),
            to_image=np.tile(np.eye(2, 3), (people, 1, 1)),
            images=np.array([f"{n}.png" for n in range(people)]),
            rows=np.arange(people),
            margin=6,
        )
    return folder


Starter = Callable[..., Job]


@pytest.fixture
def start(tmp_path: Path, material: Path) -> Iterator[Starter]:
    """A function that starts a job in a copy of the material, with `settings` and `limits` of its own."""
    started: list[Job] = []
    folder = tmp_path / "run"
    shutil.copytree(material, folder)

    def run(number: int = 0, variables: dict | None = None, prefix: tuple[str, ...] = (), **more: dict) -> Job:
        asked = json.dumps({"settings": {}, "limits": {}, **more, "number": number})
        process = subprocess.Popen(
            [*prefix, sys.executable, str(HERE / "job.py"), str(folder), asked],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env=environment(**(variables or {})),
        )
        started.append(Job(process, folder / more.get("stage", {}).get("place", f"individual-{number:02d}")))
        return started[-1]

    run.folder = tmp_path  # type: ignore[attr-defined]
    yield run
    for job in started:
        if job.process.poll() is None:
            os.killpg(job.process.pid, signal.SIGKILL)
            job.process.wait()
        assert job.process.stdout
        job.process.stdout.close()


@pytest.fixture(scope="session")
def uninterrupted(material: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an individual whose training nothing has disturbed."""
    folder = tmp_path_factory.mktemp("uninterrupted") / "run"
    shutil.copytree(material, folder)
    command = [sys.executable, str(HERE / "job.py"), str(folder), json.dumps({"settings": {}, "limits": {}})]
    subprocess.run(command, check=True, env=environment(), timeout=LONG)
    return folder / "individual-00"


@pytest.fixture(scope="session")
def interrupted(material: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an individual whose training was interrupted after two epochs or more."""
    folder = tmp_path_factory.mktemp("interrupted") / "run"
    shutil.copytree(material, folder)
    command = [sys.executable, str(HERE / "job.py"), str(folder), json.dumps({"settings": {}, "limits": {}})]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment())
    job = Job(process, folder / "individual-00")
    job.after_epochs(2)
    process.send_signal(signal.SIGTERM)
    job.output()
    assert len(job.rows()) < 12
    return job.individual
