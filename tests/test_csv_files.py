"""CSV files of a run: what is wrong with one is said with its name."""

import pytest

from evocnn.csv_files import read_csv


def test_a_table_is_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,x\n12e3,1.5\n")
    table = read_csv(path, ["x"], {"id": str})
    assert table.to_dict("records") == [{"id": "12e3", "x": 1.5}]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "found damage"),
        (b"\xff\xfe\0", "found damage"),
        (b"id,x\n1,2\n1,2,3\n", "found damage"),
        (b"id,y\n1,2\n", "the columns x are missing"),
    ],
)
def test_damage_names_the_file_and_what_to_do(tmp_path, content, problem):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"a\.csv: .*{problem}.*; delete .* and run snakemake again"):
        read_csv(path, ["x"])
