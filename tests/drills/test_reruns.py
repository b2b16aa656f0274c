"""After an edit, a finished run becomes what a fresh run of the same configuration is."""

from pathlib import Path

import pytest
from reruns import EDITS, rerun_drill


@pytest.mark.slow
def test_an_edited_run_equals_a_fresh_one(tmp_path: Path) -> None:
    """Two edits; `rerun_drill` makes as many as are asked for."""
    outcomes = rerun_drill(tmp_path, edits=2, seed=5)
    assert {name for name, _ in outcomes} <= set(EDITS)
    assert [different for _, different in outcomes] == [[], []]
