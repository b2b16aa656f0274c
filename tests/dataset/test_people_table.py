"""Splits: by image, and the same whatever else there is."""

import hashlib

import numpy as np

from evocnn.dataset.people import People, crop_square, in_search_valid

NAMES = np.array([f"{number:05d}.jpg" for number in range(2000)])


def people(images):
    n = len(images)
    return People(
        images=np.array(images),
        center=np.arange(2.0 * n).reshape(n, 2),
        side=np.arange(n) + 1.0,
        joints=np.zeros((n, 3, 2)),
        visible=np.ones((n, 3), bool),
        head_size=np.arange(n) + 10.0,
    )


def test_people_of_one_image_stay_together():
    images = np.repeat(NAMES, 3)
    chosen = in_search_valid(images, 0.3).reshape(-1, 3)
    assert np.all(chosen == chosen[:, :1])


def test_the_fraction_is_about_kept():
    assert abs(in_search_valid(NAMES, 0.3).mean() - 0.3) < 0.04


def test_the_ends_of_the_fraction():
    assert not in_search_valid(NAMES, 0.0).any()
    assert in_search_valid(NAMES, 1.0).all()


def test_images_stay_in_their_split_when_others_are_added_or_reordered():
    alone = in_search_valid(NAMES[:500], 0.2)
    assert np.array_equal(in_search_valid(NAMES, 0.2)[:500], alone)
    assert np.array_equal(in_search_valid(NAMES[:500][::-1], 0.2)[::-1], alone)


def test_a_larger_fraction_only_adds_images():
    small, large = in_search_valid(NAMES, 0.1), in_search_valid(NAMES, 0.2)
    assert np.all(large[small])


def test_the_choice_is_that_of_the_hash():
    share = int(hashlib.sha256(b"a.jpg").hexdigest()[:16], 16) / 16**16
    names = np.array(["a.jpg"])
    assert in_search_valid(names, share + 1e-9).item()
    assert not in_search_valid(names, share - 1e-9).item()


def test_take_by_index_and_by_mask_keeps_rows_together():
    table = people(["a", "b", "c"])
    for rows in (np.array([0, 2]), np.array([True, False, True])):
        taken = table.take(rows)
        assert len(taken) == 2
        assert taken.images.tolist() == ["a", "c"]
        assert taken.center.tolist() == [[0.0, 1.0], [4.0, 5.0]]
        assert taken.side.tolist() == [1.0, 3.0]
        assert taken.head_size.tolist() == [10.0, 12.0]


def test_the_crop_grows_and_sinks_with_the_scale():
    center, side = crop_square(np.array([[100.0, 50.0], [10.0, 20.0]]), np.array([1.0, 2.0]))
    assert center.tolist() == [[100.0, 65.0], [10.0, 50.0]]
    assert side.tolist() == [250.0, 500.0]
