"""Commands that documents show: each is understood by the program that it names."""

import re
import shlex
from collections.abc import Iterator
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from snakemake.cli import parse_args

from evocnn.commands.main import command_parser

NOT_RUN = {
    "cat": "a tool of the system",
    "cd": "a tool of the system",
    "docker": "needs a container engine; tests/test_environment.py reads the Dockerfile",
    "grep": "a tool of the system",
    "head": "a tool of the system",
    "ls": "a tool of the system",
    "python": "use_me.py is run by tests/network/test_export.py, the tutorial by tests/workflow/test_tutorial.py",
    "rsync": "a tool of the system",
    "scancel": "a tool of Slurm; tests/cluster runs a search there",
    "snakedeploy": "run by tests/workflow/test_deployed.py",
    "source": "a command of the shell",
}
"""Programs whose commands are not parsed here, and why."""
PROGRAMS = ("evocnn", "make", "pip", "snakemake", *NOT_RUN)
ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")})
BLOCK = re.compile(r"^```bash\n(.*?)^```|((?:^ {4}\S.*\n(?:^ {8}\S.*\n)*)+)", re.MULTILINE | re.DOTALL)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every command of every block, in words, and where it stands."""
    for path in DOCUMENTS:
        if path.name == "CHANGELOG.md" or "_build" in path.parts:
            continue
        for block in BLOCK.findall(path.read_text(encoding="utf-8")):
            text = re.sub(r"<<'END'.*?^END$", "", block[0] or block[1], flags=re.MULTILINE | re.DOTALL)
            for line in re.sub(r"\\\n", " ", text).splitlines():
                if line.split()[:1] and line.split()[0] in PROGRAMS:
                    words = shlex.split(line, comments=True)
                    for ends, part in groupby(words, lambda word: word in ("&&", "|", ">")):
                        if not ends:
                            yield f"{path.relative_to(ROOT)}: {line.strip()}", list(part)


SHOWN = list(commands())


def given_to(program: str) -> list[pytest.param]:
    return [pytest.param(words[1:], id=shown) for shown, words in SHOWN if words[0] == program]


def test_commands_are_known():
    assert len(SHOWN) > 50
    assert {words[0] for _, words in SHOWN if re.match(r"[a-z]+$", words[0])} <= {*PROGRAMS, "pip-audit"}


@pytest.mark.parametrize("arguments", given_to("evocnn"))
def test_evocnn_understands_what_is_shown(arguments):
    if "--help" not in arguments and "--version" not in arguments:
        assert command_parser().parse_args(arguments).command == arguments[0]


@pytest.mark.parametrize("arguments", given_to("snakemake"))
def test_snakemake_understands_what_is_shown(arguments, monkeypatch):
    monkeypatch.chdir(ROOT)
    _, given = parse_args(arguments)
    assert bool(given.configfile) == ("--configfile" in arguments)


@pytest.mark.parametrize("arguments", given_to("make"))
def test_make_has_the_target(arguments):
    targets = re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert arguments[0] in targets


@pytest.mark.parametrize("arguments", given_to("pip"))
def test_files_of_requirements_exist(arguments):
    files = [value for option, value in pairwise(arguments) if option in ("-r", "-c")]
    assert all((ROOT / name).is_file() for name in files)
