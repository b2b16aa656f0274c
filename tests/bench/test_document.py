"""docs/benchmarks.md keeps what the commands measure."""

import pytest

from evocnn.bench.document import machine, table, write_section


def test_a_table():
    assert table([["what", "a", "b"], ["speed", "1", "2"]]) == "| what | a | b |\n|---|--:|--:|\n| speed | 1 | 2 |"


def test_a_section_is_replaced_and_the_rest_stays(tmp_path):
    path = tmp_path / "b.md"
    path.write_text("# head\n\n<!-- x -->\nold\n<!-- end of x -->\n\n<!-- y -->\n<!-- end of y -->\ntail\n")
    write_section(path, "x", "new")
    write_section(path, "x", "newer")
    expected = "# head\n\n<!-- x -->\n\nnewer\n\n<!-- end of x -->\n\n<!-- y -->\n<!-- end of y -->\ntail\n"
    assert path.read_text() == expected


def test_a_missing_section_is_named(tmp_path):
    path = tmp_path / "b.md"
    path.write_text("")
    with pytest.raises(ValueError, match=r"b\.md: expected the lines '<!-- x -->'"):
        write_section(path, "x", "new")


def test_the_machine_is_described_with_versions():
    assert "cores; tensorflow 2" in machine()
