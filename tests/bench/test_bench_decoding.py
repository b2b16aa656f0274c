"""Decoding and averaging of published results: places worked out by hand, and every number of the table."""

import keras
import numpy as np
import pytest

from evocnn.configuration.model import Configuration
from evocnn.dataset.toy import render_toy
from evocnn.pose.skeleton import Skeleton
from evocnn.tasks.task import task_of
from evocnn_bench.data import prepare
from evocnn_bench.decoding import DECAYS, WAYS, Average, Split, bench_decoding
from evocnn_bench.places import dark, highest, quarter

PLACE = (5.3, 9.8)
"""Column and row, of one joint of one person."""


@pytest.fixture
def maps():
    """16×16 cells, the logarithm of a Gaussian of one cell about the place."""
    cells = np.arange(16.0)
    return -0.5 * ((cells[None, :] - PLACE[0]) ** 2 + (cells[:, None] - PLACE[1]) ** 2)[None, :, :, None]


def test_the_highest_cell_and_a_quarter_towards_its_neighbour(maps):
    np.testing.assert_array_equal(highest(maps), [[[5, 10]]])
    np.testing.assert_array_equal(quarter(maps), [[[5.25, 9.75]]])


def test_dark_finds_the_middle_of_a_gaussian(maps):
    np.testing.assert_allclose(dark(maps), [[PLACE]], atol=1e-2)


def test_dark_stays_in_the_map():
    corner = np.full((1, 8, 8, 1), -5.0)
    corner[0, 0, 0] = 0
    assert (np.abs(dark(corner)) <= 1).all()


def test_maps_are_turned_back_to_where_cells_lie_or_moved_by_a_cell(skeleton: Skeleton):
    """Cell k of four pixels lies at pixel 4k; what is at cell 5 is at 16 − 1/4 − 5 = 10.75 of the mirrored map."""
    mirrored = np.zeros((1, 16, 16, len(skeleton.joints)), np.float32)
    mirrored[:, :, 10] = 1
    crops = type("Crops", (), {"input_size": 64})()
    split = Split(crops, task_of(skeleton, {}), mirrored, mirrored)
    assert split.turned(aligned=False)[0, 0, :, 0].nonzero()[0].tolist() == [6]
    turned = split.turned(aligned=True)[0, 0, :, 0]
    assert {at: turned[at] for at in turned.nonzero()[0].tolist()} == pytest.approx({5: 0.25, 6: 0.75})


def test_an_average_follows_the_weights():
    """It is 0 at first; the weight is 1 from then on: 0.2, and 0.2 + 0.2 · 0.8 after two steps."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
    average = Average(0.8)
    average.set_model(model)
    average.on_train_begin()
    model.set_weights([np.ones((1, 1))])
    for expected in (0.2, 0.36):
        average.on_train_batch_end(0)
        assert average.values()[0].item() == pytest.approx(expected)


@pytest.mark.slow
def test_a_small_benchmark_scores_every_way(tmp_path):
    (tmp_path / "records").mkdir()
    for seed, split in enumerate(("train", "valid", "test")):
        (tmp_path / split).mkdir()
        render_toy(tmp_path / split, train_people=24, valid_people=0, seed=seed)
        prepare(tmp_path / split, 64)
        (tmp_path / "records" / split).symlink_to(tmp_path / split / "64")
    settings = Configuration(space="config/spaces/tiny.yaml", final={"epochs": 1, "patience": 2})
    rows = bench_decoding(tmp_path / "records", settings, 2).splitlines()[4:]
    assert len(rows) == len(WAYS) + len(DECAYS)
    for row in rows:
        cells = [cell.strip() for cell in row.split("|")[2:-1]]
        assert 0 <= float(cells[0]) <= 100
        assert 0 <= float(cells[3]) <= 100
