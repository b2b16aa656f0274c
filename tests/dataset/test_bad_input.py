"""One data set with everything that can be wrong with it, from the annotations to the crops."""

import io
import json
import zipfile
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from evocnn.dataset.crops import read_crops, write_crops
from evocnn.dataset.image_names import clean
from evocnn.dataset.manifest import read_manifest, write_manifest
from evocnn.dataset.people_file import read_people
from evocnn.dataset.prepare_data import make_shard, read_source
from evocnn.dataset.splits import Source
from evocnn.pose.geometry import transform

SIZE, MARGIN = 64, 0.25  # records have 64 + 2 · 16 pixels
SHARDS = 2
LABELS = Path(__file__).parents[2] / "config/skeletons/mpii.yaml"

# A smooth picture of 160 × 120 with a white dot at the neck, joint 8.
NECK = np.array([70.0, 52.0])
ROWS, COLUMNS = np.mgrid[:120, :160]
DOT = np.exp(-((COLUMNS - NECK[0]) ** 2 + (ROWS - NECK[1]) ** 2) / 8)[..., None]
SMOOTH = np.stack([40 + COLUMNS, 60 + ROWS, 150 - COLUMNS / 2 - ROWS / 4], -1)
PICTURE = (SMOOTH + (255 - SMOOTH) * DOT).round().astype(np.uint8)
GREY = np.repeat(cv2.cvtColor(PICTURE, cv2.COLOR_RGB2GRAY)[..., None], 3, -1)

JOINTS = NECK + np.stack([np.linspace(-20, 20, 16), 10 * np.cos(np.arange(16))], -1)
JOINTS[8] = NECK
HUGE = 10_000


def pillow(pixels, form, mode="RGB", **options):
    buffer = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(buffer, form, **options)
    return buffer.getvalue()


def turned():
    """To be shown turned by a quarter, says EXIF; annotations are of the pixels as stored."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return pillow(PICTURE, "JPEG", quality=98, subsampling=0, exif=exif)


def images() -> dict[str, bytes]:
    jpeg = pillow(PICTURE, "JPEG", quality=98, subsampling=0)
    return {
        "plain.png": pillow(PICTURE, "PNG"),
        "plain_grey.png": pillow(GREY, "PNG"),
        "truncated.jpg": jpeg[: len(jpeg) // 2],
        "empty.jpg": b"",
        "text.jpg": "Kein Bild, sondern Text: ä\n".encode("latin-1"),
        "grey.jpg": pillow(GREY, "JPEG", "L", quality=98),
        "cmyk.jpg": pillow(PICTURE, "JPEG", "CMYK", quality=98, subsampling=0),
        "deep.png": cv2.imencode(".png", PICTURE[..., ::-1].astype(np.uint16) * 257)[1].tobytes(),
        "turned.jpg": turned(),
        "huge.jpg": cv2.imencode(".jpg", np.full((HUGE, HUGE), 128, np.uint8))[1].tobytes(),
        "more/plain.png": pillow(PICTURE, "PNG"),
    }


def entry(image, joints=JOINTS, **changes):
    """A person about the neck in 1-based pixels; the crop's side is 250 · 0.32 = 80 pixels, its middle 4.8 below."""
    return {
        "image": image,
        "center": (NECK + 1).tolist(),
        "scale": 0.32,
        "joints": (np.asarray(joints) + 1).tolist(),
        "joints_vis": [1] * len(joints),
        **changes,
    }


def with_joint(number, place):
    joints = JOINTS.copy()
    joints[number] = place
    return joints


PARTLY = with_joint(0, [-30, 50])
PARTLY[15] = [90, 130]
UNLABELLED = {"joints": with_joint(3, np.nan), "joints_vis": [1] * 3 + [0] + [1] * 12}
LONG = 300 * "x" + ".jpg"
NO_PLACE = "a labelled joint has no finite coordinates"
NO_CROP = "centre or size is missing or not finite"
LEADS_OUT = "the image's path leads out of the images"
NOT_NUMBERS = "the annotation holds something else than numbers"


