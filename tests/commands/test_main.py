"""The command evocnn: what it says of itself, and how it refuses."""

import os
import subprocess

import pytest
from evocnn_command import COMMAND

from evocnn.commands.main import COMMANDS, main


def test_the_help_is_quick_and_imports_no_tensorflow():
    report = "import atexit, sys; atexit.register(lambda: print('tensorflow' in sys.modules, 'numpy' in sys.modules)); "
    before = os.times()
    shown = subprocess.run([*COMMAND[:2], report + COMMAND[2], "--help"], capture_output=True, text=True, check=True)
    assert os.times().children_user - before.children_user < 1
    assert all(f"  {name}" in shown.stdout for name in COMMANDS)
    assert shown.stdout.split()[-2:] == ["False", "False"]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_each_command_has_what_it_does_and_an_example(name, capsys):
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    shown = capsys.readouterr().out
    assert f"example: evocnn {name}" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["report", "nowhere"],
            "nowhere: no config.yaml, so no run; expected a folder such as results/demo",
        ),
        (["progress", "nowhere", "--once"], "nowhere: no config.yaml, so no run"),
        (["describe", "--space", "none.yaml", "--input-size", "64"], "none.yaml"),
        (["predict", "--model", "none.keras", "--images", ".", "--output", "o"], "there is no none.keras; correct the"),
        (["score", "--annotations", "none.json", "--predictions", "p.csv"], "none.json"),
        (["bench", "search"], "found --data None, expected a folder with the tables"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    errors = capsys.readouterr().err
    assert said in errors
    assert errors.count("\n") == 1


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["trian"])
    assert "invalid choice: 'trian'" in capsys.readouterr().err
