"""The canonical form of a network: the same for all graphs that compute the same, up to the order of layers.

Layers are coloured by what they are, by the colours of what feeds them, and by those of what they feed, until no
colour splits any more (colour refinement; Weisfeiler & Leman 1968). Layers that still share a colour are told apart
one by one; where they are interchangeable, as in graphs of this kind, it does not matter which comes first.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from evocnn.space.network import COMMUTATIVE, Layer, Network


def canonical(layers: Sequence[Layer], outputs: Sequence[int]) -> Network:
    """Drop what does not reach an output, put the rest into canonical order, and name it.

    Args:
        layers: each after its inputs.
        outputs: positions of the layers that end the network.
    """
    alive = _ancestors(layers, outputs)
    kept = _renumber(layers, alive)
    colours = _colour(kept)
    depth = _depths(kept)
    ordered = _renumber(kept, sorted(range(len(kept)), key=lambda i: (depth[i], colours[i])))
    form = "\n".join(f"{layer.kind} {layer.settings} {layer.inputs} {layer.shape}" for layer in ordered)
    return Network(tuple(ordered), hashlib.sha256(form.encode()).hexdigest()[:12])


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
        return tuple(sorted(inputs) if layer.kind in COMMUTATIVE else inputs)

    return [replace(layers[old], inputs=moved(layers[old])) for old in order]


def _depths(layers: Sequence[Layer]) -> list[int]:
    depths: list[int] = []
    for layer in layers:
        depths.append(1 + max((depths[i] for i in layer.inputs), default=-1))
    return depths


def _colour(layers: Sequence[Layer]) -> list[str]:
    """A different colour for each layer."""
    users: list[list[tuple[int, int]]] = [[] for _ in layers]
    for at, layer in enumerate(layers):
        for place, source in enumerate(layer.inputs):
            users[source].append((at, 0 if layer.kind in COMMUTATIVE else place))
    colours = _refine(layers, users, [_hash([layer.kind, layer.settings, layer.shape]) for layer in layers])
    while shared := [colour for colour, count in Counter(colours).items() if count > 1]:
        chosen = colours.index(min(shared))
        colours[chosen] = _hash([colours[chosen], "chosen"])
        colours = _refine(layers, users, colours)
    return colours


def _refine(layers: Sequence[Layer], users: Sequence[list[tuple[int, int]]], colours: list[str]) -> list[str]:
    """Sweep down from the input and up from the output until the number of colours stays."""
    found, before = len(set(colours)), 0
    while before < found < len(layers):
        colours = list(colours)
        for at, layer in enumerate(layers):
            sources = [colours[i] for i in layer.inputs]
            colours[at] = _hash([colours[at], *(sorted(sources) if layer.kind in COMMUTATIVE else sources)])
        for at in reversed(range(len(layers))):
            colours[at] = _hash([colours[at], *sorted((colours[user], place) for user, place in users[at])])
        before, found = found, len(set(colours))
    return colours


def _hash(parts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(parts)).encode()).hexdigest()