def people(root: Path) -> list[tuple[dict, str | None]]:
    """All people, with the reason why they cannot be used; None for usable people."""
    lacking = entry("plain.png")
    del lacking["joints_vis"]
    return [
        (entry("plain.png"), None),
        (entry("plain_grey.png"), None),
        (entry("grey.jpg"), None),
        (entry("cmyk.jpg"), None),
        (entry("deep.png"), None),
        (entry("turned.jpg"), None),
        (entry("more/plain.png"), None),
        (entry("huge.jpg", JOINTS + HUGE / 2, center=(NECK + HUGE / 2 + 1).tolist()), None),
        (entry("plain.png", PARTLY), None),
        (entry("plain.png", **UNLABELLED), None),
        (entry("missing.jpg"), "the image is missing"),
        (entry("more"), "the image is missing"),
        (entry(LONG), "the image is missing"),
        (entry("truncated.jpg"), "the image is damaged or cut short"),
        (entry("empty.jpg"), "the image's file is empty"),
        (entry("text.jpg"), "the image is damaged or of an unknown format"),
        (entry("plain.png", JOINTS + 500, center=(NECK + 501).tolist()), "the person is outside of the image"),
        (entry("plain.png", JOINTS - 200), "the person is outside of the image"),
        (entry("plain.png", with_joint(5, [np.nan, 3])), NO_PLACE),
        (entry("plain.png", with_joint(5, [3, np.inf])), NO_PLACE),
        (entry("plain.png", center=[np.nan, 5.0]), NO_CROP),
        (entry("plain.png", scale=np.nan), NO_CROP),
        (entry("plain.png", scale=-0.5), "the size is not above 0"),
        (entry("plain.png", scale=0.0), "the size is not above 0"),
        (entry("plain.png", JOINTS[:15]), "other than 16 joints"),
        (entry("plain.png", joints_vis=[1] * 17), "other than 16 joints"),
        (entry("plain.png"), "the same person is annotated twice"),
        (entry("plain.png", scale="large"), NOT_NUMBERS),
        (lacking, "the annotation lacks joints_vis"),
        (entry("../secret.png"), LEADS_OUT),
        (entry("more/../../secret.png"), LEADS_OUT),
        (entry("../evil.jpg"), LEADS_OUT),
        (entry(str(root / "secret.png")), LEADS_OUT),
        (entry(""), LEADS_OUT),
    ]


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class Made:
    """What became of the data set, in the folder `out` of `root`."""

    def __init__(self, root: Path, packed: bool) -> None:
        self.root, self.out = root, root / "out"
        (root / "here").mkdir(parents=True)
        (root / "secret.png").write_bytes(images()["plain.png"])
        self.annotations = root / "people.json"
        self.annotations.write_text(json.dumps([person for person, _ in people(root)]))
        self.images = root / ("images.zip" if packed else "images")
        if packed:
            with zipfile.ZipFile(self.images, "w") as archive:
                archive.writestr("../evil.jpg", images()["plain.png"])
                for name, content in images().items():
                    archive.writestr(name, content)
        else:
            for name, content in images().items():
                (self.images / name).parent.mkdir(parents=True, exist_ok=True)
                (self.images / name).write_bytes(content)
        self.before = files(root)
        self.make()
        self.crops = read_crops(self.out / "crops.npy", self.out / "crops.npz")

    def make(self) -> None:
        images = self.images
        source = Source("mpii", self.annotations, None, images, images, valid_fraction=0.0, test_fraction=0.0)
        read_source(self.out / "people.npz", source=source, split="train", labels=LABELS)
        self.shards = [self.out / f"{shard}.tfrecord" for shard in range(SHARDS)]
        for number, shard in enumerate(self.shards):
            make_shard(
                shard,
                shard.with_suffix(".json"),
                people=self.out / "people.npz",
                images=self.images,
                shard=number,
                shards=SHARDS,
                input_size=SIZE,
                margin=MARGIN,
            )
        self.write_manifest(self.out / "manifest.json", max_skipped=1)
        write_crops(
            self.out / "crops.npy",
            self.out / "crops.npz",
            manifest=self.out / "manifest.json",
            shards=self.shards,
            input_size=SIZE,
            margin=MARGIN,
            threads=2,
        )

    def write_manifest(self, output: Path, max_skipped: float) -> None:
        write_manifest(
            output,
            [shard.with_suffix(".json") for shard in self.shards],
            people=self.out / "people.npz",
            annotations=[self.annotations],
            settings={},
            max_skipped=max_skipped,
        )

    def crop(self, image: str) -> np.ndarray:
        """The input made of the only, or first, person of an image."""
        return self.crops.inputs(slice(None))[self.crops.images.tolist().index(image)].astype(int)


@pytest.fixture(scope="module", params=["folder", "zip"])
def made(request, tmp_path_factory):
    root = tmp_path_factory.mktemp("bad") / "deep"
    with pytest.MonkeyPatch.context() as patch:
        (root / "here").mkdir(parents=True)
        patch.chdir(root / "here")
        (root / "here").rmdir()
        yield Made(root, request.param == "zip")


def test_exactly_those_who_can_be_used_are(made):
    usable = [row for row, (_, reason) in enumerate(people(made.root)) if reason is None]
    assert sorted(made.crops.rows.tolist()) == usable
    for row, image in zip(made.crops.rows, made.crops.images, strict=True):
        assert image == people(made.root)[row][0]["image"]


