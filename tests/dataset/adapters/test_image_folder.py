"""Class folders: the first folder of an image's path is its class."""

import zipfile

import numpy as np
import pytest

from evocnn.classification.classes import Classes
from evocnn.dataset.adapters import read_annotations

PETS = Classes(("cat", "dog"))
FILES = ("dog/1.jpg", "cat/2.png", "cat/kittens/3.JPG")


@pytest.fixture(params=["folder", "zip"])
def root(request, tmp_path):
    """Three images and a text in two class folders, and an image in none."""
    files = (*FILES, "cat/notes.txt", "cover.jpg")
    if request.param == "zip":
        with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
            for name in (*files, "../dog/evil.jpg"):
                archive.writestr(name, b"x")
        return tmp_path / "pets.zip"
    for name in files:
        path = tmp_path / "pets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "pets"


def test_images_have_the_class_of_their_folder_in_the_order_of_their_paths(root):
    people = read_annotations("image_folder", root, PETS).people
    assert people.images.tolist() == ["cat/2.png", "cat/kittens/3.JPG", "dog/1.jpg"]
    assert people.category.tolist() == [0, 0, 1]
    assert np.isnan(people.side).all()  # the whole image


def test_images_outside_of_the_class_folders_are_skipped_with_the_reason(root):
    skipped = read_annotations("image_folder", root, PETS).skipped
    expected = [("../dog/evil.jpg", "the image's path leads out of the images")] if root.suffix == ".zip" else []
    expected += [("cover.jpg", "the image is in no class folder")]
    assert [(one.image, one.reason) for one in skipped] == expected


@pytest.mark.parametrize("classes", [("cat", "dog", "cow"), ("cat", "cow")])
def test_folders_that_are_not_the_classes_are_refused(root, classes):
    with pytest.raises(ValueError, match=r"found the class folders cat, dog; expected cat, .*cow; correct"):
        read_annotations("image_folder", root, Classes(classes))


def test_a_skeleton_is_refused(root, skeleton):
    with pytest.raises(ValueError, match="found class folders, expected labels with 'classes'"):
        read_annotations("image_folder", root, skeleton)
