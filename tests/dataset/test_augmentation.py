"""Augmentation: pixels go where joints go, and right becomes left only in the mirror."""

import cv2
import numpy as np
import pytest

from evocnn.dataset.augmentation import GREY, Augmentation, draw_maps, draw_squares, hide, move_joints, warp
from evocnn.dataset.crops import Crops, read_crops, write_crops
from evocnn.dataset.images import Images
from evocnn.dataset.manifest import write_manifest, write_summary
from evocnn.dataset.people import Annotations, People
from evocnn.dataset.people_file import write_people
from evocnn.dataset.records import write_shard
from evocnn.pose import geometry
from evocnn.pose.geometry import around, transform

MIRROR = (1, 0, 2)  # right hand, left hand, nose
STILL = Augmentation(scale=0, rotation=0, flip=0)
MARGIN, SIZE = 8, 48
CROP = SIZE + 2 * MARGIN
# One dot in the middle of the image, one aside; a third joint is nowhere near.
DOTS = np.array([[90.0, 100.0], [112.0, 88.0], [100.0, 112.0]])
COLOURS = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]])


@pytest.fixture(scope="module")
def dotted(tmp_path_factory) -> Crops:
    """Twelve times a person with a bright dot at each joint: red right, green left, blue nose."""
    folder = tmp_path_factory.mktemp("dots")
    image = np.zeros((200, 200, 3), np.uint8)
    for dot, colour in zip(DOTS, COLOURS, strict=True):
        cv2.circle(image, dot.astype(int).tolist(), 3, colour[::-1].tolist(), -1)
    cv2.imwrite(str(folder / "dots.png"), image)
    n = 12
    people = People(
        rows=np.arange(n),
        images=np.array(["dots.png"] * n),
        center=np.tile([101.0, 103.0], (n, 1)),
        side=np.full(n, 60.0),
        joints=np.tile(DOTS, (n, 1, 1)),
        visible=np.tile([True, True, False], (n, 1)),
        normaliser=np.ones(n),
        category=np.zeros(n, int),
        size=np.full((n, 2), np.nan),
    )
    written = write_shard(folder / "s", people, Images(folder), input_size=SIZE, margin=MARGIN / SIZE)
    write_summary(folder / "s.json", written, records=folder / "s")
    write_people(folder / "t.npz", Annotations(people, ()))
    write_manifest(
        folder / "m.json", [folder / "s.json"], people=folder / "t.npz", annotations=[], settings={}, max_skipped=0
    )
    files = folder / "p.npy", folder / "l.npz"
    write_crops(*files, manifest=folder / "m.json", shards=[folder / "s"], input_size=SIZE, margin=MARGIN / SIZE)
    return read_crops(*files)


def middle_of(image, colour):
    """Centre of mass of a colour, as x and y."""
    others = image.astype(float)[..., colour == 0].max(-1)
    mass = np.maximum(image.astype(float)[..., colour > 0][..., 0] - others - 60, 0)
    rows, columns = np.mgrid[: len(image), : len(image)]
    return np.array([(columns * mass).sum(), (rows * mass).sum()]) / mass.sum()


def augment(crops, augmentation, seed=0):
    maps, flip = draw_maps(augmentation, len(crops), CROP, SIZE, np.random.default_rng(seed))
    rows = np.arange(len(crops))
    return warp(crops, rows, maps), *move_joints(crops, rows, maps, flip, MIRROR), flip


@pytest.mark.parametrize(
    "augmentation",
    [
        STILL,
        Augmentation(0.25, 0, 0),
        Augmentation(0, 30, 0),
        Augmentation(0, 0, 1),
        Augmentation(0, 0, 0, shift=0.1),
        Augmentation(0.25, 30, 0.5, shift=0.1),
    ],
)
def test_pixels_go_where_joints_go(dotted, augmentation):
    inputs, joints, _, flip = augment(dotted, augmentation)
    for image, places, mirrored in zip(inputs, joints, flip, strict=True):
        # The dot that was drawn at the right hand stands at the left hand's place in a mirrored image.
        for joint, dot in enumerate([1, 0, 2] if mirrored else [0, 1, 2]):
            assert middle_of(image, COLOURS[dot]) == pytest.approx(places[joint], abs=1.0)


