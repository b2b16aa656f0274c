"""Whatever happens to a search, the same command ends it as if nothing had been."""

from pathlib import Path

import pytest
from drill import compare, drill, figures, left_behind, small_disk

pytestmark = pytest.mark.slow


def test_a_disturbed_search_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    """A small one; `make drill` is the large one."""
    with small_disk(tmp_path / "disturbed", 400) as small:
        done = drill(tmp_path, Path(__file__).with_name("small.yaml"), kills=2, seed=3, disk_full=small)
    print(figures(done))
    assert done.events.total() >= 6
    assert list(done.different) == []
    assert done.user.repeated == []
    assert list(done.left) == []
    assert done.flawless, done.planned


def test_a_comparison_finds_what_differs(tmp_path: Path) -> None:
    for folder, score, extra in (("one", "1.5", "a"), ("other", "2.5", "b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.json").write_text("{}")
        (tmp_path / folder / f"{extra}.json").write_text("{}")
        (tmp_path / folder / "history.csv").write_text(f"epoch,score,seconds\n1,{score},3\n")
        (tmp_path / folder / "summary.txt").write_text(f"{score} s")
    assert compare(tmp_path / "one", tmp_path / "other") == (["a.json", "b.json", "history.csv"], (1, 1))


def test_times_in_a_history_do_not_count(tmp_path: Path) -> None:
    for folder, seconds in (("one", 3), ("other", 4)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "history.csv").write_text(f"epoch,score,seconds\n1,1.5,{seconds}\n")
    assert compare(tmp_path / "one", tmp_path / "other") == ([], (0, 1))


def test_what_is_left_behind_is_found(tmp_path: Path) -> None:
    (tmp_path / "results/a/state").mkdir(parents=True)
    (tmp_path / "results/a/.b.7.partial.json").touch()
    assert [*left_behind(tmp_path)] == ["results/a/state", "results/a/.b.7.partial.json"]
