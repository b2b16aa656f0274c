"""What a genome expresses: its network's id and cost."""

from collections.abc import Callable
from dataclasses import dataclass, field

from evocnn.space.cost import Cost, cost
from evocnn.space.decode import decode
from evocnn.space.genes import Genome
from evocnn.space.graph_features import Features, graph_features
from evocnn.space.network import Network
from evocnn.space.space import Space


@dataclass(frozen=True)
class Requirements:
    """What a network must fit.

    Attributes:
        input_size: side of its input in pixels.
        outputs: number of heatmaps or classes.
        task: see `decode`.
        batch_size: people per training step.
        remat: whether training recomputes segments; see `cost`.
        precision: of the training; see `cost`.
        xla: whether XLA compiles the training step; see `cost`.
    """

    input_size: int
    outputs: int
    task: str
    batch_size: int
    remat: bool = False
    precision: str = "float32"
    xla: bool = False


@dataclass(frozen=True)
class Expressed:
    """Attributes:
    network_id: of the network.
    cost: of the network.
    dead_blocks: blocks of the genome that no layer of the network comes from.
    features: of the network; see `graph_features`.
    """

    network_id: str
    cost: Cost
    dead_blocks: int
    features: Features = field(default_factory=dict)


Express = Callable[[Genome], Expressed]


def expressed_network(genome: Genome, space: Space, requirements: Requirements) -> Network:
    """The network of a genome."""
    return decode(
        genome, space, input_size=requirements.input_size, outputs=requirements.outputs, task=requirements.task
    )


def expression(space: Space, requirements: Requirements) -> Express:
    """The function from a genome to what it expresses."""

    def express(genome: Genome) -> Expressed:
        network = expressed_network(genome, space, requirements)
        alive = {layer.block for layer in network.layers if layer.block is not None}
        how = {"remat": requirements.remat, "xla": requirements.xla}
        predicted = cost(network, requirements.batch_size, precision=requirements.precision, **how)
        return Expressed(network.network_id, predicted, space.blocks - len(alive), graph_features(network))

    return express
