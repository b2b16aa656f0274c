"""Measure one of the benchmarks of docs/benchmarks and print its page.

With --keep the page is written to docs/benchmarks/NAME.md. Some benchmarks need data, see the page.

example: evocnn bench precision --keep
"""

import argparse
from pathlib import Path

NAMES = (
    "data",
    "memory",
    "search",
    "fronts",
    "deceptive",
    "precision",
    "gpu",
    "inherit",
    "scale",
    "files",
    "overhead",
    "literature",
    "evolving",
    "poses",
    "rungs",
    "decoding",
    "demo",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--data", type=Path, metavar="PATH", help="file or folder that the benchmark needs")
    parser.add_argument("--keep", action="store_true", help="write docs/benchmarks/NAME.md")


def run(given: argparse.Namespace) -> int:
    """Measure and print.

    Raises:
        ValueError: data or a package of development is missing.
    """
    try:
        from evocnn_bench.benchmarks import BENCHMARKS
        from evocnn_bench.document import PAGES, machine, page, write_page

        benchmark = BENCHMARKS[given.name]
        if benchmark.data and (given.data is None or not given.data.exists()):
            raise ValueError(f"found --data {given.data}, expected {benchmark.data}; add --data PATH")
        measured = f"{machine()}\n\n{benchmark.measure(given.data or Path())}"
    except ImportError as error:
        raise ValueError(f"benchmarks need packages of development ({error}); install requirements.txt") from error
    option = f" --data {given.data.name}" if given.data else ""
    text = page(benchmark.title, benchmark.about, f"evocnn bench {given.name}{option} --keep", measured)
    print(text)
    if given.keep:
        write_page(PAGES / f"{given.name}.md", text)
    return 0
