"""Pages of benchmarks are wholly written by their commands."""

import pytest

from evocnn.commands.bench import NAMES
from evocnn_bench.benchmarks import BENCHMARKS
from evocnn_bench.document import PAGES, machine, page, table, write_page


def test_a_table():
    assert table([["what", "a", "b"], ["speed", "1", "2"]]) == "| what | a | b |\n|---|--:|--:|\n| speed | 1 | 2 |"


def test_a_page_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "pages" / "speed.md"
    for figures in ("old", "new"):
        write_page(path, page("Speed", "What.", "evocnn bench speed --keep", figures))
    assert path.read_text() == (
        "# Speed\n\nWhat.\n\nWritten by this command, which measures again and replaces the page:\n\n"
        "    evocnn bench speed --keep\n\nnew\n"
    )


def test_the_command_offers_every_benchmark():
    assert list(NAMES) == list(BENCHMARKS)


@pytest.mark.parametrize("name", BENCHMARKS)
def test_every_benchmark_has_a_page_that_its_command_wrote(name):
    text, benchmark = (PAGES / f"{name}.md").read_text(), BENCHMARKS[name]
    assert text.startswith(f"# {benchmark.title}\n\n{benchmark.about.strip()}\n\n")
    assert f"    evocnn bench {name}" in text
    assert f"[{name}]({name}.md)" in (PAGES / "README.md").read_text()


def test_the_machine_is_described_with_versions():
    assert "cores; tensorflow 2" in machine()
