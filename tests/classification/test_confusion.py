"""Precision, recall, F1 and what was taken for what: by hand, and as scikit-learn computes them."""

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, f1_score, precision_score, recall_score

from evocnn.classification.accuracy import accuracy
from evocnn.classification.classes import Classes

CLASSES = Classes(("cat", "dog", "owl"))


def test_by_hand():
    """Two cats, of which one is taken for a dog; one dog, recognised; no owl, but a third cat is taken for one."""
    score = accuracy(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 0]), CLASSES)
    assert score.confusion == {
        "cat": {"cat": 1, "dog": 1, "owl": 1},
        "dog": {"cat": 0, "dog": 1, "owl": 0},
        "owl": {"cat": 0, "dog": 0, "owl": 0},
    }
    assert score.precision == pytest.approx({"cat": 100, "dog": 50, "owl": 0})
    assert score.per_class == pytest.approx({"cat": 100 / 3, "dog": 100, "owl": np.nan}, nan_ok=True)
    assert score.f1 == pytest.approx({"cat": 50, "dog": 200 / 3, "owl": np.nan}, nan_ok=True)
    assert score.balanced == pytest.approx((100 / 3 + 100) / 2)


def test_as_scikit_learn():
    rng = np.random.default_rng(1)
    true, predicted = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    score = accuracy(predicted, true, CLASSES)
    for values, reference in (
        (score.precision, precision_score),
        (score.per_class, recall_score),
        (score.f1, f1_score),
    ):
        assert list(values.values()) == pytest.approx(100 * reference(true, predicted, average=None))
    assert score.balanced == pytest.approx(100 * balanced_accuracy_score(true, predicted))
    counts = [[of[name] for name in CLASSES.classes] for of in score.confusion.values()]
    assert counts == confusion_matrix(true, predicted).tolist()
