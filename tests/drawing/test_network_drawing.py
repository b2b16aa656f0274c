"""The drawing of a network: boxes and places on hand-made graphs, and what the SVG says."""

from itertools import pairwise

from evocnn.drawing.graph import arrange, collapse
from evocnn.drawing.network_drawing import draw_final_network
from evocnn.evolution.fitness import Fitness, write_fitness
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.decode import decode
from evocnn.space.space_file import read_space


def residual():
    """Convolution, pooling, and a skip around the pooling by a pointwise convolution."""
    graph = GraphBuilder((16, 16, 3))
    x = graph.normalised(graph.conv(0, 8, 3, 2), "relu")
    y = graph.pool("max_pool", graph.pool("max_pool", x, 3, 1), 5, 1)
    z = graph.add(y, graph.normalised(graph.conv(x, 8, 1)))
    return canonical(graph.layers, [graph.add(graph.conv(z, 8, 1), z)])


def test_chains_become_boxes():
    boxes = collapse(residual())
    assert sorted(box.label for box in boxes[1:]) == [
        "+",
        "+",
        "conv 1×1, 8",
        "conv 1×1, 8",
        "conv 3×3, 8, stride 2 · relu",
        "max pool 3×3",
        "max pool 5×5",
    ]
    assert boxes[1].shape == (8, 8, 8)
    assert all(source < at for at, box in enumerate(boxes) for source in box.inputs)


def test_a_map_read_twice_stays_visible():
    graph = GraphBuilder((16, 16, 3))
    x = graph.conv(0, 8, 3)
    boxes = collapse(canonical(graph.layers, [graph.add(x, graph.normalised(x, "relu"))]))
    assert [box.label for box in boxes] == ["input", "conv 3×3, 8", "batch norm", "relu", "+"]


def test_places():
    boxes = collapse(residual())
    layout = arrange(boxes)
    at = {(box.label, row): i for i, (box, row) in enumerate(zip(boxes, layout.row, strict=True))}
    side, first_add, second_add = at["conv 1×1, 8", 2], at["+", 4], at["+", 6]
    assert [i for i, column in enumerate(layout.column) if column] == [side]
    assert layout.lanes == {(first_add, second_add): 1}


def test_lanes_and_columns_do_not_collide(run):
    space = read_space(run.space)
    for offspring in run.offspring:
        for individual in offspring.individuals:
            boxes = collapse(decode(individual.genome, space, input_size=32, outputs=16))
            layout = arrange(boxes)
            assert len(set(zip(layout.row, layout.column, strict=True))) == len(boxes)
            for lane in set(layout.lanes.values()):
                rows = sorted((layout.row[a], layout.row[b]) for (a, b), its in layout.lanes.items() if its == lane)
                assert all(upper[1] <= lower[0] for upper, lower in pairwise(rows))


def draw(run, name):
    output = run.folder / "plots" / name
    network_id = run.offspring[-1].individuals[1].network_id
    write_fitness(
        run.folder / "final/fitness.json", Fitness("ok", {"score": 50.5}, {}, {}, {}, {"network_id": network_id})
    )
    draw_final_network(
        output,
        finalists=run.offspring_files[-1],
        fitness=run.folder / "final/fitness.json",
        space=run.space,
        labels=run.labels,
        input_size=32,
    )
    return output.read_text()


def test_texts(run):
    text = draw(run, "network.svg")
    best = run.offspring[1].individuals[1]
    assert f">network {best.network_id}<" in text
    assert f"{best.cost.params:,} parameters" in text
    assert ">input<" in text
    assert ">32×32×3<" in text
    assert ">heatmaps 8×8×16<" in text


def test_reproducible(run):
    assert draw(run, "one.svg") == draw(run, "other.svg")