def test_without_augmentation_the_input_is_the_plain_crop(dotted):
    inputs, joints, visible, _ = augment(dotted, STILL)
    assert np.array_equal(inputs, dotted.inputs(slice(None)))
    assert joints == pytest.approx(dotted.input_joints, abs=1e-4)
    assert np.array_equal(visible, dotted.visible)


def test_mirroring_reverses_columns_and_exchanges_sides(dotted):
    inputs, joints, _, _ = augment(dotted, Augmentation(0, 0, 1))
    assert np.array_equal(inputs, dotted.inputs(slice(None))[:, :, ::-1])
    plain = dotted.input_joints[:, [1, 0, 2]]
    assert joints[..., 0] == pytest.approx(SIZE - 1 - plain[..., 0], abs=1e-4)
    assert joints[..., 1] == pytest.approx(plain[..., 1], abs=1e-4)


def mirrored_twice(crops):
    """Inputs, joints and visible of crops that are mirrored, and mirrored again."""
    for _ in range(2):
        size, rows = crops.pixels.shape[1], np.arange(len(crops))
        maps, flip = draw_maps(Augmentation(0, 0, 1), len(crops), size, crops.input_size, np.random.default_rng(0))
        inputs = warp(crops, rows, maps)
        joints, visible = move_joints(crops, rows, maps, flip, MIRROR)
        assert not np.array_equal(inputs, crops.inputs(slice(None)))
        pixels = np.pad(inputs, ((0, 0), (0, 0), (0, 0), (0, 1)))
        crops = Crops(**{**vars(crops), "pixels": pixels, "joints": joints, "visible": visible, "margin": 0})
    return inputs, joints, visible


def test_mirrored_twice_is_as_before(dotted):
    inputs, joints, visible = mirrored_twice(dotted)
    assert np.array_equal(inputs, dotted.inputs(slice(None)))
    assert joints == pytest.approx(dotted.input_joints, abs=1e-4)
    assert np.array_equal(visible, dotted.visible)


def test_maps_mirrored_twice_are_as_before():
    maps, _ = draws(Augmentation(0.25, 30, 0), 50)
    assert geometry.mirrored(geometry.mirrored(maps, SIZE), SIZE) == pytest.approx(maps, abs=1e-12)
    assert geometry.mirrored(maps, SIZE) != pytest.approx(maps, abs=1)


def test_photographs_mirrored_twice_are_as_before(shared_data):
    photographs = [cv2.imread(str(path)) for path in sorted((shared_data / "mpii/images").glob("*.jpg"))]
    assert photographs
    n = len(photographs)
    crops = Crops(
        pixels=np.stack([cv2.cvtColor(photo[100:356, 200:456], cv2.COLOR_BGR2RGBA) for photo in photographs]),
        joints=np.random.default_rng(0).uniform(0, 256, (n, 3, 2)).astype(np.float32),
        visible=np.tile([True, False, True], (n, 1)),
        normaliser=np.ones(n, np.float32),
        category=np.zeros(n, int),
        to_image=np.tile(np.array([[1.0, 0.0, 200.0], [0.0, 1.0, 100.0]]), (n, 1, 1)),
        images=np.array([str(number) for number in range(n)]),
        rows=np.arange(n),
        margin=8,
    )
    inputs, joints, visible = mirrored_twice(crops)
    assert np.array_equal(inputs, crops.inputs(slice(None)))
    assert joints == pytest.approx(crops.input_joints, abs=1e-4)
    assert np.array_equal(visible, crops.visible)


def test_mirroring_takes_visibility_along(dotted):
    rows, maps = np.array([0]), around(np.full((1, 2), CROP / 2), np.ones(1), SIZE / 2)
    one_hand = Crops(**{**vars(dotted), "visible": np.tile([True, False, False], (12, 1))})
    seen = [move_joints(one_hand, rows, maps, np.array([flip]), MIRROR)[1][0].tolist() for flip in (False, True)]
    assert seen == [[True, False, False], [False, True, False]]


def test_the_rows_asked_for_are_given(dotted):
    marked = Crops(**{**vars(dotted), "joints": np.arange(12 * 3 * 2).reshape(12, 3, 2).astype(np.float32)})
    maps, flip = draw_maps(STILL, 2, CROP, SIZE, np.random.default_rng(0))
    joints, _ = move_joints(marked, np.array([7, 2]), maps, flip, MIRROR)
    assert joints == pytest.approx(marked.joints[[7, 2]] - MARGIN)


