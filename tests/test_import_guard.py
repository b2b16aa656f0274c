"""Modules that are hidden while others are imported."""

import subprocess
import sys

import pytest

from evocnn.import_guard import hidden_modules

SLOW_TO_IMPORT = {"matplotlib", "pandas", "scipy", "sklearn"}


def loaded(statements, repository):
    """The modules that a process of its own has after some statements."""
    code = f"import sys\n{statements}\nprint('loaded:', *sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=repository / "scripts", capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    return set(finished.stdout.split("loaded:")[1].split())


def test_hidden_modules_are_available_again_afterwards(monkeypatch):
    monkeypatch.delitem(sys.modules, "this", raising=False)
    with hidden_modules("this"), pytest.raises(ModuleNotFoundError):
        import this  # noqa: F401
    assert "this" not in sys.modules


def test_what_is_there_stays():
    before = sys.modules["json"]
    with hidden_modules("json"):
        import json
    assert json is before
    assert sys.modules["json"] is before


def test_what_cannot_be_imported_leaves_nothing_hidden():
    with pytest.raises(ModuleNotFoundError), hidden_modules("this"):
        import no_such_module  # noqa: F401
    assert "this" not in sys.modules


def test_a_training_starts_without_what_it_does_not_need(repository):
    actual = loaded("import evocnn.network.training_child", repository)
    assert {"tensorflow", "keras"} <= actual
    assert not actual & SLOW_TO_IMPORT


def test_after_a_training_was_started_everything_can_be_imported(repository):
    actual = loaded("import evocnn.network.training_child\nimport matplotlib, pandas, scipy, sklearn", repository)
    assert actual >= SLOW_TO_IMPORT


def test_the_light_jobs_start_without_tensorflow(repository):
    actual = loaded("import evocnn.evolution.breed_select, evocnn.processes.log", repository)
    assert not actual & (SLOW_TO_IMPORT | {"tensorflow", "keras"})


def test_reading_the_workflow_needs_neither_tensorflow_nor_tables(repository):
    actual = loaded("import evocnn.configuration, evocnn.training.memory_request, evocnn.space.space_file", repository)
    assert not actual & (SLOW_TO_IMPORT | {"tensorflow", "keras", "cv2"})
