"""Memory of training, worked out by hand."""

import pytest

from evocnn.space.builder import GraphBuilder
from evocnn.space.canonical import canonical
from evocnn.space.cost import BASE_BYTES, cost, recomputed_segments
from evocnn.space.layers import kept_by
from evocnn.space.memory import LAYER_BYTES, gpu_bytes, recomputing_bytes, training_bytes
from evocnn.space.network import Layer
from evocnn.space.segments import divisions


def headed(graph, x, joints):
    return canonical(graph.layers, [graph.head("heatmap", graph.conv(x, joints, 1, bias=True), 0)])


def block(activation="relu"):
    """(8, 8, 4) → convolution (8, 8, 10) → normalised → activated → 1×1 convolution with bias (8, 8, 2)."""
    graph = GraphBuilder((8, 8, 4))
    x = graph.normalised(graph.conv(0, 10, 1), activation)
    return headed(graph, x, 2)


def test_a_block_keeps_what_its_gradients_read():
    # input 4, convolution 10 (for batch normalisation), relu 10 (for itself and for the last); in work: 10 three times
    maps = 64 * (4 + 10 + 10 + 3 * 10)
    assert training_bytes(block().layers, 100, 5) == 16 * 100 + 3 * LAYER_BYTES + 4 * 5 * maps


def test_silu_keeps_its_input_as_well():
    relu, silu = (training_bytes(block(activation).layers, 100, 5) for activation in ("relu", "silu"))
    assert silu - relu == 4 * 5 * 64 * 10


@pytest.mark.parametrize("kind", ["add", "concatenate", "zero_pad", "average_pool", "global_average_pool", "input"])
def test_these_keep_nothing(kind):
    assert kept_by(Layer(kind, (), (3, 4), (8, 8, 1), None), 5) == ()


def test_max_pooling_keeps_what_it_reads_and_writes():
    assert kept_by(Layer("max_pool", (), (3,), (8, 8, 1), None), 5) == (3, 5)


def test_a_map_is_kept_once_however_many_read_it():
    graph = GraphBuilder((8, 8, 4))
    one, other = graph.conv(0, 4, 1), graph.conv(0, 4, 1)
    network = canonical(graph.layers, [graph.add(one, other)])
    assert training_bytes(network.layers, 0, 1) == 2 * LAYER_BYTES + 4 * 64 * (4 + 3 * 4)


def chain(blocks, size=64, filters=32):
    graph = GraphBuilder((size, size, 3))
    x = 0
    for _ in range(blocks):
        x = graph.normalised(graph.conv(x, filters, 3), "relu")
    return headed(graph, x, 16)


def skipping(blocks):
    """Every block adds what was there two blocks before."""
    graph = GraphBuilder((64, 64, 3))
    maps = [graph.normalised(graph.conv(0, 16, 3), "relu")]
    for _ in range(blocks):
        x = graph.add(maps[-1], maps[-2]) if len(maps) > 1 else maps[-1]
        maps.append(graph.normalised(graph.conv(x, 16, 3), "relu"))
    return headed(graph, maps[-1], 16)


@pytest.mark.parametrize("network", [chain(12), skipping(12), chain(1), skipping(2)])
def test_segments_make_up_the_network_and_pass_on_what_is_read(network):
    for segments in divisions(network.layers):
        assert [at for segment in segments for at in segment.layers] == list(range(1, len(network.layers)))
        known = {0}
        for segment in segments:
            assert known.issuperset(segment.inputs)
            inside = {*segment.inputs, *segment.layers}
            assert all(inside.issuperset(network.layers[at].inputs) for at in segment.layers)
            known.update(segment.outputs)
        assert len(network.layers) - 1 in known


def test_recomputing_keeps_what_goes_between_segments():
    network = chain(12)
    segments = recomputed_segments(network, 32)
    assert len(segments) > 2
    assert recomputing_bytes(network.layers, 0, 32, segments) < training_bytes(network.layers, 0, 32)
    base = BASE_BYTES / 1e6
    assert cost(network, 32, remat=True).memory_mb - base < 0.6 * (cost(network, 32).memory_mb - base)


def test_nothing_is_recomputed_where_nothing_is_saved():
    graph = GraphBuilder((8, 8, 3))
    small = headed(graph, 0, 1)
    for network in (small, block(), chain(8, size=8)):
        assert recomputed_segments(network, 1) == ()
        assert cost(network, 1, remat=True) == cost(network, 1)


def test_a_gpu_holds_weights_and_maps_but_no_description_of_the_step():
    # maps as on a CPU, and what cuDNN works in: the input and output of the largest convolution
    maps = 64 * (4 + 10 + 10 + 3 * 10) + 64 * (10 + 4)
    assert gpu_bytes(block().layers, 100, 5, 4) == 16 * 100 + 4 * 5 * maps


def test_in_16_bits_maps_are_half_as_large_and_weights_have_a_copy():
    maps = 64 * (4 + 10 + 10 + 3 * 10) + 64 * (10 + 4)
    assert gpu_bytes(block().layers, 100, 5, 2) == (16 + 2) * 100 + 2 * 5 * maps


def test_recomputing_saves_memory_of_a_gpu_too():
    network = chain(12)
    saving, plain = cost(network, 32, remat=True), cost(network, 32)
    assert saving.gpu_memory_mb < 0.7 * plain.gpu_memory_mb


def test_a_mixed_precision_changes_only_what_a_gpu_takes():
    full, mixed = cost(chain(12), 32), cost(chain(12), 32, precision="mixed_bfloat16")
    assert mixed.gpu_memory_mb < 0.6 * full.gpu_memory_mb
    assert mixed.memory_mb == full.memory_mb


def test_xla_keeps_maps_twice_on_a_gpu_and_weights_once():
    plain, compiled = gpu_bytes(block().layers, 100, 5, 4), gpu_bytes(block().layers, 100, 5, 4, xla=True)
    assert compiled - 16 * 100 == pytest.approx(2.2 * (plain - 16 * 100))
