"""Which genomes are one network: what is only said in another way has the same id, what trains differently has not."""

import random
from dataclasses import replace

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from evocnn.network.build import build as build_model
from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.decode import decode
from evocnn.space.layers import kind_of
from evocnn.space.network import Layer

SEEDS = st.integers(0, 10**9)
SPACES = st.sampled_from(["tiny_space", "default_space"])


def network_of(space, parts):
    return decode(space.genome(parts), space, input_size=32, outputs=5)


def drawn(request, name, seed):
    space = request.getfixturevalue(name)
    return space, space.parts(space.draw(random.Random(seed)))


def shuffled(layers, rng):
    """The same graph with its layers in another order, each after its inputs, and commutative inputs in any order."""
    waiting, order = set(range(len(layers))), []
    while waiting:
        ready = [at for at in sorted(waiting) if not waiting & set(layers[at].inputs)]
        order.append(rng.choice(ready))
        waiting.remove(order[-1])
    position = {old: new for new, old in enumerate(order)}
    moved = []
    for old in order:
        inputs = [position[i] for i in layers[old].inputs]
        if kind_of(layers[old]).commutative:
            rng.shuffle(inputs)
        moved.append(replace(layers[old], inputs=tuple(inputs)))
    return moved


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_the_order_of_layers_and_of_commutative_inputs_does_not_matter(request, seed, name):
    space, parts = drawn(request, name, seed)
    network = network_of(space, parts)
    layers = shuffled(network.layers, random.Random(seed))
    again = canonical(layers, [at for at, layer in enumerate(layers) if layer.kind == "head"])
    assert again == network


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, name=SPACES, place=st.integers(0, 8))
def test_no_ops_may_stand_anywhere(request, seed, name, place):
    space, parts = drawn(request, name, seed)
    longer = replace(space, blocks=space.blocks + 1)
    nothing = {**parts.blocks[0], "operation": "no_op"}
    at = min(place, space.blocks)
    more = replace(parts, blocks=[*parts.blocks[:at], nothing, *parts.blocks[at:]])
    assert network_of(longer, more) == network_of(space, parts)


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_dead_blocks_may_be_anything(request, seed, name):
    space, parts = drawn(request, name, seed)
    network = network_of(space, parts)
    alive = {layer.block for layer in network.layers}
    other = space.parts(space.draw(random.Random(seed + 1)))
    blocks = list(parts.blocks)
    for number, block in enumerate(parts.blocks):
        # A no-op is not counted by the blocks after it, and an identity lives on without a layer of its own.
        if number not in alive and block["operation"] not in ("no_op", "identity") and not _reached(parts, number):
            strange = other.blocks[number]
            blocks[number] = {**strange, "operation": block["operation"]}
    assert network_of(space, replace(parts, blocks=blocks)) == network


def _reached(parts, number):
    """Whether a later block may read the map of a block: everything but what only the distances skip."""
    counted = [at for at, block in enumerate(parts.blocks) if block["operation"] != "no_op"]
    place = counted.index(number)
    for later in range(place + 1, len(counted)):
        block = parts.blocks[counted[later]]
        back = {block.get("input", 1), *(value for name, value in block.items() if name.startswith("skip"))}
        if later - place in back:
            return True
    return place == len(counted) - 1


@settings(max_examples=200, deadline=None)
@given(seed=SEEDS, name=SPACES)
def test_a_change_of_what_is_trained_changes_the_id(request, seed, name):
    """Change a setting of a layer: the id changes; change it back: it is the old one."""
    space, parts = drawn(request, name, seed)
    network = network_of(space, parts)
    rng = random.Random(seed)
    at = rng.choice([at for at, layer in enumerate(network.layers) if layer.settings and layer.kind != "head"])
    layer = network.layers[at]
    setting, value = rng.choice(layer.settings)
    changed = "other" if isinstance(value, str) else value + 1
    settings_ = tuple((key, changed if key == setting else old) for key, old in layer.settings)
    heads = list(network.heads.values())
    layers = list(network.layers)
    layers[at] = replace(layer, settings=settings_)
    assert canonical(layers, heads).network_id != network.network_id
    layers[at] = layer
    assert canonical(layers, heads) == network


def test_branches_may_be_said_in_either_order():
    networks = []
    for kernels in ((1, 3), (3, 1)):
        graph = GraphBuilder((8, 8, 4))
        branches = {kernel: graph.normalised(graph.conv(0, 6, kernel), "relu") for kernel in kernels}
        joined = graph.concatenate(*branches.values())
        networks.append(canonical(graph.layers, [graph.head("heatmap", graph.conv(joined, 2, 1, bias=True), 0)]))
    assert networks[0] == networks[1]
    assert [w.shape for w in build_model(networks[0]).weights] == [w.shape for w in build_model(networks[1]).weights]


def random_graph(rng, size):
    """A random network of few kinds, with many layers that look alike."""
    layers = [Layer("input", (), (), (4, 4, 2), None)]
    for _ in range(size):
        kind = rng.choice(["conv", "add", "concatenate", "multiply"])
        inputs = tuple(rng.randrange(len(layers)) for _ in range(1 if kind == "conv" else 2))
        layers.append(Layer(kind, (), inputs, (4, 4, 2), None))
    readers = {i for layer in layers for i in layer.inputs}
    ends = [at for at in range(len(layers)) if at not in readers]
    layers.append(Layer("add", (), tuple(ends), (4, 4, 2), None))
    return layers


def as_networkx(layers):
    """The graph with the order of inputs where it matters."""
    graph = nx.MultiDiGraph()
    for at, layer in enumerate(layers):
        graph.add_node(at, kind=layer.kind)
        for place, source in enumerate(layer.inputs):
            graph.add_edge(source, at, place=0 if kind_of(layer).commutative else place)
    return graph


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, size=st.integers(2, 7))
def test_ids_agree_with_isomorphism(seed, size):
    rng = random.Random(seed)
    first, second = random_graph(rng, size), random_graph(rng, size)
    one, other, again = (canonical(layers, [len(layers) - 1]) for layers in (first, second, shuffled(first, rng)))
    same = nx.is_isomorphic(
        as_networkx(one.layers),
        as_networkx(other.layers),
        node_match=lambda a, b: a["kind"] == b["kind"],
        edge_match=lambda a, b: sorted(e["place"] for e in a.values()) == sorted(e["place"] for e in b.values()),
    )
    assert (one.network_id == other.network_id) == same
    assert again == one
