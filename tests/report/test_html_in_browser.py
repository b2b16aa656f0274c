"""The page of a run in a real browser."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic_search import write_search

from evocnn.evolution.fitness import read_fitness, write_fitness
from evocnn.report.page import report_page as html
from evocnn.report.page.report_page import build_report
from evocnn.report.run_files import RunFiles
from evocnn_bench.browser import READY, chromium, find_chromium

pytest.importorskip("playwright", reason="Playwright is not installed")
from playwright.sync_api import BrowserContext

PHONE = 390
GENERATIONS, EACH = 100, 20


@pytest.fixture(scope="module", autouse=True)
def installed() -> None:
    try:
        find_chromium()
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def browser() -> Iterator[BrowserContext]:
    with chromium() as context:
        yield context


class Reader:
    """Somebody who has opened a page, and what the browser complained about."""

    def __init__(self, tab, path: Path) -> None:
        self.tab, self.complaints = tab, []
        tab.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        tab.on("request", lambda request: self.complaints.extend([request.url] * request.url.startswith("http")))
        started = time.perf_counter()
        tab.goto(path.as_uri())
        tab.wait_for_selector(READY)
        self.seconds = time.perf_counter() - started

    def dots(self, chart: str = "fitness") -> dict[int, tuple[float, float]]:
        """Middle of each individual's mark in the window, by key."""
        return dict(
            self.tab.evaluate(
                """name => [...document.querySelectorAll(`#chart-${name} .mark-symbol path`)]
                    .filter(path => path.__data__?.datum?.key !== undefined)
                    .map(path => [path.__data__.datum.key, path.getBoundingClientRect()])
                    .map(([key, box]) => [key, [box.x + box.width / 2, box.y + box.height / 2]])""",
                chart,
            )
        )

    def click(self, key: int) -> None:
        """Open an individual by its dot."""
        self.tab.locator("#chart-fitness").scroll_into_view_if_needed()
        self.tab.mouse.click(*self.dots()[key])
        self.tab.wait_for_selector(f"#panel[data-shown='{key}']")


@pytest.fixture
def reader(browser, shown) -> Iterator[Reader]:
    opened = Reader(browser.new_page(), shown.folder / "report.html")
    yield opened
    opened.tab.close()
    assert opened.complaints == []


def test_every_chart_is_drawn_and_said_in_words(reader):
    charts = "fitness", "params", "macs", "memory_mb", "lineage", "curves", "operations", "outcomes", "reliability"
    for name in charts:
        picture = reader.tab.locator(f"#chart-{name} svg[role=img]")
        assert picture.bounding_box()["width"] > 200, name
        assert len(picture.get_attribute("aria-label")) > 20, name


def test_a_rectangle_over_dots_leaves_their_curves(reader):
    """Around the best, 4; the curves of the others become faint, and come back when the rectangle goes."""
    strong = """() => [...document.querySelectorAll('#chart-curves .mark-line path')]
        .filter(path => Number(getComputedStyle(path).opacity) > 0.3).length"""
    before = reader.tab.evaluate(strong)
    assert before > 1
    reader.tab.locator("#chart-fitness").scroll_into_view_if_needed()
    x, y = reader.dots()[4]
    reader.tab.mouse.move(x - 25, y - 12)
    reader.tab.mouse.down()
    reader.tab.mouse.move(x + 25, y + 12, steps=4)
    reader.tab.mouse.up()
    reader.tab.wait_for_function(f"({strong})() === 1")
    reader.tab.mouse.dblclick(x + 60, y + 60)
    reader.tab.wait_for_function(f"({strong})() === {before}")


def test_hover_says_what_a_dot_is(reader, shown):
    reader.tab.mouse.move(*reader.dots()[4])
    tip = reader.tab.locator("#vg-tooltip-element.visible")
    tip.wait_for()
    said = tip.inner_text()
    best = shown.offspring[1].individuals[1]
    for expected in ("1-01", best.network_id, "ok", "50.5", f"{best.cost.params:,}"):
        assert expected in said


def test_click_shows_network_lineage_curve_and_fitness(reader, shown):
    tab = reader.tab
    reader.click(4)
    panel = tab.locator("#panel")
    best = shown.offspring[1].individuals[1]
    assert f"Individual 1-01, network {best.network_id}" in panel.inner_text()
    assert "50.5 ± 1.3 %" in panel.inner_text()
    drawing = panel.locator("#chart-network svg")
    assert "input" in drawing.text_content()
    assert "heatmaps 8×8×16" in drawing.text_content()
    for chart in ("curve-score", "curve-loss", "ancestors"):
        assert panel.locator(f"#chart-{chart} svg").bounding_box()["height"] > 50, chart
    panel.locator("#chart-ancestors").scroll_into_view_if_needed()
    tab.mouse.move(*reader.dots("ancestors")[4])
    panel.locator("#vg-tooltip-element.visible").wait_for()  # outside of the panel it would lie below
    panel.get_by_text("Fitness file", exact=True).click()
    assert f'"network_id": "{best.network_id}"' in panel.locator("pre").inner_text()


