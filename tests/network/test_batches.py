"""Batches: a function of seed, epoch and step alone."""

import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
import tensorflow as tf
from grey_crowd import HANDS, LIVELY, busy, crowd, from_dataset, one_by_one

from evocnn.dataset.augmentation import GREY, Augmentation
from evocnn.network.batches import Batches

STILL = Augmentation(scale=0, rotation=0, flip=0)


def batches(people=10, batch_size=3, augmentation=LIVELY, seed=1):
    return Batches(crowd(people), HANDS, augmentation, batch_size, seed=seed)


def who(training, number):
    """Numbers of the people of a batch."""
    return training.batch(number)[0][:, 8, 8, 0].tolist()


def all_bytes(training, steps=8):
    return [array.tobytes() for number in range(steps) for array in training.batch(number)]


def test_shapes_and_types():
    inputs, targets, weights = batches().batch(0)
    assert (inputs.shape, inputs.dtype) == ((3, 16, 16, 3), np.uint8)
    assert (targets.shape, targets.dtype) == ((3, 3, 2), np.float32)
    assert (weights.shape, weights.dtype) == ((3, 3), np.float32)


def test_the_same_seed_gives_the_same_bytes():
    assert all_bytes(batches(seed=7)) == all_bytes(batches(seed=7))


def test_another_seed_gives_others():
    assert all_bytes(batches(seed=7)) != all_bytes(batches(seed=8))


def test_batches_do_not_depend_on_those_before():
    training = batches()
    forwards = [training.batch(number)[0].tobytes() for number in range(6)]
    backwards = [training.batch(number)[0].tobytes() for number in reversed(range(6))]
    assert forwards == backwards[::-1]


@pytest.mark.parametrize("epoch", range(4))
def test_an_epoch_visits_each_person_at_most_once(epoch):
    training = batches(augmentation=STILL)
    assert training.steps == 3
    seen = [person for step in range(3) for person in who(training, 3 * epoch + step)]
    assert len(seen) == len(set(seen)) == 9


def test_those_left_over_are_visited_in_other_epochs():
    training = batches(augmentation=STILL)
    assert {person for number in range(3 * 10) for person in who(training, number)} == set(range(10))


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same_batches_in_order(threads, monkeypatch):
    monkeypatch.setattr("evocnn.network.batches.CALL_BYTES", 1)  # a call per batch, so that calls overtake each other
    training = batches(people=30)
    given = [array.tobytes() for arrays in training.dataset(3, 0, threads).as_numpy_iterator() for array in arrays]
    assert given == all_bytes(training, 30)


def test_cutout_hides_a_part_of_every_input_and_nothing_else_changes():
    plain, hidden = batches(augmentation=STILL), batches(augmentation=replace(STILL, cutout=0.5))
    images, targets, weights = plain.batch(0)
    with_squares, same_targets, same_weights = hidden.batch(0)
    assert (np.array_equal(targets, same_targets), np.array_equal(weights, same_weights)) == (True, True)
    changed = (images != with_squares).any(-1)
    assert (with_squares[changed] == GREY).all()
    assert all(0 < image.sum() <= 8 * 8 for image in changed)


def test_epochs_differ_in_order():
    still = batches(people=9, augmentation=STILL)
    assert [who(still, n) for n in range(3)] != [who(still, n) for n in range(3, 6)]


def test_epochs_differ_in_augmentation():
    alone = batches(people=1, batch_size=1)
    assert alone.batch(0)[1].tolist() != alone.batch(1)[1].tolist()


def test_fewer_people_than_a_batch_are_repeated():
    training = batches(people=2, batch_size=5, augmentation=STILL)
    assert training.steps == 1
    first, second = who(training, 0)[:2]
    assert who(training, 0) == [first, second, first, second, first]


def test_targets_are_those_of_the_people():
    training = batches(augmentation=STILL)
    people = who(training, 2)
    crops = training.crops
    expected = HANDS.targets(crops.input_joints[people], crops.visible[people], crops.category[people], 16)
    _, targets, weights = training.batch(2)
    assert targets == pytest.approx(expected[0], abs=1e-5)
    assert np.array_equal(weights, expected[1])


def test_the_dataset_is_the_batches_one_after_another():
    training = batches()
    actual = list(training.dataset(epochs=2).as_numpy_iterator())
    assert len(actual) == 6
    for number, arrays in enumerate(actual):
        for array, expected in zip(arrays, training.batch(number), strict=True):
            assert np.array_equal(array, expected)


def test_the_dataset_knows_its_shapes():
    shapes = [spec.shape.as_list() for spec in batches().dataset(1).element_spec]
    assert shapes == [[3, 16, 16, 3], [3, 3, 2], [3, 3]]


def test_datasets_read_in_threads_at_once_are_the_batches_one_by_one():
    training = busy()
    expected = one_by_one(training, epochs=5)
    with ThreadPoolExecutor(4) as pool:
        actual = list(pool.map(lambda _: from_dataset(training, 5), range(4)))
    assert all(batches == expected for batches in actual)


def test_batches_made_in_threads_are_the_batches_one_by_one():
    training = busy()
    expected = [[array.tobytes() for array in training.batch(number)] for number in range(60)]
    with ThreadPoolExecutor(4) as pool:
        actual = pool.map(lambda number: [array.tobytes() for array in training.batch(number)], range(60))
        assert list(actual) == expected


@pytest.mark.parametrize("parallel", [2, 4])
def test_mapped_in_parallel_they_are_the_batches_one_by_one(parallel):
    training = busy()
    numbers = tf.data.Dataset.range(5 * training.steps)
    loaded = numbers.map(
        lambda number: tf.numpy_function(training.batch, [number], [tf.uint8, tf.float32, tf.float32]),
        num_parallel_calls=parallel,
    )
    actual = [array.tobytes() for arrays in loaded.as_numpy_iterator() for array in arrays]
    assert actual == one_by_one(training, epochs=5)


def test_threads_of_opencv_change_nothing():
    training, threads = busy(), cv2.getNumThreads()
    try:
        actual = []
        for count in (1, 4):
            cv2.setNumThreads(count)
            actual.append(one_by_one(training, epochs=2))
    finally:
        cv2.setNumThreads(threads)
    assert actual[0] == actual[1]


@pytest.mark.slow
def test_processes_at_once_give_the_batches_one_by_one(repository):
    code = """
import grey_crowd, hashlib
print(hashlib.sha256(b"".join(grey_crowd.from_dataset(grey_crowd.busy(), epochs=3))).hexdigest())
"""
    paths = os.pathsep.join([str(repository / "scripts"), str(repository / "tests/support")])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": paths, "PYTHONHASHSEED": str(number)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2)
    ]
    expected = hashlib.sha256(b"".join(one_by_one(busy(), 3))).hexdigest()
    assert [process.communicate()[0].strip() for process in processes] == [expected] * 2
