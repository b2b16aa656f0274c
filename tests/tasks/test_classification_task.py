"""The task of classes: what is aimed at, accuracy by hand, the trivial baseline, and files."""

import numpy as np
import pandas as pd
import pytest

from evocnn.classification.accuracy import accuracy
from evocnn.classification.classes import Classes
from evocnn.dataset.crops import Crops
from evocnn.tasks.classification import Classification
from evocnn.tasks.task import read_task

PETS = Classification(Classes(("cat", "dog", "fish")))


def crops(category):
    n = len(category)
    return Crops(
        pixels=np.zeros((n, 16, 16, 3), np.uint8),
        joints=np.zeros((n, 0, 2), np.float32),
        visible=np.zeros((n, 0), bool),
        normaliser=np.full(n, np.nan, np.float32),
        category=np.array(category, int),
        to_image=np.tile(np.eye(2, 3), (n, 1, 1)),
        images=np.array([f"pets/{i}.jpg" for i in range(n)]),
        rows=np.arange(n),
        margin=2,
    )


def shares(*rows):
    return np.array(rows, float)


def test_the_labels_choose_it(tmp_path):
    (tmp_path / "pets.yaml").write_text("classes: [cat, dog, fish]\n")
    task = read_task(tmp_path / "pets.yaml")
    assert task == PETS
    assert (task.metric, task.mirror, task.labels.task, task.labels.outputs) == ("accuracy", (), "classification", 3)


def test_targets_are_one_hot():
    targets, weights = PETS.targets(np.zeros((3, 0, 2)), np.zeros((3, 0), bool), np.array([2, 0, 2]), 16)
    assert targets.tolist() == [[0, 0, 1], [1, 0, 0], [0, 0, 1]]
    assert weights.tolist() == [1, 1, 1]
    assert targets.dtype == weights.dtype == np.float32


def test_predictions_are_probabilities_of_the_logits():
    logits = np.log(np.array([[1, 2, 5], [6, 1, 1]], np.float32))[:, None, None] + 7
    actual = PETS.decode({"classification": logits}, 16)
    assert (actual.shape, actual.dtype) == ((2, 3), np.float32)
    assert actual == pytest.approx(np.array([[0.125, 0.25, 0.625], [0.75, 0.125, 0.125]]), rel=1e-5)


@pytest.mark.parametrize("large", [1e4, 1e30])
def test_large_logits_give_finite_probabilities(large):
    actual = PETS.decode({"classification": np.array([[[[large, -large, 0]]]], np.float32)}, 16)
    assert actual.tolist() == [[1, 0, 0]]


def test_accuracy_by_hand():
    actual = shares([0.5, 0.3, 0.2], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5], [0.6, 0.2, 0.2], [0.1, 0.2, 0.7])
    score = PETS.score(actual, crops([0, 1, 1, 1, 2]))  # found as cat, dog, fish, cat, fish
    assert score.mean == pytest.approx(60)
    assert dict(score.per_class) == pytest.approx({"cat": 100, "dog": 100 / 3, "fish": 100})


def test_a_class_without_images_scores_nan():
    score = PETS.score(shares([1, 0, 0], [0, 0, 1]), crops([0, 0]))
    assert score.mean == 50
    assert dict(score.per_class) == pytest.approx({"cat": 50, "dog": np.nan, "fish": np.nan}, nan_ok=True)


@pytest.mark.parametrize(("images", "wrong"), [(400, 100), (1000, 30), (50, 25)])
def test_the_standard_error_is_that_of_a_binomial(images, wrong):
    guess = np.zeros(images, int)
    guess[:wrong] = 1
    actual = accuracy(guess, np.zeros(images, int), PETS.labels)
    share = wrong / images
    assert actual.mean == pytest.approx(100 * (1 - share))
    assert actual.standard_error == pytest.approx(100 * np.sqrt(share * (1 - share) / images), rel=0.1)
    assert actual.class_errors["cat"] == actual.standard_error  # all are cats
    assert actual.standard_error == accuracy(guess, np.zeros(images, int), PETS.labels).standard_error


def test_the_standard_error_is_that_of_all_images_and_not_of_a_class():
    truth = np.repeat([0, 1, 2], [10, 45, 45])
    guess = np.where(np.arange(100) % 10 == 0, (truth + 1) % 3, truth)
    result = accuracy(guess, truth, PETS.labels)
    assert result.mean == 90
    assert result.standard_error == pytest.approx(3, rel=0.1)  # of a binomial, 100 images
    assert result.class_errors["cat"] == pytest.approx(100 * np.sqrt(0.1 * 0.9 / 10), rel=0.2)


@pytest.mark.parametrize(("images", "error"), [(3, 10.4), (28, 1.7), (1000, 0.05)])
def test_perfect_predictions_leave_less_doubt_the_more_they_are(images, error):
    """As if there were one more image that is half right: 50 / (images + 1) points, and its chance to be drawn."""
    truth = np.arange(images) % 3
    actual = accuracy(truth, truth, PETS.labels)
    assert actual.mean == 100
    assert actual.standard_error == pytest.approx(error, rel=0.1)


@pytest.mark.parametrize(("guess", "truth"), [([], []), ([0, 1], [0]), ([[0]], [0])])
def test_nothing_to_compare_is_refused(guess, truth):
    with pytest.raises(ValueError, match="expected \\(N,\\) twice"):
        accuracy(np.array(guess, int), np.array(truth, int), PETS.labels)


def test_the_trivial_baseline_is_the_most_frequent_class_of_search_train():
    split = crops([0, 1, 2, 2])
    trivial = PETS.trivial_predictions(crops([1, 1, 0, 1]), split)
    assert list(trivial) == ["most frequent class"]
    assert trivial["most frequent class"].tolist() == [[0.25, 0.75, 0]] * 4
    assert PETS.score(trivial["most frequent class"], split).mean == 25


def test_the_table(tmp_path):
    PETS.write(tmp_path / "p.csv", shares([0.25, 0.5, 0.25], [0.7, 0.2, 0.1]), crops([1, 2]))
    assert (tmp_path / "p.csv").read_text().splitlines() == [
        "image,class,predicted,cat,dog,fish",
        "pets/0.jpg,dog,dog,0.2500,0.5000,0.2500",
        "pets/1.jpg,fish,cat,0.7000,0.2000,0.1000",
    ]


@pytest.mark.parametrize(
    "names",
    [
        ("cat", "dog", "fish"),
        ("image", "class", "predicted"),
        ("0", "1", "2"),
        ("1.5", "True", "NA"),
        ("a,b", 'say "a"', "zwei\nZeilen"),
        ("Bär", "class.1", "class"),
    ],
)
def test_what_is_written_is_read_whatever_classes_are_called(tmp_path, names):
    task = Classification(Classes(names))
    actual = np.random.default_rng(0).dirichlet(np.ones(3), 20)
    some = crops(np.arange(20) % 3)
    task.write(tmp_path / "p.csv", actual, some)
    assert task.read(tmp_path / "p.csv", some) == pytest.approx(actual, abs=6e-5)
    header, *rows = pd.read_csv(tmp_path / "p.csv", header=None, dtype=str, keep_default_na=False).to_numpy().tolist()
    assert header == ["image", "class", "predicted", *names]
    assert [row[:3] for row in rows] == [
        [f"pets/{n}.jpg", names[n % 3], names[shares.argmax()]] for n, shares in enumerate(actual)
    ]
