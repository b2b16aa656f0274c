"""Which parts of the library import which, and what a module must not load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
TOOLS = {
    "arrays",
    "bootstrap",
    "csv_files",
    "extensions",
    "files",
    "import_guard",
    "labels",
    "schema",
    "section",
    "terminal",
    "yaml_files",
}
"""Modules that stand beside the rooms; they know no room but what labels are."""
IMPORTS = {
    "classification": set(),
    "pose": set(),
    "space": {"pose"},
    "tasks": {"classification", "dataset", "pose", "space"},
    "dataset": {"classification", "pose"},
    "evolution": {"inheritance", "space"},
    "inheritance": {"evolution", "space"},
    "processes": {"evolution"},
    "training": {"evolution", "inheritance", "network", "processes", "space"},
    "network": {"dataset", "evolution", "inheritance", "pose", "processes", "space", "tasks", "training"},
    "configuration": {"classification", "dataset", "evolution", "pose", "space", "training"},
    "drawing": {"dataset", "evolution", "pose", "space", "tasks"},
    "scoring": {"dataset", "pose"},
    "report": {"configuration", "dataset", "drawing", "evolution", "pose", "space", "tasks"},
    "prediction": {"classification", "dataset", "drawing", "network", "pose", "space", "tasks"},
    "planning": {"configuration", "dataset", "evolution", "network", "processes", "report", "space", "tasks"},
    "commands": {"configuration", "dataset", "drawing", "planning", "prediction", "processes", "report", "scoring"},
}
"""Rooms of the library, and the rooms that each may import."""
LIGHT = (
    "evocnn.evolution.breed_select",
    "evocnn.configuration.check",
    "evocnn.training.run",
    "evocnn.training.settings",
)
"""What starts with every job, in well under a second."""
COMMANDS_OF_BENCHMARKS = {f"evocnn.commands.{name}" for name in ("bench", "gpu_check", "screenshot")}
HEAVY = ("tensorflow", "keras", "pandas", "matplotlib", "altair", "cv2", "snakemake")


def modules(package: str = "evocnn") -> dict[str, Path]:
    """Files of a package by the names of their modules."""
    files = sorted((SCRIPTS / package).rglob("*.py"))
    return {".".join(path.relative_to(SCRIPTS).with_suffix("").parts): path for path in files}


def imported(path: Path) -> Iterator[str]:
    """Names of the modules that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room(module: str) -> str:
    """The part of evocnn that a module is in."""
    return module.split(".")[1]


def loaded(*names: str) -> set[str]:
    """Those of the heavy libraries that are loaded by importing modules, in a process of its own."""
    code = f"import sys, {', '.join(names)}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    finished = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(SCRIPTS)}, capture_output=True, text=True, check=True
    )
    return set(finished.stdout.split())


def test_every_room_is_listed() -> None:
    rooms = {path.parent.name for path in (SCRIPTS / "evocnn").glob("*/__init__.py")}
    assert rooms == IMPORTS.keys()


@pytest.mark.parametrize("name", IMPORTS)
def test_a_room_imports_what_is_listed_and_no_more(name: str) -> None:
    files = [path for module, path in modules().items() if module.startswith(f"evocnn.{name}.")]
    others = {room(module) for path in files for module in imported(path) if module.startswith("evocnn.")}
    assert others - {name} - TOOLS == IMPORTS[name]


def test_tools_know_no_room_but_labels() -> None:
    for name in TOOLS:
        others = {room(module) for module in imported(SCRIPTS / f"evocnn/{name}.py") if module.startswith("evocnn.")}
        assert others - TOOLS <= ({"classification", "pose"} if name == "labels" else set()), name


def test_no_modules_import_each_other() -> None:
    known = modules()
    graph = nx.DiGraph((module, other) for module, path in known.items() for other in imported(path) if other in known)
    # A training's process is started by `training.run`, and carries out what `network.training_child` says.
    graph.remove_edge("evocnn.training.run", "evocnn.network.training_child")
    assert list(nx.simple_cycles(graph)) == []


def test_the_library_does_not_know_its_benchmarks_nor_snakemake() -> None:
    for module, path in modules().items():
        names = {name.split(".")[0] for name in imported(path)} - {"evocnn"}
        allowed = {"evocnn_bench"} if module in COMMANDS_OF_BENCHMARKS else set()
        assert not names & {"evocnn_bench", "snakemake", "playwright", "psutil"} - allowed, module


def test_only_the_network_loads_tensorflow() -> None:
    networks = ("evocnn.network.", "evocnn.prediction.")
    others = [name for name in modules() if not name.startswith(networks) and not name.endswith("__main__")]
    assert not loaded(*others) & {"tensorflow", "keras", "snakemake"}


@pytest.mark.parametrize("module", LIGHT)
def test_what_starts_with_every_job_loads_nothing_heavy(module: str) -> None:
    assert loaded(module) == set()
