"""Results of a run in pandas, and the notebook that shows them."""

import json
import zipfile

import pandas as pd
import pytest

from evocnn.report.tables.individuals import read_table
from evocnn.results import read, read_curves


@pytest.fixture
def demo(repository, tmp_path, monkeypatch):
    """A finished run as results/demo in the working directory."""
    with zipfile.ZipFile(next((repository / "tests/upgrade").glob("run_of_*.zip"))) as kept:
        kept.extractall(tmp_path)
    (tmp_path / "results").mkdir()
    monkeypatch.chdir(tmp_path)
    return (tmp_path / "tiny").rename(tmp_path / "results/demo")


def test_individuals_are_those_of_the_table(demo):
    actual = read(demo)
    expected = read_table(demo / "tables/individuals.csv")
    assert list(actual) == list(expected)
    pd.testing.assert_frame_equal(actual[["network_id", "status"]], expected[["network_id", "status"]])
    assert actual.score.tolist() == pytest.approx(expected.score.tolist(), abs=0.001)


def test_a_run_in_progress_has_those_that_have_ended(demo):
    whole = read(demo)
    for folder in demo.glob("generation-001/individual-*"):
        (folder / "fitness.json").unlink()
    assert read(demo).network_id.tolist() == whole[whole.generation == 0].network_id.tolist()
    for folder in demo.glob("generation-000/individual-*"):
        (folder / "fitness.json").unlink()
    assert len(read(demo)) == len(read_curves(demo)) == 0


def test_curves_have_a_row_per_epoch(demo):
    curves, individuals = read_curves(demo), read(demo)
    assert curves.groupby("network_id").size().sum() == individuals.epochs.sum()
    assert set(curves.network_id) == set(individuals.network_id)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expected a folder such as results/demo"):
        read(tmp_path)


def test_the_cells_of_the_notebook_run(repository, demo):
    cells = json.loads((repository / "docs/results.ipynb").read_text())["cells"]
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert len(names["curves"]) > len(names["individuals"]) > 1
