"""All cells of NAS-Bench-201 (Dong & Yang, ICLR 2020): which of them are the same.

A cell has four nodes; each of its six edges does nothing (0), passes on (1), or applies an operation (2, 3, 4), and a
node is the sum of the edges that lead to it. The authors count 6,466 different cells by a text per cell. That text
merges nothing that differs, but tells apart some cells that compute the same, for two reasons:

* A summand that is always zero stays in the text ("#"): 825 texts vanish without it.
* A node that is passed on brings its summands along as one piece, and pieces, not summands, are sorted: another 711
  texts differ in the order of the same summands only.

So 6,466 texts are 5,755 sums, zeros counted, and 4,930 functions. Ids find exactly the latter, and the 6,466 where a
sum is declared to be a list of pieces.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical

SHAPE = (8, 8, 4)
EDGES = {1: (0,), 2: (0, 1), 3: (0, 1, 2)}
"""Sources of the edges that lead to each node, in the order of the digits."""
NONE, PASS, POOL = 0, 1, 4
ROUNDING = 1e-9


@pytest.fixture(scope="module")
def cells(shared_data):
    path = shared_data / "nb201/nb201.csv.gz"
    if not path.is_file():
        pytest.skip(f"no {path}")
    return [tuple(map(int, arch)) for arch in pd.read_csv(path, dtype={"arch": str})["arch"]]


def test_the_table_holds_all_cells_once(cells):
    assert sorted(cells) == list(product(range(5), repeat=6))


def incoming(cell):
    """(source, operation) of the edges that lead to each of the nodes 1 to 3."""
    digits = iter(cell)
    return [[(source, next(digits)) for source in EDGES[node]] for node in (1, 2, 3)]


def pieces_of(cell):
    """The authors' text of each node, as a sorted list of pieces; what is joined by "+" is the text."""
    nodes = [["0"]]
    for edges in incoming(cell):
        pieces = []
        for source, operation in edges:
            text = "+".join(nodes[source])
            nothing = operation == NONE or text == "#"
            pieces.append("#" if nothing else text if operation == PASS else f"({text})@{operation}")
        nodes.append(sorted(pieces))
    return nodes


def text_of(cell):
    return "+".join(pieces_of(cell)[3])


def function_graph(cell, shared=lambda operation: True, flat=True):
    """The cell as a graph without what is zero; `shared` operations are functions, the others layers with weights.

    With `flat`, sums of sums are sums.
    """
    graph = GraphBuilder(SHAPE)
    nodes = [(0,)]  # the summands of each
    for edges in incoming(cell):
        summands = []
        for source, operation in edges:
            if operation == NONE or not nodes[source]:
                continue
            if operation == PASS and flat:
                summands += nodes[source]
                continue
            x = total(graph, nodes[source])
            if operation != PASS:
                kind = "activation" if shared(operation) else "conv"
                x = graph.add_layer(kind, (x,), SHAPE, operation=operation)
            summands.append(x)
        nodes.append(tuple(sorted(summands)))
    return graph, total(graph, nodes[3]) if nodes[3] else graph.add_layer("zero_pad", (), SHAPE)


def total(graph, summands):
    return graph.add_layer("add", tuple(sorted(summands)), SHAPE) if len(summands) > 1 else summands[0]


def authors_graph(cell):
    """The cell as the authors' text has it: zeros are summands, and a sum is a list in a given order."""
    graph = GraphBuilder(SHAPE)
    zero = graph.add_layer("zero_pad", (), SHAPE)
    nodes = [((0,), "0")]  # the summands of each, and its text
    for edges in incoming(cell):
        made = []
        for source, operation in edges:
            summands, text = nodes[source]
            if operation == NONE or text == "#":
                made.append(("#", (zero,)))
            elif operation == PASS:
                made.append((text, summands))
            else:
                x = graph.add_layer("multiply", summands, SHAPE) if len(summands) > 1 else summands[0]
                made.append(
                    (f"({text})@{operation}", (graph.add_layer("activation", (x,), SHAPE, function=operation),))
                )
        made.sort()
        nodes.append((tuple(x for _, summands in made for x in summands), "+".join(text for text, _ in made)))
    return graph, graph.add_layer("multiply", nodes[3][0], SHAPE)


def id_of(graph, output):
    return canonical(graph.layers, [output]).network_id


def one_to_one(left, right):
    return len(set(left)) == len(set(right)) == len(set(zip(left, right, strict=True)))


@pytest.fixture(scope="module")
def descriptions(cells):
    return [text_of(cell) for cell in cells]


