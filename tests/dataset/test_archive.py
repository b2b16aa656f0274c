"""Archives: one thing is taken out, whole, and nothing is written elsewhere."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from evocnn.dataset.archive import archives, unpack
from evocnn.dataset.settings import DownloadSettings

CONTENT = {
    "set/readme.txt": b"read me",
    "set/images/1.jpg": b"one",
    "set/images/more/2.jpg": b"two",
    "set/people.mat": b"people",
}

Maker = Callable[[dict[str, bytes]], Path]


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["a.tar", "a.tar.gz", "a.tgz", "a.zip"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    """Make an archive of a kind, in the folder `in` of the test's own."""

    def make(content: dict[str, bytes]) -> Path:
        path = tmp_path / "in" / request.param
        path.parent.mkdir()
        if path.suffix == ".zip":
            with ZipFile(path, "w") as file:
                for name, data in content.items():
                    file.writestr(name, data)
            return path
        with tarfile.open(path, "w:gz" if path.suffix != ".tar" else "w") as tar:
            for name, data in content.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        return path

    return make


def test_a_folder_is_taken_out_of_wherever_it_is(make: Maker, tmp_path: Path) -> None:
    unpack(tmp_path / "out" / "images", make(CONTENT))
    assert files(tmp_path / "out") == {"images/1.jpg", "images/more/2.jpg"}
    assert (tmp_path / "out/images/more/2.jpg").read_bytes() == b"two"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["images"]


def test_a_file_is_taken_out_of_wherever_it_is(make: Maker, tmp_path: Path) -> None:
    unpack(tmp_path / "out" / "people.mat", make(CONTENT))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["people.mat"]
    assert (tmp_path / "out/people.mat").read_bytes() == b"people"


@pytest.mark.parametrize("prefix", ["", "./", "/", "./a/b/"])
def test_the_way_to_it_does_not_matter(make: Maker, tmp_path: Path, prefix: str) -> None:
    unpack(tmp_path / "out" / "images", make({f"{prefix}images/1.jpg": b"one"}))
    assert files(tmp_path) - files(tmp_path / "in") >= {"out/images/1.jpg"}
    assert files(tmp_path / "out") == {"images/1.jpg"}


def test_a_folder_with_entries_of_its_own_is_taken(tmp_path: Path) -> None:
    for name, content in CONTENT.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.add(tmp_path / "in" / "set", "set")
    unpack(tmp_path / "out" / "images", tmp_path / "a.tar")
    assert files(tmp_path / "out") == {"images/1.jpg", "images/more/2.jpg"}


@pytest.mark.parametrize("way_out", ["../images/x.jpg", "images/../../x.jpg", "images/../x.jpg", "/images/../../x.jpg"])
def test_a_way_out_is_refused(make: Maker, tmp_path: Path, way_out: str) -> None:
    archive = make({"images/1.jpg": b"one", way_out: b"out"})
    before = files(tmp_path)
    with pytest.raises(ValueError, match=r"a\..*: found .*x\.jpg, expected paths inside the folder"):
        unpack(tmp_path / "out" / "images", archive)
    assert files(tmp_path) == before