def test_parents_can_be_followed_and_the_panel_closed(reader):
    reader.click(4)
    panel = reader.tab.locator("#panel")
    panel.locator(".parents button").first.click()
    reader.tab.wait_for_function("document.getElementById('panel').dataset.shown !== '4'")
    assert "Individual 0-" in panel.inner_text()
    reader.tab.keyboard.press("Escape")
    assert not panel.is_visible()
    reader.tab.mouse.move(*reader.dots()[3])
    reader.tab.locator("#vg-tooltip-element.visible").wait_for()


def test_two_individuals_stand_side_by_side(reader, shown):
    """The first is 1-00, the other the best; both have curves and a network, and closing leaves one."""
    tab = reader.tab
    reader.click(3)
    panel = tab.locator("#panel")
    choices = panel.locator("#other option").all_inner_texts()
    assert choices[:2] == ["nothing", "the best, 1-01"]
    panel.locator("#other").select_option("4")
    tab.wait_for_selector("#panel[data-compared='4']")
    left, right = panel.locator(".side").all()
    assert shown.offspring[1].individuals[1].network_id in right.inner_text()
    assert "30.0 ± 1.3 %" in left.inner_text()
    assert "50.5 ± 1.3 %" in right.inner_text()
    for side in (left, right):
        for chart in ("curve-score", "network"):
            assert side.locator(f"[id^='chart-{chart}'] svg").bounding_box()["height"] > 50, chart
    assert left.bounding_box()["x"] + left.bounding_box()["width"] <= right.bounding_box()["x"] + 1
    panel.locator("#other").select_option("")
    assert panel.locator(".side").count() == 1
    tab.keyboard.press("Escape")
    reader.click(0)
    assert "the one before, 1-00" in panel.locator("#other").inner_text()


@pytest.fixture(scope="module")
def searched(tmp_path_factory) -> Path:
    """The page of a search with two objectives, on four GPUs."""
    folder = tmp_path_factory.mktemp("searched") / "searched"
    write_search(folder, 8, 12)
    build_report(RunFiles.in_folder(folder), folder / "report.html")
    return folder / "report.html"


def test_genes_objectives_and_jobs_are_drawn_and_said_in_words(browser, searched):
    reader = Reader(browser.new_page(), searched)
    charts = "genes", "slots", "effect-0", "effect-5", "parallel", "objectives", "volumes", "timeline"
    for name in charts:
        picture = reader.tab.locator(f"#chart-{name} svg[role=img]")
        assert picture.bounding_box()["width"] > 200, name
        assert len(picture.get_attribute("aria-label")) > 20, name
    bars = reader.tab.locator("#chart-timeline .mark-rect path")
    assert bars.count() >= 8 * 12  # a second attempt has a bar of its own
    bars.nth(7).click()
    reader.tab.wait_for_selector("#panel[data-shown]")
    reader.tab.close()
    assert reader.complaints == []


def test_who_diverged_has_a_panel_too(reader):
    reader.click(2)
    panel = reader.tab.locator("#panel")
    assert "diverged" in panel.inner_text()
    assert not panel.locator(".curves").is_visible()
    assert panel.locator("#chart-network svg").is_visible()


def test_of_a_long_search_the_most_relevant_have_details_and_the_others_say_so(browser, run, monkeypatch):
    monkeypatch.setattr(html, "DETAILED", 3)
    build_report(RunFiles.in_folder(run.folder), run.folder / "report.html")
    reader = Reader(browser.new_page(), run.folder / "report.html")
    panel = reader.tab.locator("#panel")
    for key, detailed in ((5, False), (4, True)):
        reader.click(key)
        assert panel.locator("#chart-network svg").is_visible() == detailed
        assert panel.locator(".left-out").is_visible() == (not detailed)
        assert "MB predicted" in panel.inner_text()
        reader.tab.keyboard.press("Escape")
    assert "of 3 individuals" in " ".join(panel.locator(".left-out").text_content().split())
    reader.tab.close()
    assert reader.complaints == []


def test_the_panel_says_what_a_training_has_used_of_a_gpu(browser, run):
    fitness = read_fitness(run.fitness_files[4])
    used = replace(fitness, training={**fitness.training, "peak_gpu_memory_mb": 3456})
    write_fitness(run.fitness_files[4], used)
    build_report(RunFiles.in_folder(run.folder), run.folder / "report.html")
    reader = Reader(browser.new_page(), run.folder / "report.html")
    panel = reader.tab.locator("#panel")
    for key, said in ((4, True), (1, False)):
        reader.click(key)
        assert ("3,456 MB" in panel.inner_text()) == said
        assert ("GPU memory" in panel.inner_text()) == said
        reader.tab.keyboard.press("Escape")
    reader.tab.close()
    assert reader.complaints == []