@pytest.fixture(scope="module")
def ids(cells):
    return [id_of(*function_graph(cell)) for cell in cells]


def test_the_authors_count(descriptions):
    assert len(set(descriptions)) == 6466


@pytest.mark.slow
def test_ids_find_the_authors_count_where_sums_are_lists(cells, descriptions):
    actual = [id_of(*authors_graph(cell)) for cell in cells]
    assert len(set(actual)) == 6466
    assert one_to_one(actual, descriptions)


@pytest.mark.slow
def test_cells_of_one_text_have_one_id(descriptions, ids):
    assert len(set(zip(descriptions, ids, strict=True))) == len(set(descriptions))
    assert len(set(ids)) == 4930


def sums_with_zeros(cell):
    """The summands of the last node, in any order, zeros among them, nested where an operation is applied to a sum."""
    nodes = [("0",)]
    for edges in incoming(cell):
        summands = []
        for source, operation in edges:
            if operation == NONE or nodes[source] == ("#",):
                summands.append("#")
            else:
                summands += nodes[source] if operation == PASS else [f"({'+'.join(nodes[source])})@{operation}"]
        nodes.append(tuple(sorted(summands)))
    return nodes[3]


def test_what_the_authors_count_twice(cells, descriptions):
    sums = [sums_with_zeros(cell) for cell in cells]
    assert len(set(zip(descriptions, sums, strict=True))) == 6466  # coarser than the texts
    assert len(set(sums)) == 5755 == 6466 - 711


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [
        # x + x + f(x) + g(x): node 2 is passed on as (x + f(x)) or as (x + g(x)).
        ((1, 1, 1, 2, 3, 1), (1, 1, 2, 1, 3, 1), ("(0)@2+(0)@3+0+0", "(0)@2+0+(0)@3+0")),
        # f(x), with node 1 left out or not there.
        ((0, 2, 0, 0, 0, 1), (0, 0, 0, 2, 0, 0), ("#+#+#+(0)@2", "#+#+(0)@2")),
        ((0, 2, 0, 0, 0, 3), (0, 2, 1, 0, 0, 3), ("#+#+(#+(0)@2)@3", "#+#+(#+(0)@2)@3")),
    ],
)
def test_cells_by_hand(first, second, both):
    assert (text_of(first), text_of(second)) == both
    assert id_of(*function_graph(first)) == id_of(*function_graph(second))


def outputs(cells):
    """What each cell computes where its operations are fixed functions that take 0 to 0, nonlinear, in float64."""
    rng = np.random.default_rng(7)
    mixing = {operation: rng.normal(size=(6, 6)) for operation in (2, 3, 4)}
    apply = {operation: lambda x, m=matrix: np.tanh(x @ m) + 0.3 * (x @ m) ** 2 for operation, matrix in mixing.items()}
    start = rng.normal(size=6)
    known = {}
    for cell in cells:
        nodes = [start]
        for edges in incoming(cell):
            value = np.zeros(6)
            for source, operation in edges:
                if operation != NONE:
                    value = value + (nodes[source] if operation == PASS else apply[operation](nodes[source]))
            nodes.append(value)
        known[cell] = nodes[3]
    return np.array([known[cell] for cell in cells])


def groups_of(values):
    """Number of the group of each row, where rows that differ by rounding are one; groups lie far apart."""
    order = np.lexsort(values.T[::-1])
    steps = np.abs(np.diff(values[order], axis=0)).max(axis=1) / (1 + np.abs(values[order][1:]).max(axis=1))
    assert not ((steps > ROUNDING) & (steps < 1000 * ROUNDING)).any()
    groups = np.empty(len(values), int)
    groups[order] = np.concatenate([[0], np.cumsum(steps > ROUNDING)])
    return groups.tolist()


@pytest.mark.slow
def test_ids_are_functions(cells, ids):
    """Cells of one id compute the same; cells of two do not."""
    assert one_to_one(ids, groups_of(outputs(cells)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shared", "flat", "expected"),
    [
        ({2, 3, 4}, True, 4930),
        ({2, 3, 4}, False, 5773),  # a sum of sums is another layer list than one sum
        ({POOL}, False, 6147),  # and two convolutions of one map have their own weights
    ],
)
def test_what_counts_as_equal_decides_the_number(cells, shared, flat, expected):
    actual = {id_of(*function_graph(cell, shared=lambda operation: operation in shared, flat=flat)) for cell in cells}
    assert len(actual) == expected
