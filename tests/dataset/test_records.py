"""Records: what is written is read, real pixels lie where they should, and damage is noticed."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from evocnn.dataset.adapters import read_annotations
from evocnn.dataset.images import Images
from evocnn.dataset.people import People, Skipped
from evocnn.dataset.records import margin_pixels, read_shard, shard_rows, write_shard
from evocnn.labels import mpii_skeleton
from evocnn.pose.geometry import transform


def people(images, center=(50.0, 40.0), side=64.0, joints=None):
    n = len(images)
    rng = np.random.default_rng(0)
    return People(
        rows=np.arange(n) + 7,
        images=np.array(images),
        center=np.tile(np.array(center), (n, 1)),
        side=np.full(n, side),
        joints=rng.uniform(20, 60, (n, 4, 2)) if joints is None else np.tile(np.array(joints, float), (n, 1, 1)),
        visible=rng.random((n, 4)) < 0.5,
        normaliser=np.full(n, 12.0),
        category=np.full(n, 3),
        size=np.full((n, 2), np.nan),
    )


@pytest.fixture
def images(tmp_path):
    """A folder with a smooth picture, a.png and b.png; bad.png is none."""
    folder = tmp_path / "images"
    folder.mkdir()
    rows, columns = np.mgrid[:80, :100]
    picture = np.stack([2 * columns, 3 * rows, 128 + 0 * rows], -1).astype(np.uint8)
    for name in ("a.png", "b.png"):
        cv2.imwrite(str(folder / name), picture[..., ::-1])
    (folder / "bad.png").write_text("no picture")
    return Images(folder)


def turned(folder, size=(100, 80)):
    """An image that EXIF shows turned by a quarter: of the given size as stored."""
    exif = Image.Exif()
    exif[0x0112] = 6
    red = np.linspace(0, 255, size[0] * size[1]).reshape(size[::-1]).astype(np.uint8)
    Image.fromarray(np.stack([red] * 3, -1)).save(folder / "turned.png", exif=exif)
    return red


def sized(size, **changes):
    """One person of an image that was annotated with a size."""
    return replace(people(["turned.png"], **changes), size=np.array([size], float))


@pytest.mark.parametrize("size", [(100, 80), (np.nan, np.nan)])
def test_an_image_of_the_annotated_size_is_taken_as_stored(images, tmp_path, size):
    red = turned(images.root)
    write_shard(tmp_path / "s", sized(size, side=200.0), images, input_size=200, margin=0)
    (record,) = read_shard(tmp_path / "s")
    assert np.abs(pixels(record)[60:140, 50:150, 0].astype(int) - red).max() <= 4


def test_an_image_that_has_the_annotated_size_when_upright_is_turned(images, tmp_path):
    red = turned(images.root)
    write_shard(tmp_path / "s", sized((80, 100), center=(40.0, 50.0), side=200.0), images, input_size=200, margin=0)
    (record,) = read_shard(tmp_path / "s")
    assert np.abs(pixels(record)[50:150, 60:140, 0].astype(int) - np.rot90(red, -1)).max() <= 4


@pytest.mark.parametrize("size", [(50, 40), (100, 81), (200, 160)])
def test_who_was_annotated_in_an_image_of_another_size_is_skipped_with_both(images, tmp_path, size):
    turned(images.root)
    written = write_shard(tmp_path / "s", sized(size), images, input_size=64, margin=0)
    reason = f"the image is 100×80, annotated {size[0]}×{size[1]}"
    assert [person.reason for person in written.skipped] == [reason]


def test_one_image_under_two_annotated_sizes_is_checked_for_each(images, tmp_path):
    turned(images.root)
    both = replace(people(["turned.png"] * 2), size=np.array([[100.0, 80.0], [50.0, 40.0]]))
    written = write_shard(tmp_path / "s", both, images, input_size=64, margin=0)
    assert [person.row for person in written.skipped] == [8]


def test_the_image_of_a_class_is_upright(images, tmp_path):
    red = turned(images.root)
    whole = replace(
        sized((np.nan, np.nan), side=np.nan, center=(np.nan, np.nan)),
        joints=np.empty((1, 0, 2)),
        visible=np.empty((1, 0), bool),
    )
    write_shard(tmp_path / "s", whole, images, input_size=100, margin=0)
    (record,) = read_shard(tmp_path / "s")
    assert np.abs(pixels(record)[:, 10:90, 0].astype(int) - np.rot90(red, -1)).max() <= 4


def pixels(record):
    return cv2.imdecode(np.frombuffer(record.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)


def test_records_are_read_as_they_were_written(tmp_path, images):
    table = people(["a.png", "b.png", "b.png"])
    written = write_shard(tmp_path / "s.tfrecord", table, images, input_size=32, margin=0.25)
    assert (written.people, written.skipped) == (3, ())
    records = list(read_shard(tmp_path / "s.tfrecord"))
    assert [record.image for record in records] == ["a.png", "b.png", "b.png"]
    for row, record in enumerate(records):
        assert pixels(record).shape == (48, 48, 3)
        assert np.array_equal(record.visible, table.visible[row])
        # half the size, the centre on 48 / 2
        assert record.joints == pytest.approx((table.joints[row] - [50, 40]) / 2 + 24, abs=1e-4)
        assert transform(record.to_image, record.joints) == pytest.approx(table.joints[row], abs=1e-4)
        assert record.to_image == pytest.approx(np.array([[2, 0, 2], [0, 2, -8]]))
        assert record.normaliser == pytest.approx(6.0)
        assert (record.row, record.category) == (7 + row, 3)


def test_colours_stay_rgb_and_in_place(tmp_path, images):
    write_shard(tmp_path / "s", people(["a.png"]), images, input_size=64, margin=0)
    actual = pixels(next(read_shard(tmp_path / "s"))).astype(int)
    # crop (30, 20) is image (30 + 50 - 32, 20 + 40 - 32) = (48, 28): red 2 · 48, green 3 · 28
    assert actual[20, 30] == pytest.approx([96, 84, 128], abs=3)


def test_a_margin_adds_pixels_and_moves_nothing(tmp_path, images):
    table = people(["a.png"])
    write_shard(tmp_path / "plain", table, images, input_size=32, margin=0)
    write_shard(tmp_path / "wide", table, images, input_size=32, margin=0.25)
    plain, wide = (next(read_shard(tmp_path / name)) for name in ("plain", "wide"))
    assert wide.joints == pytest.approx(plain.joints + 8)
    assert wide.normaliser == plain.normaliser
    difference = pixels(wide)[8:40, 8:40].astype(int) - pixels(plain)
    assert np.abs(difference).mean() < 1.5


def test_beyond_the_image_it_is_black(tmp_path, images):
    write_shard(tmp_path / "s", people(["a.png"], center=(0.0, 0.0)), images, input_size=64, margin=0)
    actual = pixels(next(read_shard(tmp_path / "s")))
    assert actual[:24, :24].max() <= 3
    assert actual[48, 48, 2] > 100


@pytest.mark.parametrize(
    ("name", "reason"),
    [("gone.png", "the image is missing"), ("bad.png", "the image is damaged or of an unknown format")],
)
def test_a_missing_or_broken_image_is_skipped_with_its_reason(tmp_path, images, name, reason):
    table = people(["a.png", name, name, "b.png"])
    written = write_shard(tmp_path / "s", table, images, input_size=32, margin=0)
    assert written.skipped == tuple(Skipped(7 + row, name, reason) for row in (1, 2))
    assert written.people == 2
    assert [record.image for record in read_shard(tmp_path / "s")] == ["a.png", "b.png"]


@pytest.mark.parametrize(
    ("center", "joints", "inside"),
    [
        ((50, 40), [[50, 40]] * 4, True),
        ((-31, 40), [[1, 40]] * 4, True),  # a crop of side 64 still shows the first column
        ((-33, 40), [[1, 40]] * 4, False),
        ((50, 113), [[50, 79]] * 4, False),
        ((50, 40), [[-5, 40], [105, 40], [50, -5], [50, 85]], False),
        ((50, 40), [[-5, 40], [105, 40], [50, -5], [50, 75]], True),
    ],
)
def test_a_person_outside_of_the_image_is_skipped(tmp_path, images, center, joints, inside):
    table = people(["a.png"], center=center, joints=joints)
    table.visible[:] = True
    written = write_shard(tmp_path / "s", table, images, input_size=32, margin=0)
    assert written.people == inside
    assert [person.reason for person in written.skipped] == [] if inside else ["the person is outside of the image"]


def test_without_a_crop_of_its_own_it_is_the_square_about_the_image(tmp_path, images):
    table = people(["a.png"], center=(np.nan, np.nan), side=np.nan)
    write_shard(tmp_path / "s", table, images, input_size=100, margin=0)
    record = next(read_shard(tmp_path / "s"))
    assert record.to_image == pytest.approx(np.array([[1, 0, 0], [0, 1, -10]]))  # 100 × 80 in the middle of 100 × 100
    assert pixels(record)[50, 30].astype(int) == pytest.approx([60, 120, 128], abs=3)


def test_the_same_people_give_the_same_bytes(tmp_path, images):
    for name in ("first", "second"):
        write_shard(tmp_path / name, people(["a.png", "b.png"]), images, input_size=32, margin=0.1)
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


@pytest.mark.parametrize("place", [3, 9, 200, -2])  # length, its checksum, a record, its checksum
def test_a_flipped_byte_is_noticed(tmp_path, images, place):
    path = tmp_path / "broken.tfrecord"
    write_shard(path, people(["a.png"]), images, input_size=32, margin=0)
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"broken\.tfrecord: the shard is damaged at record 0; delete it"):
        list(read_shard(path))


def test_a_cut_shard_is_noticed(tmp_path, images):
    path = tmp_path / "cut.tfrecord"
    write_shard(path, people(["a.png"]), images, input_size=32, margin=0)
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(ValueError, match=r"cut\.tfrecord: the shard is damaged"):
        list(read_shard(path))


@pytest.mark.parametrize(("size", "margin", "expected"), [(64, 0.2, 13), (256, 0.2, 51), (64, 0, 0), (32, 1, 32)])
def test_a_margin_is_a_fraction_of_the_input(size, margin, expected):
    assert margin_pixels(size, margin) == expected


def test_every_person_is_in_one_shard_in_order():
    rows = [shard_rows(10, shard, 3).tolist() for shard in range(3)]
    assert rows == [[0, 1, 2, 3], [4, 5, 6], [7, 8, 9]]


def test_more_shards_than_people_leave_some_empty():
    assert [len(shard_rows(2, shard, 4)) for shard in range(4)] == [1, 1, 0, 0]


def test_an_empty_shard_is_a_file(tmp_path, images):
    nobody = people(["a.png"]).take(np.array([], int))
    assert write_shard(tmp_path / "s", nobody, images, input_size=32, margin=0).people == 0
    assert list(read_shard(tmp_path / "s")) == []


@pytest.fixture(scope="module")
def photographed(shared_data):
    """The people of MPII whose images are there, and the images' folder."""
    folder = shared_data / "mpii/images"
    everyone = read_annotations("mpii", shared_data / "mpii/annot/valid.json", mpii_skeleton()).people
    here = np.array([(folder / name).is_file() for name in everyone.images])
    return everyone.take(here), folder


def reference_crop(image, center, side, size):
    """The affine map of Simple Baselines without rotation, written out."""
    zoom = size / side
    offset = size / 2 - center * zoom
    affine = np.array([[zoom, 0, offset[0]], [0, zoom, offset[1]]])
    return cv2.warpAffine(image, affine, (size, size), flags=cv2.INTER_LINEAR, borderValue=0)


def test_crops_of_photographs_are_those_of_the_reference_within_one_grey_level(photographed, tmp_path):
    table, folder = photographed
    assert write_shard(tmp_path / "s", table, Images(folder), input_size=256, margin=0.2).skipped == ()
    records = list(read_shard(tmp_path / "s"))
    assert len(records) == len(table) >= 5
    for row, record in enumerate(records):
        image = cv2.imread(str(folder / record.image), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
        expected = reference_crop(image, table.center[row], table.side[row], 256)
        middle = pixels(record)[51:307, 51:307].astype(int)
        print(record.image, np.abs(middle - expected).mean())
        assert np.abs(middle - expected).mean() < 1
