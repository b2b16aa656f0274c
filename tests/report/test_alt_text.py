"""What is said below charts, for those who do not see them."""

import pandas as pd
import pytest

from evocnn.report.page.alt_text import describe_lineage, describe_reliability
from evocnn.tasks.calibration import Bin, Calibration

TABLE = pd.DataFrame({"network_id": ["a", "b", "c"], "generation": [0, 1, 3], "score": [10.0, 17.24, 21.0]})


@pytest.mark.parametrize(
    ("ancestry", "said"),
    [
        ((0,), "The best, network a, was drawn at random and has no ancestors."),
        (
            (0, 1),
            "The best, network b, has 1 ancestor since generation 0; the best of them scores 10.0 %, itself 17.2 %.",
        ),
        (
            (0, 1, 2),
            "The best, network c, has 2 ancestors since generation 0; the best of them scores 17.2 %, itself 21.0 %.",
        ),
    ],
)
def test_whom_the_best_comes_from(ancestry, said):
    assert describe_lineage(TABLE, ancestry) == said


def test_how_far_probabilities_are_from_shares():
    """Off by 10 points for one prediction of four, by 2 for the others."""
    bins = (Bin(0.2, 0.3, 1), Bin(0.9, 0.88, 3))
    said = describe_reliability(Calibration("PCK", (0.0,), (0.5,), 4, bins))
    assert "On average they differ by 4.0 percentage points" in said
    assert "most where the probability is 20 % and 30 % are right" in said
