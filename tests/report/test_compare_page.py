"""The page of a comparison, and how fast its searches rose."""

import json
import re
import shutil

import pandas as pd
import pytest

from evocnn.evolution.fitness import write_fitness
from evocnn.report.page.compare_page import write_compare_page
from evocnn.report.tables.compare import Search, write_comparison
from evocnn.report.tables.progress_of_searches import best_so_far, by_strategy
from evocnn_bench.browser import READY, chromium, find_chromium

OF_SEARCH = ("config.yaml", "space", "labels", "generation-000", "generation-001", "final")


def test_the_best_score_is_followed_by_trainings_and_hours(tmp_path, outcome):
    for number, score in enumerate((40.0, 30.0, 50.0)):
        at = tmp_path / f"generation-{number // 2:03d}/individual-{number % 2:02d}/fitness.json"
        made = outcome(f"{number:012d}", score)
        made.training["seconds"] = {"fit": 1800.0}
        write_fitness(at, made)
    sizes = {"generations": 2, "population": 2, "offspring": 1}
    (tmp_path / "config.yaml").write_text(json.dumps({"evolution": sizes}))
    actual = best_so_far("aging", 3, tmp_path)
    assert actual.best.tolist() == [40, 40, 50]
    assert actual.hours.tolist() == [0.5, 1.0, 1.5]
    assert actual.trainings.tolist() == [1, 2, 3]
    assert set(actual.strategy) == {"aging"}


def test_seeds_have_a_mean_and_a_deviation():
    one = pd.DataFrame({"strategy": "aging", "trainings": [1, 2], "best": [10.0, 20.0]})
    other = one.assign(best=[10.0, 22.0])
    actual = by_strategy([one, other])
    assert actual["mean"].tolist() == [10, 21]
    assert (actual.high - actual.low).round(3).tolist() == [0, 2.828]  # twice the square root of 2
    alone = by_strategy([one])
    assert alone.low.tolist() == alone.high.tolist() == [10, 20]


@pytest.fixture
def page(finished):
    """The page of two searches that are copies of one run."""
    searches = []
    for strategy in ("aging", "random"):
        at = finished.folder / f"compare/{strategy}-1"
        at.mkdir(parents=True)
        for name in OF_SEARCH:
            source = finished.folder / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, at / name)
        searches.append(Search(strategy, 1, at / "final/fitness.json", at / "final/score.json"))
    files = finished.folder / "compare.csv", finished.folder / "summary.txt"
    write_comparison(*files, searches)
    output = finished.folder / "compare/report.html"
    write_compare_page(output, searches, *files)
    return output


def test_the_page_has_the_test_in_words_and_a_page_for_each_search(page):
    text = page.read_text()
    assert "Mann–Whitney" in text
    links = re.findall(r'href="((?:aging|random)-1/report\.html)"', text)
    assert links == ["aging-1/report.html", "random-1/report.html"]
    assert all("Score over generations" in (page.parent / link).read_text() for link in links)


def test_its_charts_are_drawn_in_a_browser(page):
    try:
        find_chromium()
    except FileNotFoundError as error:
        pytest.skip(str(error))
    with chromium(width=390) as browser:
        tab, complaints = browser.pages[0], []
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.goto(page.as_uri())
        tab.wait_for_selector(READY)
        for name in ("trainings", "hours"):
            picture = tab.locator(f"#chart-{name} svg[role=img]")
            assert picture.bounding_box()["width"] > 200
            assert "in the mean over seeds" in picture.get_attribute("aria-label")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        assert complaints == []
