"""The canonical form of a network: the same for all graphs that compute the same, up to the order of layers.

Layers are coloured by what they are, by the colours of what feeds them, and by those of what they feed, until no
colour splits any more (colour refinement; Weisfeiler & Leman 1968). Where layers still share a colour, each of them in
turn is distinguished from the others, and the smallest of the resulting forms is used: that is exact for every graph.
A layer is passed over where it leads to a form that another has led to, as interchangeable layers do; so the effort
stays small for graphs of this kind, and is exponential only for graphs made to be hard.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence

from evocnn.space.layers import kind_of
from evocnn.space.network import Layer, Network

Forms = dict[str, tuple[Layer, ...]]
"""Layers in an order, by the text that they are in it."""


def canonical(layers: Sequence[Layer], outputs: Sequence[int]) -> Network:
    """Drop what does not reach an output, put the rest into canonical order, and name it.

    Args:
        layers: each after its inputs.
        outputs: positions of the layers that end the network.
    """
    kept = _renumber(layers, _ancestors(layers, outputs))
    users: list[list[tuple[int, int]]] = [[] for _ in kept]
    for at, layer in enumerate(kept):
        for place, source in enumerate(layer.inputs):
            users[source].append((at, 0 if kind_of(layer).commutative else place))
    start = [_hash([layer.kind, layer.settings, layer.shape]) for layer in kept]
    form, ordered = min(_forms(kept, users, _refine(kept, users, start)).items())
    return Network(ordered, hashlib.sha256(form.encode()).hexdigest()[:12])


def _ancestors(layers: Sequence[Layer], outputs: Sequence[int]) -> list[int]:
    reached, waiting = set(), list(outputs)
    while waiting:
        at = waiting.pop()
        if at not in reached:
            reached.add(at)
            waiting.extend(layers[at].inputs)
    return sorted(reached)


def _renumber(layers: Sequence[Layer], order: Sequence[int]) -> list[Layer]:
    position = {old: new for new, old in enumerate(order)}

    def moved(layer: Layer) -> tuple[int, ...]:
        inputs = [position[i] for i in layer.inputs]
        return tuple(sorted(inputs) if kind_of(layer).commutative else inputs)

    # Not `replace`, which takes three times as long.
    return [
        Layer(layer.kind, layer.settings, moved(layer), layer.shape, layer.block)
        for layer in map(layers.__getitem__, order)
    ]


def _depths(layers: Sequence[Layer]) -> list[int]:
    depths: list[int] = []
    for layer in layers:
        depths.append(1 + max((depths[i] for i in layer.inputs), default=-1))
    return depths


def _forms(layers: Sequence[Layer], users: Sequence[list[tuple[int, int]]], colours: list[str]) -> Forms:
    """The forms that a colouring leads to; of those of interchangeable layers one is enough."""
    result: Forms = {}
    for number, member in enumerate(_shared(colours)):
        chosen = _tell_apart(layers, users, colours, member)
        if not number or not _any_form(layers, users, chosen).keys() & result.keys():
            result.update(_forms(layers, users, chosen))
    return result or _form(layers, colours)


def _any_form(layers: Sequence[Layer], users: Sequence[list[tuple[int, int]]], colours: list[str]) -> Forms:
    """One of the forms that a colouring leads to."""
    while shared := _shared(colours):
        colours = _tell_apart(layers, users, colours, shared[0])
    return _form(layers, colours)


def _form(layers: Sequence[Layer], colours: list[str]) -> Forms:
    """What is written when each layer has its own colour."""
    depth = _depths(layers)
    ordered = _renumber(layers, sorted(range(len(layers)), key=lambda i: (depth[i], colours[i])))
    text = "\n".join(f"{layer.kind} {layer.settings} {layer.inputs} {layer.shape}" for layer in ordered)
    return {text: tuple(ordered)}


def _shared(colours: list[str]) -> list[int]:
    """The layers of the smallest colour that several layers have; none where each has its own."""
    least = min((colour for colour, count in Counter(colours).items() if count > 1), default=None)
    return [at for at, colour in enumerate(colours) if colour == least]


def _tell_apart(
    layers: Sequence[Layer], users: Sequence[list[tuple[int, int]]], colours: list[str], member: int
) -> list[str]:
    chosen = list(colours)
    chosen[member] = _hash([colours[member], "chosen"])
    return _refine(layers, users, chosen)


def _refine(layers: Sequence[Layer], users: Sequence[list[tuple[int, int]]], colours: list[str]) -> list[str]:
    """Sweep down from the input and up from the output until the number of colours stays."""
    result, before = len(set(colours)), 0
    while before < result < len(layers):
        colours = list(colours)
        for at, layer in enumerate(layers):
            sources = [colours[i] for i in layer.inputs]
            colours[at] = _hash([colours[at], *(sorted(sources) if kind_of(layer).commutative else sources)])
        for at in reversed(range(len(layers))):
            colours[at] = _hash([colours[at], *sorted((colours[user], place) for user, place in users[at])])
        before, result = result, len(set(colours))
    return colours


def _hash(parts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()