def draws(augmentation, people=4000):
    return draw_maps(augmentation, people, CROP, SIZE, np.random.default_rng(1))


def zooms_and_degrees(maps):
    linear = maps[:, :, :2]
    return np.sqrt(np.linalg.det(linear)), np.degrees(np.arctan2(linear[:, 1, 0], linear[:, 0, 0]))


def test_the_centre_stays_the_centre():
    maps, _ = draws(Augmentation(0.25, 30, 0))
    assert transform(maps, np.full((4000, 1, 2), CROP / 2)) == pytest.approx(np.full((4000, 1, 2), SIZE / 2))


def test_scale_is_cut_off_and_both_ends_are_reached():
    relative = 1 / zooms_and_degrees(draws(Augmentation(0.25, 0, 0))[0])[0]
    assert (relative.min(), relative.max()) == pytest.approx((0.75, 1.25))
    assert np.std(relative) > 0.1


def test_rotation_is_cut_off_at_twice_its_value_and_spares_some():
    zoom, degrees = zooms_and_degrees(draws(Augmentation(0, 30, 0))[0])
    assert zoom == pytest.approx(np.ones(4000))
    assert (degrees.min(), degrees.max()) == pytest.approx((-60, 60))
    assert np.mean(degrees == 0) == pytest.approx(0.4, abs=0.03)


def test_flips_come_as_often_as_asked():
    assert draws(Augmentation(0, 0, 0.3))[1].mean() == pytest.approx(0.3, abs=0.03)
    assert not draws(STILL)[1].any()
    assert draws(Augmentation(0, 0, 1))[1].all()


def test_a_shift_moves_whole_pixels_and_every_one_is_as_likely():
    shifted, still = (draws(Augmentation(0, 0, 0, shift))[0][:, :, 2] for shift in (0.1, 0))
    moved = shifted - still
    farthest = round(0.1 * SIZE)
    places, counts = np.unique(moved, return_counts=True)
    assert places == pytest.approx(np.arange(-farthest, farthest + 1))
    assert counts == pytest.approx(np.full(len(places), moved.size / len(places)), rel=0.15)


def test_an_image_that_is_only_shifted_is_not_blurred(dotted):
    maps, _ = draw_maps(Augmentation(0, 0, 0, 0.1), len(dotted), CROP, SIZE, np.random.default_rng(0))
    x, y = (MARGIN - MARGIN - np.round(maps[:, :, 2]).astype(int)).T
    for image, column, row, crop in zip(warp(dotted, np.arange(12), maps), x, y, dotted.pixels, strict=True):
        assert np.array_equal(image, crop[row : row + SIZE, column : column + SIZE, :3])


def test_without_shift_and_cutout_other_draws_are_as_before():
    before = draws(Augmentation(0.25, 30, 0.5))
    after = draws(Augmentation(0.25, 30, 0.5, shift=0.1))
    assert np.array_equal(before[1], after[1])
    assert np.array_equal(before[0][:, :, :2], after[0][:, :, :2])


def squares_of(cutout, people=4000):
    return draw_squares(Augmentation(0, 0, 0, cutout=cutout), people, SIZE, np.random.default_rng(1))


def test_cutout_hides_a_square_whose_centre_is_anywhere_in_the_image():
    top, bottom, left, right = squares_of(0.25).T
    assert {*(bottom - top), *(right - left)} == set(range(6, 13))  # 12 pixels, and 6 or more of them at a border
    inside = (top > 0) & (bottom < SIZE)
    centres = (top + 6)[inside]
    assert (centres.min(), centres.max()) == (7, SIZE - 7)
    assert np.bincount(centres)[7:] == pytest.approx(np.full(SIZE - 13, inside.sum() / (SIZE - 13)), rel=0.4)


def test_hidden_pixels_are_grey_and_others_as_before():
    images = np.random.default_rng(0).integers(0, 100, (2, 4, 4, 3)).astype(np.uint8)
    hidden = hide(images, np.array([[1, 3, 0, 2], [0, 0, 0, 0]]))
    assert np.array_equal(hidden[1], images[1])
    assert (hidden[0, 1:3, 0:2] == GREY).all()
    assert np.array_equal(hidden[0, :, 2:], images[0, :, 2:])
    assert (images < 100).all()


def test_without_cutout_nothing_is_hidden():
    assert not squares_of(0).any()
