"""Every text file is opened as UTF-8, whatever the locale of the machine."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
TEXT = ("read_text", "write_text", "open")
OPENING_OTHERS = ("_opener()", "webbrowser", "tarfile", "zipfile", "Image")
"""What has a method `open` that opens no text file."""


def without_encoding(source: str) -> Iterator[int]:
    """Lines that open a text file without saying its encoding."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in TEXT:
                modes = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
                binary = name == "open" and any("b" in str(mode) for mode in modes)
                said = any(keyword.arg == "encoding" for keyword in node.keywords)
                if not (binary or said or ast.unparse(value) in OPENING_OTHERS):
                    yield node.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("path.read_text()", [1]),
        ("\npath.write_text(text)", [2]),
        ("path.open()", [1]),
        ("path.open('w')", [1]),
        ("path.open('rb')", []),
        ("path.read_text(encoding='utf-8')", []),
    ],
)
def test_a_file_without_an_encoding_is_noticed(source: str, lines: list[int]) -> None:
    assert list(without_encoding(source)) == lines


def test_every_text_file_has_an_encoding() -> None:
    wrong = [
        f"{path.relative_to(SCRIPTS)}:{line}"
        for path in sorted(SCRIPTS.rglob("*.py"))
        for line in without_encoding(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)
