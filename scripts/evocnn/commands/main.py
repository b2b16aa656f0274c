"""The command `evocnn`: it parses the arguments and runs the module of the subcommand."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

from evocnn.terminal import printable

COMMANDS = {
    "plan": "say what a search will cost, before it starts",
    "predict": "find joints in pictures of your own, and draw them",
    "score": "score predicted joints in a file",
    "describe": "print what a network consists of and costs",
    "progress": "show how far a run is",
    "report": "write the report of a run, finished or not",
    "gpu-check": "show what trainings can compute on, and time one",
    "bench": "measure, and write a page of docs/benchmarks",
    "screenshot": "take a picture of a report",
}
"""What people type, each in the module of its name."""


def module_of(command: str) -> ModuleType:
    """What runs a subcommand."""
    return import_module(f"evocnn.commands.{command.replace('-', '_')}")


def command_parser() -> argparse.ArgumentParser:
    """The arguments of all subcommands."""
    parser = argparse.ArgumentParser(
        prog="evocnn",
        description="Evolve convolutional networks. snakemake starts searches; these commands use their results.",
        epilog="evocnn COMMAND --help describes a command.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('evocnn')}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, summary in COMMANDS.items():
        module = module_of(name)
        subparser = subparsers.add_parser(
            name, help=summary, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        module.add_arguments(subparser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand.

    Returns:
        Exit code: 0, or 2 after one line on what is wrong.
    """
    given = command_parser().parse_args(arguments)
    try:
        return module_of(given.command).run(given)
    except (OSError, ValueError) as error:
        print(printable(str(error)), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