def test_filter_by_status(reader):
    assert sorted(reader.dots()) == [0, 1, 2, 3, 4, 5]
    reader.tab.locator("#individuals summary").click()
    reader.tab.wait_for_function("document.querySelectorAll('#individuals tbody tr').length === 6")
    rows = reader.tab.locator("#individuals tbody tr")
    reader.tab.select_option("#status", "diverged")
    reader.tab.wait_for_function("document.querySelectorAll('#individuals tbody tr').length === 1")
    assert list(reader.dots()) == [2]
    assert "diverged" in rows.first.inner_text()
    reader.tab.select_option("#status", "all")
    reader.tab.wait_for_function("document.querySelectorAll('#individuals tbody tr').length === 6")
    assert len(reader.dots()) == 6


def listed(reader: Reader) -> list[str]:
    """Names of the individuals in the table, in its order."""
    return reader.tab.locator("#individuals tbody td:first-child").all_inner_texts()


def test_the_table_is_sorted_by_a_column_narrowed_by_words_and_saved(reader):
    reader.tab.locator("#individuals summary").click()
    reader.tab.wait_for_function("document.querySelectorAll('#individuals tbody tr').length === 6")
    by_score = reader.tab.locator("#individuals th button", has_text="score")
    by_score.click()
    assert listed(reader) == ["0-02", "1-02", "0-01", "1-00", "0-00", "1-01"]  # 0, 10, 20, 30, 40, 50.5
    by_score.click()
    assert listed(reader) == ["1-01", "0-00", "1-00", "0-01", "1-02", "0-02"]
    reader.tab.locator("#words").fill("1- ok")
    assert listed(reader) == ["1-01", "1-00", "1-02"]
    assert reader.tab.locator("#count").inner_text() == "3 of 6"
    with reader.tab.expect_download() as saved:
        reader.tab.locator("#save").click()
    rows = [line.split(",") for line in Path(saved.value.path()).read_text().splitlines()]
    assert [row[0] for row in rows] == ['"individual"', '"1-01"', '"1-00"', '"1-02"']
    assert rows[1][3:5] == ['"50.5"', '"1.25"']


def test_individuals_can_be_opened_by_keyboard(reader):
    reader.tab.get_by_role("button", name="Open the best network").focus()
    reader.tab.keyboard.press("Enter")
    reader.tab.wait_for_selector("#panel[data-shown='4']")


def test_dark_paper_and_light_ink(reader):
    ink = "getComputedStyle(document.querySelector('#chart-fitness .role-axis-label text')).fill"
    paper = "getComputedStyle(document.body).backgroundColor"

    def shades() -> list[int]:
        return [sum(map(int, reader.tab.evaluate(colour)[4:-1].split(","))) for colour in (paper, ink)]

    reader.tab.emulate_media(color_scheme="light")
    on_paper, of_ink = shades()
    assert on_paper > of_ink
    reader.tab.emulate_media(color_scheme="dark")
    on_paper, of_ink = shades()
    assert on_paper < of_ink
    reader.tab.emulate_media(media="print", color_scheme="dark")
    assert reader.tab.evaluate(paper) == "rgb(255, 255, 255)"


def test_a_phone_scrolls_in_one_direction_only(browser, shown):
    tab = browser.new_page()
    tab.set_viewport_size({"width": PHONE, "height": 844})
    reader = Reader(tab, shown.folder / "report.html")
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE
    tab.get_by_role("button", name="Open the best network").click()
    tab.wait_for_selector("#panel[data-shown='4']")
    assert tab.evaluate("document.getElementById('panel').scrollWidth") <= PHONE
    tab.close()
    assert reader.complaints == []


@pytest.mark.slow
def test_2000_individuals_are_below_8_mb_and_open_in_3_s(browser, tmp_path):
    folder = tmp_path / "large"
    write_search(folder, GENERATIONS, EACH)
    page = folder / "report.html"
    build_report(RunFiles.in_folder(folder), page)
    assert page.stat().st_size < 8e6
    seconds = []
    while min(seconds, default=3) >= 3 and len(seconds) < 10:  # on a busy machine, the fastest opening counts
        reader = Reader(browser.new_page(), page)
        seconds.append(reader.seconds)
        assert len(reader.dots()) == GENERATIONS * EACH
        reader.tab.get_by_role("button", name="Open the best network").click()
        reader.tab.wait_for_selector("#panel[data-shown] #chart-network svg")
        reader.tab.close()
        assert reader.complaints == []
    print(f"{page.stat().st_size / 1e6:.1f} MB, opened in {', '.join(f'{s:.1f}' for s in seconds)} s")
    assert min(seconds) < 3
