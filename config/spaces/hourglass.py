"""Operations of the space hourglass: see hourglass.yaml."""

from evocnn.space import operations
from evocnn.space.builder import GraphBuilder
from evocnn.space.operations import Genes, Operation


def entry(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """A convolution of stride 2 to `first` filters, then a separable one to `filters`; the stride is 2 or more."""
    x = _built_in("conv", graph, x, {**genes, "filters": genes["first"], "stride": 2})
    return _built_in("separable_conv", graph, x, {**genes, "stride": genes["stride"] // 2})


def hourglass(graph: GraphBuilder, x: int, genes: Genes) -> int:
    """Halve, go deeper, enlarge again, and add what was kept at this size (Newell, Yang & Deng, ECCV 2016).

    Its residuals are inverted (Sandler et al., MobileNetV2, CVPR 2018), by `expansion` at the size of its input and by
    `coarse_expansion` at the others. Maps are halved `depth` times, but none that has an odd side; each time the
    filters grow by `growth`, to a multiple of 8.
    """
    kept = _built_in("mbconv", graph, x, {**genes, "stride": 1})
    size, _, filters = graph.shape(kept)
    if not genes["depth"] or size % 2:
        return kept
    wider = round(filters * genes["growth"] / 8) * 8
    coarser = {**genes, "filters": wider, "expansion": genes["coarse_expansion"], "depth": genes["depth"] - 1}
    y = hourglass(graph, _built_in("separable_conv", graph, kept, {**coarser, "stride": 2}), coarser)
    y = graph.normalised(graph.conv(y, filters, 1))
    return _built_in("mbconv", graph, graph.add(kept, graph.enlarge(y, size)), {**genes, "stride": 1})


def _built_in(name: str, graph: GraphBuilder, x: int, genes: Genes) -> int:
    return operations.OPERATIONS[name].build(graph, x, genes)


OPERATIONS = {
    "entry": Operation(entry, ("first", "filters", "kernel", "stride", "activation")),
    "hourglass": Operation(
        hourglass, ("filters", "kernel", "activation", "expansion", "coarse_expansion", "depth", "growth")
    ),
}
