"""Crops: shards decoded into arrays that are mapped, not read."""

import re

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.dataset.crops import read_crops, write_crops
from evocnn.dataset.images import Images
from evocnn.dataset.manifest import write_manifest, write_summary
from evocnn.dataset.people import Annotations, People
from evocnn.dataset.people_file import write_people
from evocnn.dataset.records import read_shard, write_shard


def decode(source, target, threads=1):
    write_crops(
        target / "p.npy",
        target / "l.npz",
        manifest=source / "m.json",
        shards=[source / "0", source / "1"],
        input_size=32,
        margin=0.25,
        threads=threads,
    )


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
        rows=np.arange(3) + 5,
        images=np.array(names),
        center=rng.uniform(30, 50, (3, 2)),
        side=rng.uniform(40, 80, 3),
        joints=rng.uniform(20, 60, (3, 5, 2)),
        visible=rng.random((3, 5)) < 0.5,
        normaliser=rng.uniform(5, 10, 3),
        category=np.array([2, 0, 1]),
        size=np.full((3, 2), np.nan),
    )
    for shard, rows in (("0", [0, 1]), ("1", [2])):
        written = write_shard(path / shard, table.take(np.array(rows)), Images(path), input_size=32, margin=0.25)
        write_summary(path / f"{shard}.json", written, records=path / shard)
    write_people(path / "t.npz", Annotations(table, ()))
    summaries = [path / "0.json", path / "1.json"]
    write_manifest(path / "m.json", summaries, people=path / "t.npz", annotations=[], settings={}, max_skipped=0)
    decode(path, path, threads=2)
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
        assert np.array_equal(crops.pixels[row, ..., :3], decoded)
        assert np.array_equal(crops.joints[row], record.joints)
        assert np.array_equal(crops.visible[row], record.visible)
        assert np.array_equal(crops.to_image[row], record.to_image)
        assert crops.normaliser[row] == pytest.approx(record.normaliser)
        assert crops.category[row] == record.category
        assert crops.rows[row] == record.row


def test_pixels_are_mapped(crops):
    assert isinstance(crops.pixels, np.memmap)
    assert crops.pixels.dtype == np.uint8
    assert not crops.pixels.flags.writeable


def test_inputs_are_the_middle_without_the_margin(crops):
    assert crops.pixels.shape == (3, 48, 48, 4)
    assert crops.input_size == 32
    inputs = crops.inputs(slice(1, 3))
    assert inputs.shape == (2, 32, 32, 3)
    assert np.array_equal(inputs[0, 0, 0], crops.pixels[1, 8, 8, :3])
    assert np.array_equal(inputs[1, 31, 31], crops.pixels[2, 39, 39, :3])


def test_joints_of_the_inputs_are_without_the_margin_too(crops):
    assert crops.input_joints == pytest.approx(crops.joints - 8)
    assert crops.input_joints.dtype == np.float32


def test_threads_change_nothing(folder, tmp_path):
    decode(folder, tmp_path)
    assert (tmp_path / "p.npy").read_bytes() == (folder / "p.npy").read_bytes()


@pytest.fixture(scope="module")
def flippable(folder, tmp_path_factory):
    """Read the crops with one bit of one of their files flipped."""
    at = tmp_path_factory.mktemp("flipped")
    contents = {name: (folder / name).read_bytes() for name in ("p.npy", "l.npz")}

    def read(name, bit):
        changed = bytearray(contents[name])
        changed[bit // 8 % len(changed)] ^= 1 << bit % 8
        for other, content in {**contents, name: bytes(changed)}.items():
            (at / other).write_bytes(content)
        return read_crops(at / "p.npy", at / "l.npz")

    return read


@settings(max_examples=400, deadline=None)
@given(bit=st.integers(0, 2**24), name=st.sampled_from(["p.npy", "l.npz"]))
def test_every_flipped_bit_is_noticed_and_its_file_named(flippable, name, bit):
    with pytest.raises(ValueError, match=rf"{re.escape(name)}: the crops are damaged \(.*\); delete the file and run"):
        flippable(name, bit)


@settings(max_examples=100, deadline=None)
@given(bit=st.integers(0, 8 * 128))
def test_no_bit_of_the_header_that_counts_people_flips_unnoticed(flippable, bit):
    with pytest.raises(ValueError, match=r"p\.npy: the crops are damaged"):
        flippable("p.npy", bit)


def test_pixels_of_another_split_are_noticed(folder, tmp_path):
    pixels = np.load(folder / "p.npy")
    np.save(tmp_path / "p.npy", pixels[::-1])
    with pytest.raises(ValueError, match=r"p\.npy: the crops are damaged \(its checksum is not the one in l\.npz\)"):
        read_crops(tmp_path / "p.npy", folder / "l.npz")


@pytest.mark.parametrize("name", ["p.npy", "l.npz"])
@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.999])
def test_cut_crops_are_named(folder, tmp_path, name, share):
    for other in ("p.npy", "l.npz"):
        content = (folder / other).read_bytes()
        (tmp_path / other).write_bytes(content[: int(share * len(content))] if other == name else content)
    with pytest.raises(ValueError, match=rf"{re.escape(name)}: the crops are damaged"):
        read_crops(tmp_path / "p.npy", tmp_path / "l.npz")


def flip(content):
    return content[:300] + bytes([content[300] ^ 1]) + content[301:]


def lose_a_record(content):
    """Cut exactly between records, where TFRecord itself notices nothing."""
    return content[: 16 + int.from_bytes(content[:8], "little")]


@pytest.mark.parametrize("damage", [flip, lose_a_record, lambda content: content[:-10], lambda content: b""])
def test_a_damaged_shard_is_named_and_leaves_no_crops_behind(folder, tmp_path, damage):
    for name in ("0", "1", "m.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "0").write_bytes(damage((folder / "0").read_bytes()))
    with pytest.raises(ValueError, match=f"{tmp_path / '0'}: the shard is damaged; delete it"):
        decode(tmp_path, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "m.json"]
