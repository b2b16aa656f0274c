"""Losses: what they have their minimum at, and whose joints count."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.network.losses import (
    LOSSES,
    ClassCrossEntropy,
    CoordinateDistance,
    HeatmapCrossEntropy,
    IntegralDistance,
    SimCCCrossEntropy,
    VisibilityCrossEntropy,
    aims,
    profile,
)
from evocnn.pose.heatmap import decode
from evocnn.pose.skeleton import Skeleton
from evocnn.space.heads import HEADS
from evocnn.tasks.pose import Pose

HEIGHT, WIDTH = 6, 12
CELLS = HEIGHT * WIDTH


def gaussian(x, y, height=HEIGHT, width=WIDTH, sigma=1.0):
    """A Gaussian about cell (x, y) that sums to 1 over the grid, (height, width)."""
    rows, columns = np.mgrid[:height, :width]
    weights = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))
    return weights / weights.sum()


def place(x, y, height=HEIGHT, width=WIDTH):
    """Target of one person with one joint at cell (x, y)."""
    return np.array([[[x / width, y / height]]], np.float32)


def as_output(heatmap):
    """Raw output of a network that is sure of a heatmap; the constant must not matter."""
    return (np.log(heatmap) + 5)[None, ..., None].astype(np.float32)


def gradient(loss, y_true, y_pred, weights=None):
    y_pred = tf.Variable(y_pred)
    with tf.GradientTape() as tape:
        value = loss(y_true, y_pred, sample_weight=weights)
    return tape.gradient(value, y_pred).numpy()


def target(y_true, height=HEIGHT, width=WIDTH, sigma=1.0):
    """The heatmap that is aimed at: the gradient of a cross-entropy is softmax − target."""
    flat = np.zeros((1, height, width, 1), np.float32)
    return (1 / (height * width) - gradient(HeatmapCrossEntropy(sigma), y_true, flat))[0, ..., 0]


@pytest.mark.parametrize("sigma", [0.7, 1.0, 2.0])
@pytest.mark.parametrize(("x", "y"), [(4, 2), (6.5, 3.25), (0, 5), (11.4, -0.4)])
def test_the_least_loss_is_the_entropy_of_the_gaussian(x, y, sigma):
    expected = gaussian(x, y, sigma=sigma)
    loss = HeatmapCrossEntropy(sigma)
    entropy = -(expected * np.log(expected)).sum()
    assert float(loss(place(x, y), as_output(expected))) == pytest.approx(entropy, abs=1e-5)
    assert np.abs(gradient(loss, place(x, y), as_output(expected))).max() < 1e-6


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), x=st.floats(0, 11), y=st.floats(0, 5))
def test_every_other_output_costs_more(seed, x, y):
    expected = gaussian(x, y)
    other = np.random.default_rng(seed).normal(0, 1, (1, HEIGHT, WIDTH, 1)).astype(np.float32)
    entropy = -(expected * np.log(expected)).sum()
    loss = HeatmapCrossEntropy(1.0)
    assert float(loss(place(x, y), as_output(expected) + other)) > entropy + 1e-3


def test_the_target_is_a_gaussian_about_pixel_over_stride():
    hand = Pose(Skeleton(("hand",), (), (), {}, (0,)))
    places, weights = hand.targets(np.array([[[20.0, 8.0]]]), np.ones((1, 1), bool), np.zeros(1, int), 32)
    assert weights.tolist() == [[1.0]]
    actual = target(places, 8, 8)  # stride 4: cell (5, 2)
    assert np.unravel_index(actual.argmax(), actual.shape) == (2, 5)
    assert actual.sum() == pytest.approx(1, abs=1e-5)
    around = actual[[2, 2, 1, 3], [4, 6, 5, 5]]
    assert around / actual[2, 5] == pytest.approx(np.full(4, np.exp(-0.5)), rel=1e-4)
    assert actual[3, 6] / actual[2, 5] == pytest.approx(np.exp(-1), rel=1e-4)


def test_a_target_lies_between_cells():
    actual = target(place(4.5, 2))
    assert actual[2, 4] == pytest.approx(actual[2, 5], rel=1e-4)
    assert actual[2, 3] / actual[2, 4] == pytest.approx(np.exp(-(1.5**2 - 0.5**2) / 2), rel=1e-4)


def test_a_target_at_the_border_sums_to_1_too():
    actual = target(place(-0.4, 5.4))
    assert actual.sum() == pytest.approx(1, abs=1e-5)
    assert np.unravel_index(actual.argmax(), actual.shape) == (5, 0)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 3.0])
def test_sigma_is_in_cells(sigma):
    assert target(place(5, 3), sigma=sigma) == pytest.approx(gaussian(5, 3, sigma=sigma), abs=1e-6)


def test_maps_that_are_not_square_keep_x_and_y():
    actual = target(np.array([[[0.75, 0.5]]], np.float32))  # column 9 of 12, row 3 of 6
    assert actual == pytest.approx(gaussian(9, 3), abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(x=st.floats(1, WIDTH - 2), y=st.floats(1, HEIGHT - 2), sigma=st.floats(0.7, 3))
def test_joints_are_found_again_in_what_is_aimed_at(x, y, sigma):
    at = place(x, y)
    rows, columns = (np.array(profile(at[..., axis], n, sigma))[0, :, 0] for axis, n in ((1, HEIGHT), (0, WIDTH)))
    aimed = np.log(np.maximum(rows, 1e-30))[:, None] + np.log(np.maximum(columns, 1e-30))
    actual, _ = decode(aimed[None, ..., None], image_size=(4 * HEIGHT, 4 * WIDTH))
    assert actual[0, 0] == pytest.approx([4 * x, 4 * y], abs=0.01)


def crowd():
    """Two people with two joints; the second joint of the first person is unlabelled."""
    y_true = np.concatenate([np.tile(place(4, 2), (1, 2, 1)), np.tile(place(7, 3), (1, 2, 1))])
    y_pred = np.zeros((2, HEIGHT, WIDTH, 2), np.float32)
    y_pred[1, ..., 0] = as_output(gaussian(7, 3))[0, ..., 0]
    return y_true, y_pred, np.array([[1, 0], [1, 1]], np.float32)


def test_the_loss_is_averaged_over_labelled_joints_alone():
    y_true, y_pred, weights = crowd()
    entropy = -(gaussian(7, 3) * np.log(gaussian(7, 3))).sum()
    expected = (np.log(CELLS) + entropy + np.log(CELLS)) / 3  # a flat output costs the logarithm of the cells
    assert float(HeatmapCrossEntropy(1.0)(y_true, y_pred, sample_weight=weights)) == pytest.approx(expected, rel=1e-5)


def test_an_unlabelled_joint_changes_neither_loss_nor_gradient():
    y_true, y_pred, weights = crowd()
    loss = HeatmapCrossEntropy(1.0)
    before = float(loss(y_true, y_pred, sample_weight=weights)), gradient(loss, y_true, y_pred, weights)
    y_true[0, 1] = 0.9
    y_pred[0, ..., 1] = np.random.default_rng(0).normal(0, 100, (HEIGHT, WIDTH))
    after = float(loss(y_true, y_pred, sample_weight=weights)), gradient(loss, y_true, y_pred, weights)
    assert after[0] == before[0]
    assert np.array_equal(after[1], before[1])
    assert not after[1][0, ..., 1].any()
    assert after[1][0, ..., 0].any()


def test_a_batch_without_labels_costs_nothing_and_moves_nothing():
    y_true, y_pred, weights = crowd()
    loss = HeatmapCrossEntropy(1.0)
    assert float(loss(y_true, y_pred, sample_weight=0 * weights)) == 0
    assert not gradient(loss, y_true, y_pred, 0 * weights).any()


def test_the_loss_of_large_outputs_is_finite():
    loss = HeatmapCrossEntropy(1.0)
    sure = np.zeros((1, HEIGHT, WIDTH, 1), np.float32)
    sure[0, 0, 0] = 1e4  # of the wrong cell
    assert float(loss(place(8, 4), sure)) == pytest.approx(1e4, rel=1e-3)
    assert np.isfinite(gradient(loss, place(8, 4), sure)).all()


def test_classes_by_hand():
    logits = np.log(np.array([[1, 3], [1, 3], [4, 1]], np.float32))[:, None, None]  # 1/4 and 3/4 twice, 4/5 and 1/5
    classes = np.array([[0, 1], [1, 0], [1, 0]], np.float32)
    costs = [-np.log(3 / 4), -np.log(1 / 4), -np.log(4 / 5)]
    loss = ClassCrossEntropy()
    assert np.array(loss.call(classes, logits)) == pytest.approx(costs, rel=1e-5)
    assert float(loss(classes, logits)) == pytest.approx(np.mean(costs), rel=1e-5)
    assert float(loss(classes, logits, sample_weight=np.array([1, 0, 1]))) == pytest.approx((costs[0] + costs[2]) / 2)
    assert float(loss(classes, logits + 50)) == pytest.approx(np.mean(costs), rel=1e-4)


def pixels(*joints):
    """Targets of people with one joint at a pixel of an input of 32."""
    return np.array(joints, np.float32)[:, None] / 32


def corner(*cells, height=4, width=8):
    """Raw output of one person and joint that is sure to be in some cells (row, column), each alike."""
    maps = np.full((1, height, width, 1), -50.0, np.float32)
    for row, column in cells:
        maps[0, row, column, 0] = 3
    return maps


@pytest.mark.parametrize(
    ("cells", "joint", "cost"),
    [
        ([(1, 2)], (8, 8), 0),  # 4 rows of 8 pixels, 8 columns of 4
        ([(0, 0)], (0, 0), 0),
        ([(1, 2), (3, 2)], (8, 16), 0),  # between two cells
        ([(1, 2)], (8, 9.6), 0.5),  # a twentieth of the input too far up
        ([(1, 2)], (4.8, 11.2), 2),  # a tenth along both axes
        ([(3, 7)], (31, 31), 10 * (3 + 7) / 32),  # beyond the last cells
    ],
)
def test_distances_of_expected_places(cells, joint, cost):
    assert float(IntegralDistance()(pixels(joint), corner(*cells))) == pytest.approx(cost, abs=1e-4)


def bins(x, y, cells=64, sigma=8.0):
    """Logarithms of Gaussians about bin x and bin y that sum to 1, (1, 2, cells, 1)."""
    weights = np.exp(-((np.arange(cells) - np.array([[x], [y]])) ** 2) / (2 * sigma**2))
    return np.log(weights / weights.sum(1, keepdims=True))[None, ..., None].astype(np.float32)


@pytest.mark.parametrize(("x", "y"), [(10, 20.25), (0, 31.4), (15.5, -0.4)])
def test_the_least_loss_of_bins_is_the_entropy_of_both_gaussians(x, y):
    """An input of 32 with two bins per pixel; sigma is 1 heatmap cell, which is 4 pixels, which are 8 bins."""
    loss, aimed = LOSSES["simcc"](1.0, 32), bins(2 * x, 2 * y)
    entropy = -(np.exp(aimed) * aimed).sum()
    assert float(loss(pixels((x, y)), aimed + 5)) == pytest.approx(entropy, rel=1e-5)
    assert np.abs(gradient(loss, pixels((x, y)), aimed)).max() < 1e-6
    assert float(loss(pixels((x, y)), aimed[:, ::-1])) > entropy + 1e-3  # x is not y


def test_flat_bins_cost_their_logarithm_twice():
    assert float(SimCCCrossEntropy(0.1)(pixels((3, 4)), np.zeros((1, 2, 64, 1)))) == pytest.approx(2 * np.log(64))


@pytest.mark.parametrize(
    ("error", "cost"),
    [
        ((0, 0), 0),
        ((0.5, 0), 10 * (0.5 - 1 / 32)),
        ((0, 0.25), 10 * (0.25 - 1 / 32)),
        ((1 / 32, 0), 10 * (1 / 32) ** 2 * 8),
    ],
)
@pytest.mark.parametrize("sign", [-1, 1])
def test_distances_of_coordinates(error, cost, sign):
    """In fractions of the input: quadratic up to a sixteenth, where value and slope meet those of the line."""
    output = 2 * (pixels((16, 16)) + sign * np.array(error)) - 1
    assert float(CoordinateDistance()(pixels((16, 16)), output.reshape(1, 1, 1, 2))) == pytest.approx(cost, abs=1e-4)


def test_coordinates_are_joint_after_joint():
    joints = np.array([[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]], np.float32)
    output = (2 * np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], np.float32) - 1).reshape(1, 1, 1, 6)
    assert np.array(CoordinateDistance().call(joints, output)) == pytest.approx(np.zeros((1, 3)), abs=1e-9)
    worse = output.copy()
    worse[..., 2] += 1
    assert np.array(CoordinateDistance().call(joints, worse))[0] == pytest.approx([0, 10 * (0.5 - 1 / 32), 0], abs=1e-5)


def test_visibility_by_hand():
    logits = np.array([[[[np.log(3), 0, -np.log(3)]]]], np.float32)
    actual = np.array(VisibilityCrossEntropy().call(np.array([[1, 0, 1]], np.float32), logits))
    assert actual == pytest.approx(-np.log(np.array([[3 / 4, 1 / 2, 1 / 4]])), rel=1e-5)


@pytest.mark.parametrize("large", [1e4, 1e30])
def test_visibility_of_large_logits_is_finite(large):
    logits = np.array([[[[large, -large, large]]]], np.float32)
    actual = np.array(VisibilityCrossEntropy().call(np.array([[1, 0, 0]], np.float32), logits))
    assert actual[0] == pytest.approx([0, 0, large])


@pytest.mark.parametrize("name", ["integral", "simcc", "regression"])
def test_unlabelled_joints_move_nothing(name):
    shape = {"integral": (4, 8, 2), "simcc": (2, 64, 2), "regression": (1, 1, 4)}[name]
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.random((3, 2, 2)), rng.normal(0, 0.3, (3, *shape)).astype(np.float32)
    weights = np.array([[1, 0], [1, 1], [0, 0]], np.float32)
    loss = LOSSES[name](1.0, 32)
    costs, moved = np.array(loss.call(y_true, y_pred)), gradient(loss, y_true, y_pred, weights)
    assert costs.shape == (3, 2)
    assert float(loss(y_true, y_pred, sample_weight=weights)) == pytest.approx((costs * weights).sum() / 3, rel=1e-5)
    assert not moved[2].any()
    first = moved[0].reshape(-1, 2, 2)[:, 1] if name == "regression" else moved[0, ..., 1]
    assert not first.any()
    assert moved[0].any()
    assert float(loss(y_true, y_pred, sample_weight=0 * weights)) == 0


def test_visibility_counts_all_joints_and_aims_at_the_weights():
    places, weights = np.zeros((2, 3, 2), np.float32), np.array([[1, 0, 1], [0, 0, 1]], np.float32)
    targets, counted = aims(["heatmap", "visibility", "regression"], places, weights)
    assert list(targets) == list(counted) == ["heatmap", "visibility", "regression"]
    assert targets["heatmap"] is targets["regression"] is places
    assert counted["heatmap"] is counted["regression"] is weights
    assert targets["visibility"] is weights
    assert np.array(counted["visibility"]).tolist() == [[1, 1, 1], [1, 1, 1]]


def test_every_head_has_a_loss():
    assert set(LOSSES) == set(HEADS)
    made = [make(1.5, 32) for make in LOSSES.values()]
    assert all(isinstance(loss, keras.losses.Loss) for loss in made)
    assert {loss.reduction for loss in made} == {"mean_with_sample_weight"}
    assert made[list(LOSSES).index("heatmap")].sigma == 1.5


@pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.5])
def test_a_smoothed_heatmap_has_its_least_loss_where_a_share_is_spread_evenly(smoothing):
    expected = (1 - smoothing) * gaussian(4, 2) + smoothing / CELLS
    loss = HeatmapCrossEntropy(1.0, smoothing)
    assert float(loss(place(4, 2), as_output(expected))) == pytest.approx(
        -(expected * np.log(expected)).sum(), abs=1e-5
    )
    assert np.abs(gradient(loss, place(4, 2), as_output(expected))).max() < 1e-6


def test_smoothed_bins_and_classes_have_their_least_loss_where_a_share_is_spread_evenly():
    """The gradient of a cross-entropy is softmax − target: for even logits of n, 1 / n − target."""
    flat = np.zeros((1, 2, 8, 1), np.float32)
    plain, smooth = (gradient(SimCCCrossEntropy(0.1, share), place(4, 2), flat) for share in (0.0, 0.2))
    assert smooth == pytest.approx(0.8 * plain, abs=1e-6)
    truth = np.array([[0, 1, 0, 0]], np.float32)
    actual = gradient(ClassCrossEntropy(0.2), truth, np.zeros((1, 1, 1, 4), np.float32))
    assert actual[0, 0, 0] == pytest.approx([0.2, -0.6, 0.2, 0.2])


@pytest.mark.parametrize("head", HEADS)
def test_smoothing_reaches_distributions_alone(head):
    smoothed = getattr(LOSSES[head](1.0, 64, 0.1), "smoothing", 0.0)
    assert smoothed == (0.1 if head in ("heatmap", "simcc", "classification") else 0.0)