def test_all_others_are_skipped_with_the_reason(made):
    manifest = read_manifest(made.out / "manifest.json")
    actual = {person["row"]: (person["image"], person["reason"]) for person in manifest["skipped"]}
    entries = enumerate(people(made.root))
    assert actual == {row: (clean(person["image"]), reason) for row, (person, reason) in entries if reason}
    assert len(manifest["skipped"]) == len(actual)
    assert manifest["people"] == len(made.crops)


def test_both_shards_hold_people(made):
    counts = [json.loads(shard.with_suffix(".json").read_text())["people"] for shard in made.shards]
    assert sum(counts) == len(made.crops)
    assert min(counts) > 0


@pytest.mark.parametrize(
    ("image", "plain"),
    [
        ("grey.jpg", "plain_grey.png"),
        ("cmyk.jpg", "plain.png"),
        ("deep.png", "plain.png"),
        ("turned.jpg", "plain.png"),
        ("more/plain.png", "plain.png"),
    ],
)
def test_an_odd_format_gives_the_crop_of_the_plain_image(made, image, plain):
    assert np.abs(made.crop(image) - made.crop(plain)).mean() < 1.5


def test_the_plain_crop_shows_the_picture(made):
    """Input pixel (x, y) is image pixel (70 + (x − 32) · 80 / 64, 52 + 4.8 + (y − 32) · 80 / 64)."""
    for x, y in ((5, 10), (50, 8), (20, 60), (60, 60)):
        column, row = 70 + (x - 32) * 1.25, 56.8 + (y - 32) * 1.25
        expected = [40 + column, 60 + row, 150 - column / 2 - row / 4]
        assert made.crop("plain.png")[y, x] == pytest.approx(expected, abs=3)


def test_the_huge_image_gives_plain_grey(made):
    assert np.abs(made.crop("huge.jpg") - 128).max() <= 1


def test_joints_lie_where_they_lay_in_the_image(made):
    for at, row in enumerate(made.crops.rows):
        person = people(made.root)[row][0]
        labelled = np.array(person["joints_vis"]) == 1
        assert made.crops.visible[at].tolist() == labelled.tolist()
        expected = np.array(person["joints"])[labelled] - 1
        actual = transform(made.crops.to_image[at], made.crops.joints[at][labelled])
        assert actual == pytest.approx(expected, abs=1e-3)
        # 64 input pixels to 80 of the image
        center = np.array(person["center"]) - 1 + [0, 4.8]
        assert made.crops.input_joints[at][labelled] == pytest.approx(32 + (expected - center) * 0.8, abs=1e-3)
        assert made.crops.normaliser[at] == pytest.approx(0.32 * 25 * 0.8)


def test_the_brightest_pixel_is_at_the_neck(made):
    checked = 0
    for at, image in enumerate(made.crops.images):
        if image != "huge.jpg":
            brightness = made.crops.inputs(slice(at, at + 1))[0].astype(int).sum(-1)
            y, x = np.unravel_index(brightness.argmax(), brightness.shape)
            assert [x, y] == pytest.approx(made.crops.input_joints[at, 8], abs=0.8)
            checked += 1
    assert checked == 9


def test_joints_outside_of_the_image_keep_their_places(made):
    at = made.crops.rows.tolist().index(8)
    actual = transform(made.crops.to_image[at], made.crops.joints[at][[0, 15]])
    assert actual == pytest.approx(np.array([[-30.0, 50.0], [90.0, 130.0]]), abs=1e-3)


def test_nothing_is_written_outside_of_the_target_folder(made):
    after = files(made.root)
    assert {name: content for name, content in after.items() if not name.startswith("out/")} == made.before
    assert sorted(path.name for path in made.root.parent.iterdir()) == ["deep"]
    assert {Path(name).suffix for name in after if name.startswith("out/")} == {".npz", ".npy", ".json", ".tfrecord"}


def test_the_same_input_gives_the_same_bytes(made):
    before = files(made.out)
    made.make()
    assert files(made.out) == before


def test_too_many_bad_people_fail_and_as_many_as_allowed_do_not(made, tmp_path):
    reasons = Counter(reason for _, reason in people(made.root) if reason)
    skipped, everyone = reasons.total(), len(people(made.root))
    made.write_manifest(tmp_path / "manifest.json", skipped / everyone)
    with pytest.raises(ValueError, match=f"{made.annotations}: {skipped} of {everyone} people") as error:
        made.write_manifest(tmp_path / "other.json", (skipped - 0.5) / everyone)
    assert f"(5 × {LEADS_OUT}; 3 × the image is missing; 2 × " in str(error.value)
    assert not (tmp_path / "other.json").exists()


def test_the_table_is_sorted_by_image(made):
    images = read_people(made.out / "people.npz").people.images.tolist()
    assert images == sorted(images)
