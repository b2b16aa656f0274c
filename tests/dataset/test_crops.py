"""Crops: shards decoded into arrays that are mapped, not read."""

import cv2
import numpy as np
import pytest

from evocnn.dataset.crops import read_crops, write_crops
from evocnn.dataset.people import People
from evocnn.dataset.records import read_shard, write_shard


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two shards of two and one people, input 32 pixels, margin 8."""
    path = tmp_path_factory.mktemp("crops")
    rng = np.random.default_rng(3)
    names = ["x.png", "y.png", "z.png"]
    for name in names:
        coarse = rng.integers(0, 256, (8, 10, 3), dtype=np.uint8)
        cv2.imwrite(str(path / name), cv2.resize(coarse, (100, 80)))
    table = People(
        images=np.array(names),
        center=rng.uniform(30, 50, (3, 2)),
        side=rng.uniform(40, 80, 3),
        joints=rng.uniform(20, 60, (3, 5, 2)),
        visible=rng.random((3, 5)) < 0.5,
        head_size=rng.uniform(5, 10, 3),
    )
    write_shard(path / "0", table.take(np.array([0, 1])), path, input_size=32, margin=0.25)
    write_shard(path / "1", table.take(np.array([2])), path, input_size=32, margin=0.25)
    write_crops(path / "p.npy", path / "l.npz", [path / "0", path / "1"], margin=8)
    return path


@pytest.fixture
def crops(folder):
    return read_crops(folder / "p.npy", folder / "l.npz")


def test_crops_are_the_records_in_the_order_of_the_shards(folder, crops):
    records = [record for shard in ("0", "1") for record in read_shard(folder / shard)]
    assert len(crops) == 3
    assert crops.images.tolist() == ["x.png", "y.png", "z.png"]
    for row, record in enumerate(records):
        decoded = cv2.imdecode(np.frombuffer(record.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
        assert np.array_equal(crops.pixels[row], decoded)
        assert np.array_equal(crops.joints[row], record.joints)
        assert np.array_equal(crops.visible[row], record.visible)
        assert np.array_equal(crops.to_image[row], record.to_image)
        assert crops.head_size[row] == pytest.approx(record.head_size)


def test_pixels_are_mapped(crops):
    assert isinstance(crops.pixels, np.memmap)
    assert crops.pixels.dtype == np.uint8
    assert not crops.pixels.flags.writeable


def test_inputs_are_the_middle_without_the_margin(crops):
    assert crops.pixels.shape == (3, 48, 48, 3)
    assert crops.input_size == 32
    inputs = crops.inputs(slice(1, 3))
    assert inputs.shape == (2, 32, 32, 3)
    assert np.array_equal(inputs[0, 0, 0], crops.pixels[1, 8, 8])
    assert np.array_equal(inputs[1, 31, 31], crops.pixels[2, 39, 39])


def test_joints_of_the_inputs_are_without_the_margin_too(crops):
    assert crops.input_joints == pytest.approx(crops.joints - 8)
    assert crops.input_joints.dtype == np.float32


def test_a_damaged_shard_leaves_no_crops_behind(folder, tmp_path):
    broken = tmp_path / "broken"
    content = bytearray((folder / "0").read_bytes())
    content[300] ^= 1
    broken.write_bytes(content)
    with pytest.raises(ValueError, match="broken: the shard is damaged"):
        write_crops(tmp_path / "p.npy", tmp_path / "l.npz", [broken], margin=8)
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]
