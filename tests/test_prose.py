"""Words of identifiers and prose, and the references of documents: links, paths, configuration keys, make targets."""

import ast
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[1]
PROSE_ENDINGS = {".md", ".rst", ".yaml", ".toml", ".smk", ".j2", ".js", ".css", ".py", ""}
# These words describe people or a story; each has a plain technical counterpart.
STORY_WORDS = {"found", "born", "told", "foremost", "everybody", "fates", "heed", "heeds", "starve", "starved"}
# As the whole of a name these say too little.
VAGUE_NAMES = {"keep", "terms", "facts", "texts", "tiles", "standings", "floors"}
PHRASES = re.compile(
    r"\b(?:everybody|foremost|fates|told|born|heed(?:s|ed)?|starv(?:e|es|ed|ing)|floors|in vain|lives? to|to be had"
    r"|had enough|left alone|system before this one)\b".replace(" ", r"\s+(?:#\s*)?"),
    re.IGNORECASE,
)
QUOTED_WORD = re.compile(rf"`({'|'.join(sorted(STORY_WORDS | VAGUE_NAMES))})`")
INLINE_CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")
PATH = re.compile(r"`((?:docs|scripts|config|rules|tests|envs)/[\w./-]*\.\w+)`")
TARGET = re.compile(r"(?:`|^    )make\s+([\w-]+)", re.MULTILINE)


def tracked(*endings: str) -> list[Path]:
    """Files of the repository with some endings, other than this one."""
    return [path for path in _tracked() if path.suffix in endings]


@cache
def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    paths = [REPOSITORY / name for name in listed.splitlines()]
    return [path for path in paths if path.is_file() and path != Path(__file__)]


def at(path: Path, line: int, text: str) -> str:
    """One line of a failure: file:line and what is wrong there."""
    return f"{path.relative_to(REPOSITORY)}:{line}: {text}"


def line_of(text: str, match: re.Match[str]) -> int:
    return text.count("\n", 0, match.start()) + 1


def is_bad_name(name: str) -> bool:
    """Whether an identifier is a vague word, or has a story word as one of its parts; tests are named by sentences."""
    parts = set(name.lower().strip("_").split("_"))
    return name.lower().strip("_") in VAGUE_NAMES or ("test" not in parts and bool(parts & STORY_WORDS))


def defined_names(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of everything that Python source defines: variables, arguments, functions, classes, aliases."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(asname=str(name)):
                yield node.lineno, name
            case ast.Constant(value=str(name)) if name.isidentifier():
                yield node.lineno, name


def prose_of(path: Path) -> str:
    """The prose of a file on its original lines, without Python code and without inline code of the changelog."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        lines = [""] * (text.count("\n") + 2)
        for token in tokenize.generate_tokens(StringIO(text).readline):
            if token.type in (tokenize.COMMENT, tokenize.STRING):
                for offset, line in enumerate(token.string.split("\n")):
                    lines[token.start[0] - 1 + offset] += f" {line}"
        return "\n".join(lines)
    if path.name == "CHANGELOG.md":  # it may name what was renamed
        return INLINE_CODE.sub("", text)
    return text


@pytest.mark.parametrize(
    "source", ["found = 1", "def f(told): ...", "x.born_in = 2", "class Facts: ...", "f(a='found')"]
)
def test_a_story_word_is_noticed_as_a_name(source: str) -> None:
    assert any(is_bad_name(name) for _, name in defined_names(source))


@pytest.mark.parametrize("source", ["table(keep='first').found()", "print('found 3, expected 4')", "image_tiles = 1"])
def test_names_of_libraries_and_messages_are_free(source: str) -> None:
    bad = [name for _, name in defined_names(source) if is_bad_name(name)]
    assert bad == []


def test_identifiers_are_plain_words() -> None:
    bad = [
        at(path, line, name)
        for path in tracked(".py")
        for line, name in defined_names(path.read_text(encoding="utf-8"))
        if is_bad_name(name)
    ]
    bad += [at(path, 1, path.stem) for path in tracked(".py") if is_bad_name(path.stem)]
    assert not bad, "\n".join(bad)


def test_prose_is_plain() -> None:
    bad = []
    for path in tracked(*PROSE_ENDINGS):
        text = prose_of(path)
        matches = [*PHRASES.finditer(text), *QUOTED_WORD.finditer(text)]
        bad += [at(path, line_of(text, match), " ".join(match[0].split())) for match in matches]
    assert not bad, "\n".join(bad)


def test_links_lead_to_files() -> None:
    bad = []
    for path in tracked(".md"):
        text = path.read_text(encoding="utf-8")
        bad += [at(path, line_of(text, m), m[1]) for m in LINK.finditer(text) if not (path.parent / m[1]).exists()]
    assert not bad, "\n".join(bad)


def test_paths_in_documents_exist() -> None:
    bad = []
    for path in tracked(".md"):
        text = prose_of(path)
        bad += [at(path, line_of(text, m), m[1]) for m in PATH.finditer(text) if not (REPOSITORY / m[1]).exists()]
    assert not bad, "\n".join(bad)


def test_keys_in_documents_are_keys_of_the_configuration() -> None:
    configuration = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text(encoding="utf-8"))
    sections = {name: set(keys) for name, keys in configuration.items() if isinstance(keys, dict) and keys}
    key = re.compile(rf"`({'|'.join({*sections, 'jobs'})})\.(?!html)(\w+)(?=[`:])")
    bad = []
    for path in tracked(".md"):
        text = prose_of(path)
        bad += [
            at(path, line_of(text, m), f"{m[1]}.{m[2]}")
            for m in key.finditer(text)
            if m[2] not in sections.get(m[1], ())
        ]
    assert not bad, "\n".join(bad)


def test_make_targets_in_documents_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    bad = []
    for path in tracked(".md"):
        text = prose_of(path)
        bad += [at(path, line_of(text, m), f"make {m[1]}") for m in TARGET.finditer(text) if m[1] not in targets]
    assert not bad, "\n".join(bad)
