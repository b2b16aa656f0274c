"""What reaches the terminal cannot control it."""

import os

from evocnn.commands.main import main
from evocnn.terminal import printable, quiet


def test_control_characters_become_escapes_and_letters_stay():
    assert printable("B\u00e4r \x1b[31mred\x07\n\u202etxt") == "B\u00e4r \\x1b[31mred\\x07 \\u202etxt"


def test_errors_of_commands_are_printable(tmp_path, capsys):
    missing = str(tmp_path / "\x1b[31mred")
    assert main(["predict", "--model", missing, "--images", missing, "--output", str(tmp_path)]) == 2
    assert "\\x1b[31mred" in capsys.readouterr().err


def test_standard_error_is_quiet_for_libraries_in_c_too(capfd):
    with quiet():
        os.write(2, b"noise")
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"
