"""The fingerprint of images changes with whatever changes in them, and with nothing else."""

import os
import shutil

import pytest

from evocnn.dataset.fingerprint import fingerprint

EARLIER, LATER = 10**18, 2 * 10**18


@pytest.fixture
def root(tmp_path):
    """Two images, one of them behind a link to a folder elsewhere."""
    for name in ("images/a.jpg", "elsewhere/b.jpg"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_bytes(b"picture")
        os.utime(path, ns=(EARLIER, EARLIER))
    (tmp_path / "images/linked").symlink_to("../elsewhere")
    return tmp_path / "images"


def replace_later(root):
    (root / "a.jpg").write_bytes(b"PICTURE")
    os.utime(root / "a.jpg", ns=(LATER, LATER))


def replace_by_another_size(root):
    (root / "a.jpg").write_bytes(b"another picture")
    os.utime(root / "a.jpg", ns=(EARLIER, EARLIER))


CHANGES = {
    "an image is replaced": replace_later,
    "an image has another size": replace_by_another_size,
    "an image is added": lambda root: (root / "c.jpg").write_bytes(b"picture"),
    "an image is added in a folder": lambda root: shutil.copytree(root / "linked", root / "more"),
    "an image is added behind a link": lambda root: (root / "linked/c.jpg").write_bytes(b"picture"),
    "an image is removed": lambda root: (root / "a.jpg").unlink(),
    "an image is renamed": lambda root: (root / "a.jpg").rename(root / "b.jpg"),
    "a link leads nowhere": lambda root: (root / "lost.jpg").symlink_to("nowhere.jpg"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_folder_is_noticed(root, change):
    before = fingerprint(root)
    CHANGES[change](root)
    assert fingerprint(root) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "a.jpg").read_bytes(),
        lambda root: (root / ".snakemake_timestamp").touch(),
        lambda root: shutil.copytree(root / "linked", root / ".thumbnails"),
        lambda root: (root / "empty").mkdir(),
        lambda root: (root / "again").symlink_to("."),
    ],
)
def test_what_is_no_change_of_images_is_none(root, change):
    before = fingerprint(root)
    change(root)
    assert fingerprint(root) == before


def test_a_zip_is_known_by_its_size_and_time(root):
    path = root / "a.jpg"
    before = fingerprint(path)
    os.utime(path, ns=(LATER, LATER))
    assert len({before, fingerprint(path), None}) == 3


def test_nothing_has_no_fingerprint(tmp_path):
    assert fingerprint(tmp_path / "images") is None
