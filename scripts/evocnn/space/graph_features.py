"""What a network's graph looks like, as numbers: what the predictor compares beside genes."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from math import log

from evocnn.space.layers import is_learned, kind_of, layer_macs, layer_params
from evocnn.space.network import Layer, Network

Features = Mapping[str, Mapping[str, float]]
"""Numbers by name, in groups that are compared each on its own; a number that is missing is 0."""
RADIUS = 2
"""Layers from the root of the largest subtree to its leaves."""


def graph_features(network: Network) -> dict[str, dict[str, float]]:
    """Statistics of a network, and how often it has each subtree.

    Returns:
        "statistics": number of layers of each kind and kernel at each stride, longest and shortest path in layers with
        weights, number of merges, logarithms of parameters and MACs. "subtrees": see `subtree_counts`.
    """
    return {"statistics": _statistics(network), "subtrees": subtree_counts(network)}


def _statistics(network: Network) -> dict[str, float]:
    layers = network.layers
    side = layers[0].shape[0]
    counts = Counter(
        f"{_what(layer)} at {round(side / layer.shape[0])}" for layer in layers if not kind_of(layer).joins
    )
    return {
        **counts,
        "longest path": _path(network, max),
        "shortest path": _path(network, min),
        "merges": sum(len(layer.inputs) > 1 for layer in layers),
        "log params": round(log(1 + sum(layer_params(layer, layers) for layer in layers)), 4),
        "log macs": round(log(1 + sum(layer_macs(layer, layers) for layer in layers)), 4),
    }


def _path(network: Network, choose: Callable[[list[int]], int]) -> int:
    """Layers with weights on the longest or shortest way from the input to the last layer."""
    lengths: list[int] = []
    for layer in network.layers:
        before = choose([lengths[source] for source in layer.inputs]) if layer.inputs else 0
        lengths.append(before + is_learned(layer) * (not kind_of(layer).joins))
    return choose([lengths[at] for at in network.heads.values()] or [lengths[-1]])


def subtree_counts(network: Network) -> dict[str, float]:
    """How often each subtree of up to `RADIUS` layers occurs (Shervashidze et al., JMLR 12, 2011).

    Normalisations and activations belong to the layer before them.
    """
    layers = network.layers
    source = list(range(len(layers)))
    for at, layer in enumerate(layers):
        if kind_of(layer).joins:
            source[at] = source[layer.inputs[0]]
    labels = {at: _what(layer) for at, layer in enumerate(layers) if not kind_of(layer).joins}
    counts: Counter[str] = Counter()
    for _ in range(RADIUS):
        labels = {
            at: _hash(label, *sorted(labels[source[below]] for below in layers[at].inputs))
            for at, label in labels.items()
        }
        counts.update(labels.values())
    return dict(sorted(counts.items()))


def _what(layer: Layer) -> str:
    settings = dict(layer.settings)
    return f"{layer.kind} {settings['kernel']}" if "kernel" in settings else layer.kind


def _hash(*labels: str) -> str:
    return hashlib.sha256(repr(labels).encode()).hexdigest()[:8]
