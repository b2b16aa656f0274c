"""Rules that the tests themselves follow, read from their source."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
SUPPORT = {path.stem for path in (HERE / "support").glob("*.py")}
PRODUCT = ("evocnn", "evocnn_bench")
FILES = sorted(HERE.rglob("*.py"))
READERS = ("test_tests.py", "test_prose.py", "test_imports.py", "test_encoding.py")
"""Tests that read source and documents, and run nothing."""
RAISING = ("assert", "check", "wait_for")
"""How the names of functions begin that raise an error where something is not as expected."""
TESTS = [path for path in FILES if path.name.startswith("test_")]


def name(path: Path) -> str:
    return str(path.relative_to(HERE))


@cache
def read(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """What is imported: (module, name), where `import module` has an empty name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


def private(identifier: str) -> bool:
    return identifier.startswith("_") and not identifier.startswith("__")


def private_names(tree: ast.AST) -> Iterator[str]:
    """Private names of the product that are imported, read from a module or class of it, or patched."""
    product = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or node.names[0].name
            if module.split(".")[0] in PRODUCT:
                product |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    for module, imported in imports(tree):
        if module.split(".")[0] in PRODUCT:
            yield from (part for part in [*module.split("."), imported] if private(part))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and private(node.attr):
            root = ast.unparse(node.value).split(".")[0]
            if root in product:
                yield ast.unparse(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "setattr":
            patched = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            yield from (text for text in patched if private(text.split(".")[-1]))


def test_private_names_of_the_product_are_not_used():
    used = {name(path): list(private_names(read(path))) for path in FILES}
    assert {path: names for path, names in used.items() if names} == {}


def test_what_tests_share_is_in_support_or_beside_them_and_is_no_test():
    known = {path.stem for path in FILES}
    for path in FILES:
        beside = {other.stem for other in path.parent.glob("*.py")} | SUPPORT
        ours = {module.split(".")[0] for module, _ in imports(read(path))} & known
        assert ours <= beside, name(path)
        assert not [module for module in ours if module.startswith("test_") or module == "conftest"], name(path)
        code = "\n".join(part.value for part in ast.walk(read(path)) if is_string(part))  # that a test runs elsewhere
        assert not re.search(r"^(import|from) .*\btest_", code, re.MULTILINE), name(path)


def test_every_file_of_tests_imports_the_product_or_reads_the_repository():
    for path in (path for path in TESTS if path.name not in READERS):
        helpers = {other.stem for other in helping(path)}
        roots = {module.split(".")[0] for module, _ in imports(read(path))}
        arguments = {argument.arg for node in functions(path) for argument in node.args.args}
        assert roots & {*PRODUCT, *helpers} or "repository" in arguments, name(path)


def is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def helping(path: Path) -> list[Path]:
    """Files that a file of tests may import: those beside it that are no tests, and those of `support`."""
    return [other for other in (*path.parent.glob("*.py"), *(HERE / "support").glob("*.py")) if other not in TESTS]


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(read(path)) if isinstance(node, ast.FunctionDef)]


def checks(node: ast.AST) -> bool:
    """Whether a function holds an assertion, or expects an error or a warning."""
    return any(
        isinstance(part, ast.Assert) or (isinstance(part, ast.Attribute) and part.attr in ("raises", "warns", "fail"))
        for part in ast.walk(node)
    )


def calls(node: ast.AST) -> set[str]:
    called = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
    return {ast.unparse(function).split(".")[-1] for function in called}


def test_every_test_asserts_something():
    """By itself or in a function of the tests that it calls; or it calls what raises an error by its name."""
    for path in TESTS:
        checking = {node.name for source in (path, *helping(path)) for node in functions(source) if checks(node)}
        tests = [node for node in functions(path) if node.name.startswith("test_")]
        assert tests, name(path)
        for test in tests:
            called = calls(test)
            assert checks(test) or called & checking or any(c.startswith(RAISING) for c in called), test.name
