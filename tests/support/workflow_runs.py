"""Run the workflow as a user does, in a folder of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

from job_runs import WARNINGS

OF_SNAKEMAKE = (
    'ignore:::pulp.pulp,ignore:::pulp.apis.coin_api,ignore:Argument "writer_name" will be removed,'
    "ignore::ResourceWarning"
)
"""Warnings of Snakemake: it calls its solver and Docutils in a deprecated way, and leaves files open."""
HERE = Path(__file__).parent.with_name("workflow")
REPOSITORY = HERE.parents[1]


def snakemake_command(
    directory: Path, *arguments: str, configfiles: tuple[Path, ...]
) -> tuple[list[str], dict[str, str]]:
    """The command that runs snakemake in a directory, and its environment."""
    command = [sys.executable, "-m", "snakemake", *arguments, "--cores", "2", "--resources", "gpu=2"]
    command += ["--snakefile", str(REPOSITORY / "Snakefile"), "--directory", str(directory)]
    if configfiles:
        command += ["--configfile", *map(str, configfiles)]
    variables = {"XDG_CACHE_HOME": str(directory / ".cache"), "PYTHONWARNINGS": f"{WARNINGS},{OF_SNAKEMAKE}"}
    return command, {**os.environ, **variables}


def snakemake(directory: Path, *arguments: str, configfiles: tuple[Path, ...]) -> subprocess.CompletedProcess[str]:
    """Run snakemake in a directory; what it prints, output and errors together, is in `stdout`."""
    command, environment = snakemake_command(directory, *arguments, configfiles=configfiles)
    return subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=REPOSITORY,
        env=environment,
        timeout=1500,
        check=False,
    )


def refusal(finished: subprocess.CompletedProcess[str]) -> str:
    """The one line with which evocnn refuses to start."""
    assert finished.returncode != 0
    assert "Traceback" not in finished.stdout
    (line,) = (line for line in finished.stdout.splitlines() if line.startswith("evocnn: "))
    return line


def planned_jobs(output: str) -> dict[str, int]:
    """How many jobs of each rule a dry run plans, from its table; rule `all` left out."""
    actual = re.findall(r"^([a-z_]+) +(\d+)$", output, re.MULTILINE)
    return {rule: int(count) for rule, count in actual if rule not in ("all", "total")}
