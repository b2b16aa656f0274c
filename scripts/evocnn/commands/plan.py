"""Say what a search will cost, before it starts: trainings, hours, memory, disk.

Three random networks of the search are trained for a few steps on this machine.

example: evocnn plan --configfile config/mpii.yaml mine.yaml --places 4
"""

import argparse
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--configfile", nargs="+", type=Path, default=[], metavar="FILE", help="as for snakemake; later files count"
    )
    parser.add_argument(
        "--places", type=int, metavar="N", help="trainings at the same time; by default one per GPU, or per core"
    )


def run(given: argparse.Namespace) -> int:
    """Measure and print.

    Raises:
        ValueError: the configuration is wrong.
    """
    from evocnn.configuration.check import read_configuration
    from evocnn.planning.plan import describe_plan
    from evocnn.planning.probe import probe
    from evocnn.planning.workload import workload
    from evocnn.processes.devices import devices
    from evocnn.yaml_files import read_yaml

    config: dict[str, Any] = {}
    for path in given.configfile:
        _lay_over(config, read_yaml(path) or {})
    settings = read_configuration(config, _locate)
    cores = max(len(os.sched_getaffinity(0)) // settings.training.threads, 1)
    places = given.places or len(devices(os.environ)) or cores
    if places < 1:
        raise ValueError(f"found --places {places}, expected 1 or more")
    print(describe_plan(settings, workload(settings, _locate), probe(settings, places, _locate), places))
    return 0


def _lay_over(config: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Change a configuration as another `--configfile` of Snakemake does."""
    for key, value in more.items():
        if isinstance(value, Mapping) and isinstance(config.get(key), dict):
            _lay_over(config[key], value)
        else:
            config[key] = dict(value) if isinstance(value, Mapping) else value


def _locate(path: str) -> str:
    return path if Path(path).exists() else str(SHIPPED / path)
