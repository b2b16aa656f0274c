"""The plan in lines, from networks that were timed, and the command."""

import re

import numpy as np
import pytest
from PIL import Image

from evocnn.commands.main import main
from evocnn.configuration.model import Configuration
from evocnn.planning.plan import describe_plan
from evocnn.planning.probe import Probed
from evocnn.planning.schedule import AROUND_JOB, Speed
from evocnn.planning.workload import Stage, Workload
from evocnn.space.cost import Cost

WORK = Workload((Stage(40, 8),), (Stage(3, 40),), {"train": 800, "valid": 200, "test": 100}, 16, 12.3)
PROBED = Probed(Cost(1000, 10**6, 700, 90), Speed(start=8 - AROUND_JOB, step=0.02, scoring=0.005))
# An epoch takes 2 s, a short training 24 s, one in full 88 s.


def lines(settings):
    """The plan by the names of its lines."""
    text = describe_plan(settings, WORK, [PROBED], places=4)
    return [line.split(maxsplit=1) for line in text.splitlines()], text


def test_what_is_trained_and_what_it_takes():
    _, text = lines(Configuration(evolution={"generations": 1, "population": 40}, training={"epochs": 8}))
    assert "40 of the search and 3 in full, 440 epochs together" in text
    assert "24 s, the mean of 1 random networks; 27% of it until the first step" in text
    assert "6.1 min with 4 at the same time, if no training ends early" in text  # 10 × 24 s and 88 s, and 40 s around
    assert "20 min one after the other" in text
    assert "2,800 MB for 4 trainings" in text
    assert "12 MB for crops and records" in text


def test_what_other_settings_would_save():
    rows, _ = lines(Configuration(training={"epochs": 8}))
    saved = [rest for name, rest in rows if name == "saved"]
    assert saved[0] == "by       half of training.epochs: 80 s"  # 40 × 4 × 2 s in 4 places
    assert saved[1].startswith("by       twice as many at the same time: 2.0 min")


@pytest.mark.slow
def test_the_command_times_networks_of_the_search(repository, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    more = tmp_path / "more.yaml"
    more.write_text("evolution: {generations: 4}\n")
    assert main(["plan", "--configfile", str(repository / "tests/workflow/tiny.yaml"), str(more), "--places", "2"]) == 0
    text = capfd.readouterr().out
    assert "9 of the search and 2 in full, 22 epochs together" in text
    assert float(re.search(r"a training +([\d.]+) s", text)[1]) > 1
    assert "evolution.overlap: 1" in text


@pytest.mark.slow
def test_the_command_times_networks_for_classes_too(repository, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    for name in ("crane", "dozer"):
        (tmp_path / "data/images" / name).mkdir(parents=True)
        for number in range(20):
            Image.fromarray(rng.integers(0, 256, (32, 32, 3), np.uint8)).save(f"data/images/{name}/{number}.png")
    (tmp_path / "classes.yaml").write_text("classes: [crane, dozer]\n")
    more = tmp_path / "more.yaml"
    more.write_text("dataset: {root: data, labels: classes.yaml}\n")
    digits = str(repository / "tests/workflow/digits.yaml")
    assert main(["plan", "--configfile", digits, str(more), "--places", "1"]) == 0
    text = capfd.readouterr().out
    assert "2 of the search and 1 in full, 14 epochs together" in text
    assert "people         22 train, 6 valid, 12 test" in text


def test_a_wrong_configuration_is_refused(tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    file.write_text("evolution: {generations: 0}\n")
    assert main(["plan", "--configfile", str(file)]) == 2
    assert "evolution.generations" in capsys.readouterr().err
