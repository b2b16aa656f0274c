"""The probe: rank correlations and sentences that can be worked out by hand."""

from dataclasses import replace
from math import atanh, sqrt, tanh

import pandas as pd
import pytest

from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.report.charts.probe_chart import draw_probe
from evocnn.report.tables.probe import Probe, agreement, read_probe, sentences, write_probe


def test_rank_correlation_and_its_interval():
    """Two neighbours of five have changed places: 1 − 6 · 2 / (5 · 24) = 0.9; Bonett and Wright's standard error."""
    of = agreement([1, 2, 3, 5, 4], [10, 20, 30, 40, 50])
    assert of.correlation == pytest.approx(0.9)
    half = 1.96 * sqrt((1 + 0.9**2 / 2) / 2)
    assert (of.low, of.high) == pytest.approx((tanh(atanh(0.9) - half), tanh(atanh(0.9) + half)))


def test_the_same_order_and_equal_scores():
    assert str(agreement([1, 2, 3, 4], [5, 6, 7, 8])) == "1.00 (1.00 to 1.00)"
    assert str(agreement([1, 1, 1, 1], [5, 6, 7, 8])) == "0.00 (-1.00 to 1.00)"


def write(folder, name, score, curve=(), status="ok"):
    path = folder / name / "fitness.json"
    path.parent.mkdir(parents=True)
    write_fitness(path, Fitness(status, {"score": score}, {"standard_error": 1.5}, {}, {}, {"network_id": name}))
    pd.DataFrame({"epoch": range(1, len(curve) + 1), "score": curve}).to_csv(path.with_name("history.csv"), index=False)
    return path


@pytest.fixture
def files(tmp_path):
    """Five networks and one that diverged; curves cross after the first epoch, and one ends early."""
    curves = [(9.0, 20.0, 31.0), (8.0, 22.0, 42.0), (7.0, 23.0, 53.0), (6.0, 64.0), (5.0, 25.0, 75.0)]
    short = [write(tmp_path, f"short-{n}", score) for n, score in enumerate([10.0, 12.0, 14.0, 18.0, 16.0])]
    full = [write(tmp_path, f"full-{n}", curve[-1], curve) for n, curve in enumerate(curves)]
    short.append(write(tmp_path, "short-5", 99.0))
    full.append(write(tmp_path, "full-5", 0.0, status="diverged"))
    again = [write(tmp_path, f"again-{n}", score) for n, score in enumerate([12.0, 12.0, 16.0])]
    return short, full, again


def test_a_probe_from_files(files):
    probe = read_probe(*files, epochs=2)
    assert probe.short == (10.0, 12.0, 14.0, 18.0, 16.0)
    assert probe.agreement.correlation == pytest.approx(0.9)
    assert [of.correlation for of in probe.by_epoch] == pytest.approx([-1.0, 0.9, 1.0])
    assert probe.settled == 2
    assert probe.rank == 2
    assert probe.error == pytest.approx(1.5)
    assert probe.seed_error == pytest.approx(sqrt((4 + 0 + 4) / 3 / 2))


def test_what_a_probe_says(files, tmp_path):
    probe = read_probe(*files, epochs=2)
    write_probe(tmp_path / "epochs.csv", tmp_path / "summary.txt", probe)
    lines = (tmp_path / "summary.txt").read_text().splitlines()
    assert lines == sentences(probe)
    assert lines[0] == "5 founders were trained for 2 epochs, as in the search, and in full, for up to 3."
    assert "evolution.population to 12 or more" in lines[2]
    assert lines[3].endswith("from epoch 2 on.")
    assert "spread by 3.2 points" in lines[4]
    assert "1.5 over people and 1.2 over seeds" in lines[4]
    assert lines[5].startswith("Warning: the search can hardly tell these networks apart")
    assert lines[6] == "training.epochs: 2 is enough."
    assert "is number 2 by the search's scores, so 3 finalists or more." in lines[7]
    assert pd.read_csv(tmp_path / "epochs.csv").rank_correlation.tolist() == [-1.0, 0.9, 1.0]


def test_short_trainings_that_rank_badly_are_to_be_longer(files):
    probe: Probe = read_probe(*files, epochs=2)
    bad = replace(probe, agreement=agreement([5, 1, 4, 2, 3], probe.full), error=0.1, seed_error=None)
    lines = sentences(bad)
    assert "training.epochs: 2 is short; try 3." in lines
    assert not any(line.startswith("Warning") for line in lines)


def test_too_few_networks_are_one_line(files):
    with pytest.raises(ValueError, match=r"3 founders were trained well .* evolution\.population to 12"):
        read_probe(*(paths[:3] for paths in files), epochs=2)


def test_the_chart_says_what_it_shows(files, tmp_path):
    draw_probe(tmp_path / "epochs.svg", read_probe(*files, epochs=2))
    text = (tmp_path / "epochs.svg").read_text()
    assert "rank correlation with the end" in text
    assert "Full trainings after each epoch (line), and trainings of the search (diamond)" in text
