"""Which genes mattered: those that scores are made of, and no others."""

import numpy as np
import pandas as pd
import pytest

from evocnn.report.tables.gene_model import FEWEST, MOST
from evocnn.report.tables.genes import important_genes

SLOTS = [f"block-{slot:02d}" for slot in range(1, 4)]
COLUMNS = ["stem.filters", *(f"{slot}.{gene}" for slot in SLOTS for gene in ("operation", "kernel", "stride"))]


def genomes(count, seed=0):
    """Random genomes of a stem and three slots."""
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"stem.filters": rng.choice([8, 16, 24], count)})
    for slot in SLOTS:
        rows[f"{slot}.operation"] = rng.choice(["conv", "pool", "mbconv"], count)
        rows[f"{slot}.kernel"] = rng.choice([3, 5, 7], count)
        rows[f"{slot}.stride"] = rng.choice([1, 2], count)
    return rows[COLUMNS].astype(object)


def test_what_scores_are_made_of_comes_first():
    """The kernel counts in the second slot alone, the operation a little in the third."""
    rows = genomes(150)
    noise = np.random.default_rng(1).normal(0, 0.5, len(rows))
    scores = 5.0 * rows["block-02.kernel"].astype(float) + 3.0 * (rows["block-03.operation"] == "mbconv") + noise
    actual = important_genes(rows, scores.tolist())
    assert actual.networks == 150
    assert actual.explained > 0.8
    assert [of.name for of in actual.genes[:2]] == ["kernel", "operation"]
    assert [of.name for of in actual.slots[:2]] == ["block-02", "block-03"]
    others = [*actual.genes[2:], *actual.slots[2:]]
    assert {of.name for of in others} == {"stride", "filters", "block-01", "stem"}
    assert all(abs(of.importance) < 3 for of in others)
    assert all(of.error > 0 for of in actual.genes)


def test_what_a_value_does_is_predicted_with_its_error():
    """Kernels 3, 5 and 7 add 0, 5 and 10 points; the operation adds nothing."""
    rows = genomes(150)
    scores = 40.0 + 2.5 * (rows["block-02.kernel"].astype(float) - 3)
    effect = important_genes(rows, scores.tolist()).effects[0]
    assert effect.name == "block-02.kernel"
    assert effect.choices == ("3", "5", "7")
    assert effect.scores == pytest.approx((40, 45, 50), abs=2)  # forests draw them to the mean
    assert all(0 <= error < 0.5 for error in effect.errors)
    assert effect.networks == tuple((rows["block-02.kernel"] == kernel).sum() for kernel in (3, 5, 7))


@pytest.mark.parametrize("together", [True, False])
def test_pairs_that_interact_differ_from_those_that_add(together):
    """Stride 2 in both slots is worth 10 points more, or in each 5 more."""
    rows = genomes(300)
    first, second = (rows[f"block-0{slot}.stride"] == 2 for slot in (1, 2))
    scores = 40.0 + (20.0 * (first ^ second) if together else 5.0 * first + 5.0 * second)
    pair = next(
        pair
        for pair in important_genes(rows, scores.tolist()).pairs
        if set(pair.names) == {"block-01.stride", "block-02.stride"}
    )
    assert pair.strength > 90 if together else pair.strength < 5
    assert pair.error >= 0


def test_of_scores_that_are_noise_nothing_is_explained():
    rows = genomes(100)
    actual = important_genes(rows, np.random.default_rng(2).normal(50, 5, len(rows)).tolist())
    assert actual.explained < 0.1


@pytest.mark.parametrize("scores", [[float(n) for n in range(FEWEST - 1)], [50.0] * 40])
def test_of_too_few_networks_or_equal_scores_nothing_is_said(scores):
    assert important_genes(genomes(len(scores)), scores) is None


def test_the_same_networks_give_the_same_numbers():
    rows = genomes(60)
    scores = rows["block-01.kernel"].astype(float).tolist()
    assert important_genes(rows, scores) == important_genes(rows, scores)


@pytest.mark.slow
def test_of_many_networks_some_are_enough():
    rows = genomes(3000)
    actual = important_genes(rows, rows["block-01.kernel"].astype(float).tolist())
    assert actual.networks == MOST
    assert actual.genes[0].name == "kernel"
