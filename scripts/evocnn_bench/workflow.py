"""The workflow as benchmarks run it: a configuration as one value, and targets."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from snakemake.utils import update_config

from evocnn_bench.document import REPOSITORY


def configured(data: Path | None, *names: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The configuration of files of config, laid over one another, with a data set if one is given, and more."""
    config: dict[str, Any] = {}
    for name in names:
        update_config(config, yaml.safe_load((REPOSITORY / f"config/{name}.yaml").read_text(encoding="utf-8")))
    update_config(config, {"dataset": {"root": str(data.resolve())}} if data else {})
    update_config(config, more or {})
    return config


def run_workflow(
    config: Mapping[str, Any],
    targets: Sequence[str | Path] = ("all",),
    cores: int | None = None,
    folder: Path = REPOSITORY,
) -> None:
    """Run the workflow, or continue it: a job per core.

    Args:
        config: see `configured`.
        targets: rules, or files relative to the folder.
        cores: how many; None means all.
        folder: working directory of the run. Runs at the same time need different ones.

    Raises:
        ValueError: the run failed or was interrupted.
    """
    cores = cores or len(os.sched_getaffinity(0))
    with TemporaryDirectory() as temporary:
        mine = Path(temporary) / "mine.yaml"
        mine.write_text(yaml.safe_dump(config), encoding="utf-8")
        command = [sys.executable, "-m", "snakemake", "--cores", str(cores), "--resources", f"gpu={cores}"]
        command += ["--directory", str(folder), "--configfile", str(mine), "--", *map(str, targets)]
        if subprocess.run(command, cwd=REPOSITORY, check=False).returncode:
            raise ValueError("the run has not finished; see above, and run the same command again to continue it")
