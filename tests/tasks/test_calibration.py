"""Calibration: what is fitted on one split and checked on another, worked out by hand."""

import numpy as np
import pytest

from evocnn.tasks.calibration import Bin, calibrate, read_calibration, write_calibration

CONFIDENCES = np.array([0.9, 0.1, 0.5, 0.7, 0.3, 0.5, 0.2, 0.8])
RIGHT = np.array([1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0])


def test_stretches_of_equal_probability_by_hand():
    """In rising order: wrong below 0.4; a third of those at 0.5, 0.5 and 0.7 is right; then all are right."""
    fitted = calibrate("PCK", (CONFIDENCES, RIGHT), (CONFIDENCES, RIGHT))
    assert fitted.confidences == pytest.approx((0.2, (0.5 + 0.5 + 0.7) / 3, 0.85))
    assert fitted.probabilities == pytest.approx((0.5 / 4, 1 / 3, 2.5 / 3))
    assert fitted.fitted == 8
    assert fitted.probability(np.array([0.0, 0.2, 0.525, 1.0])) == pytest.approx(
        [0.125, 0.125, np.interp(0.525, [0.2, 1.7 / 3], [0.125, 1 / 3]), 2.5 / 3]
    )


def test_probabilities_never_fall_and_lie_within_0_and_1():
    rng = np.random.default_rng(1)
    for _ in range(50):
        size = int(rng.integers(1, 60))
        confidences, right = rng.random(size).round(1), rng.integers(0, 2, size).astype(float)
        probabilities = calibrate("PCK", (confidences, right), (confidences, right)).probability(np.linspace(0, 1, 99))
        assert (np.diff(probabilities) >= 0).all()
        assert 0 < probabilities.min() <= probabilities.max() < 1


def test_it_is_calibrated_where_confidences_mean_something_else():
    """Predictions are right with the square of their confidence."""
    rng = np.random.default_rng(2)
    valid, test = rng.random(4000), rng.random(4000)
    fitted = calibrate("PCK", (valid, rng.random(4000) < valid**2), (test, rng.random(4000) < test**2))
    assert fitted.probability(np.array([0.3, 0.6, 0.9])) == pytest.approx([0.09, 0.36, 0.81], abs=0.05)
    assert fitted.error < 0.03
    assert sum(of.count for of in fitted.bins) == 4000
    assert [of.probability for of in fitted.bins] == sorted(of.probability for of in fitted.bins)


def test_the_error_by_hand():
    fitted = calibrate("PCK", (CONFIDENCES, RIGHT), (np.array([0.9, 0.1]), np.array([0.0, 0.0])))
    assert fitted.bins == (Bin(0.125, 0.0, 1), Bin(pytest.approx(2.5 / 3), 0.0, 1))
    assert fitted.error == pytest.approx((0.125 + 2.5 / 3) / 2)


def test_a_file_holds_all_of_it(tmp_path):
    fitted = calibrate("PCKh@0.5", (CONFIDENCES, RIGHT), (CONFIDENCES, RIGHT))
    write_calibration(tmp_path / "calibration.json", fitted)
    assert read_calibration(tmp_path / "calibration.json") == fitted


def test_nothing_to_fit_is_refused():
    with pytest.raises(ValueError, match="search-valid has no prediction that can be scored"):
        calibrate("PCK", (np.array([]), np.array([])), (CONFIDENCES, RIGHT))