def test_a_way_out_beside_what_is_taken_is_not_written(make: Maker, tmp_path: Path) -> None:
    archive = make({"images/1.jpg": b"one", "../x.jpg": b"out", "../../x.jpg": b"out", "/x.jpg": b"out"})
    before = files(tmp_path)
    unpack(tmp_path / "out" / "images", archive)
    assert files(tmp_path) - before == {"out/images/1.jpg"}


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(tmp_path: Path, kind: bytes) -> None:
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        member = tarfile.TarInfo("images/1.jpg")
        member.type, member.linkname = kind, "../../../x"
        tar.addfile(member)
    with pytest.raises(ValueError, match=r"a\.tar: found the link or device images/1\.jpg"):
        unpack(tmp_path / "out" / "images", tmp_path / "a.tar")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_name_that_is_missing_or_in_two_places_is_refused(make: Maker, tmp_path: Path) -> None:
    archive = make({"a/images/1.jpg": b"one", "b/images/1.jpg": b"two"})
    with pytest.raises(ValueError, match="found a/images and b/images, expected one 'images'"):
        unpack(tmp_path / "out" / "images", archive)
    with pytest.raises(ValueError, match=r"found nothing with the name 'photos', .*correct download\.a\..*\.unpack"):
        unpack(tmp_path / "out" / "photos", archive)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_damaged_archive_is_named_and_leaves_nothing(make: Maker, tmp_path: Path) -> None:
    archive = make({"images/1.jpg": bytes(range(256)) * 400, "images/2.jpg": b"two"})
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(ValueError, match=r"a\..*: expected an archive, found damage \(.*\); delete it and run"):
        unpack(tmp_path / "out" / "images", archive)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, SystemExit, OSError])
def test_an_interruption_leaves_nothing(
    make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, interruption: type[BaseException]
) -> None:
    archive = make(CONTENT)
    opened = ZipFile if archive.suffix == ".zip" else tarfile.TarFile
    extract = opened.extract

    def interrupted(self: object, member: ZipInfo | tarfile.TarInfo, *arguments: object, **more: object) -> object:
        if str(getattr(member, "filename", None) or member.name).endswith("2.jpg"):
            assert any((tmp_path / "out").rglob("1.jpg")), "something is unpacked by now"
            assert not (tmp_path / "out" / "images").exists()
            raise interruption
        return extract(self, member, *arguments, **more)

    monkeypatch.setattr(opened, "extract", interrupted)
    with pytest.raises(interruption):
        unpack(tmp_path / "out" / "images", archive)
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_there_is_kept(make: Maker, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "mine.jpg").touch()
    with pytest.raises(FileExistsError, match="move it away"):
        unpack(tmp_path / "images", make(CONTENT))
    assert files(tmp_path / "images") == {"mine.jpg"}


def entries(downloads: dict[str, dict[str, str]]) -> dict[str, DownloadSettings]:
    return {name: DownloadSettings(url="file:/a", sha256="0" * 64, **entry) for name, entry in downloads.items()}


def test_each_unpacked_name_maps_to_its_archive() -> None:
    downloads = {"a.tar.gz": {"unpack": "images"}, "b.zip": {"unpack": "people.mat"}, "c.json": {}}
    assert archives(entries(downloads)) == {"images": "a.tar.gz", "people.mat": "b.zip"}


@pytest.mark.parametrize(
    ("downloads", "message"),
    [
        ({"a.rar": {"unpack": "images"}}, r"download\.a\.rar\.unpack is 'images', expected it only where"),
        (
            {"a.zip": {"unpack": "x"}, "b.zip": {"unpack": "x"}},
            r"b\.zip\.unpack is 'x', which comes from a\.zip as well",
        ),
        ({"a.zip": {"unpack": "b.txt"}, "b.txt": {}}, "which comes from b.txt as well"),
    ],
)
def test_what_cannot_be_unpacked_is_one_line(downloads: dict[str, dict[str, str]], message: str) -> None:
    with pytest.raises(ValueError, match=f"^configuration: .*{message}"):
        archives(entries(downloads))


def test_an_archive_of_far_larger_files_is_refused(
    make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evocnn.dataset.archive.ALWAYS_ALLOWED", 1000)
    monkeypatch.setattr("evocnn.dataset.archive.MOST_TIMES", 0.5)
    archive = make({"set/images/1.jpg": bytes(20_000), "set/images/2.jpg": bytes(20_000)})
    with pytest.raises(ValueError, match=r"found files of more than 0\.5 times its size, .* do not trust this archive"):
        unpack(tmp_path / "out" / "images", archive)
    assert not list((tmp_path / "out").iterdir())
