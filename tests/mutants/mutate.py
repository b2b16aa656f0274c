"""Break a module in many small ways, one at a time, and list the ways that its tests do not notice.

    python tests/mutants/mutate.py evocnn/pose/pckh.py tests/pose/test_pckh.py [--sample 40] [--seed 1]

A copy of the repository is mutated. A mutant that survives is equivalent to the original, or a test is missing. Tests
run in forked processes, so those that compute with TensorFlow do not suit.
"""

import argparse
import ast
import copy
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FLIPPED = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
FLIPPED |= {ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
SWAPPED = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div}
SWAPPED |= {ast.And: ast.Or, ast.Or: ast.And}


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    changed = copy.deepcopy(node)
    match changed:
        case ast.Compare(ops=[operator, *_]) if type(operator) in FLIPPED:
            changed.ops[0] = FLIPPED[type(operator)]()
            yield changed
        case ast.BinOp(op=operator) | ast.BoolOp(op=operator) if type(operator) in SWAPPED:
            changed.op = SWAPPED[type(operator)]()
            yield changed
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield changed.operand
        case ast.If() | ast.IfExp() | ast.While():
            changed.test = ast.UnaryOp(ast.Not(), changed.test)
            yield changed
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Return(value=ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.Call(args=[first, second, *rest]) if not any(isinstance(a, ast.Starred) for a in (first, second)):
            changed.args = [second, first, *rest]
            yield changed
        case ast.comprehension(ifs=[_, *rest]):
            changed.ifs = rest
            yield changed


def mutants(source: str) -> list[tuple[str, str]]:
    """Each mutant of a module: where and what it changes, and its source."""
    tree = ast.parse(source)
    variants = []
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if field in ("annotation", "returns", "bases", "decorator_list") or getattr(parent, "arg", "") == "strict":
                continue
            for place, node in enumerate(value if isinstance(value, list) else [value]):
                for changed in changes(node) if isinstance(node, ast.AST) else ():
                    line = getattr(node, "lineno", getattr(parent, "lineno", 0))
                    replace(parent, field, place, changed)
                    mutated = ast.unparse(ast.fix_missing_locations(tree))
                    replace(parent, field, place, node)
                    variants.append((f"{line}: {brief(node)} → {brief(changed)}", mutated))
    return variants


def replace(parent: ast.AST, field: str, place: int, node: ast.AST) -> None:
    """Put a node into its parent."""
    if isinstance(old := getattr(parent, field), list):
        old[place] = node
    else:
        setattr(parent, field, node)


def brief(node: ast.AST) -> str:
    """The first 70 characters of a node's source."""
    return " ".join(ast.unparse(node).split())[:70]


def collect(folder: Path, tests: list[str]) -> None:
    """Import what the tests need, and forget what is in the folder: forked processes then start at once."""
    os.chdir(folder)
    os.environ |= {"OPENBLAS_NUM_THREADS": "1"}
    sys.dont_write_bytecode = True
    pytest.main(["-qqq", "--collect-only", *tests])
    for name in [n for n, m in sys.modules.items() if str(getattr(m, "__file__", None)).startswith(str(folder))]:
        del sys.modules[name]


def run(tests: list[str]) -> None:
    """Run the tests in this process, and end it; nothing is printed."""
    for descriptor in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
    options = ["-q", "-x", "-n", "0", "-p", "no:cacheprovider", "-m", "not slow and not cluster"]
    os._exit(pytest.main([*options, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]))


def survives(tests: list[str], limit: float) -> bool:
    """Whether the tests pass; what takes longer than a limit in seconds fails."""
    process = multiprocessing.get_context("fork").Process(target=run, args=[tests])
    process.start()
    process.join(limit)
    process.kill()
    process.join()
    return process.exitcode == 0


def main() -> None:
    """Print the mutants that survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", help="path below scripts/")
    parser.add_argument("tests", nargs="+", help="paths of the tests that should notice")
    parser.add_argument("--sample", type=int, help="how many mutants to try, drawn at random; all by default")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "repository"
        ignored = shutil.ignore_patterns(".*", "results", "logs", "benchmarks", "__pycache__", "data")
        shutil.copytree(REPOSITORY, folder, ignore=ignored)
        path = folder / "scripts" / arguments.module
        every = mutants(path.read_text())
        chosen = random.Random(arguments.seed).sample(every, min(arguments.sample or len(every), len(every)))
        collect(folder, arguments.tests)
        started = time.monotonic()
        if not survives(arguments.tests, 600):
            sys.exit(f"{arguments.module}: the tests fail on the original, expected them to pass; run them first")
        limit = 10 + 5 * (time.monotonic() - started)
        survived = []
        for label, source in chosen:
            path.write_text(source)
            survived += [label] if survives(arguments.tests, limit) else []
    print(f"{arguments.module}: {len(survived)} of {len(chosen)} mutants survive", *survived, sep="\n  ")


if __name__ == "__main__":
    main()
