"""The command `evocnn` of this checkout, in a process of its own, whatever is installed."""

import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "scripts"
COMMAND = [
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); from evocnn.commands.main import main; sys.exit(main())",
]


def evocnn(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    """Run it; output and errors are kept."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", check=False, **options
    )
