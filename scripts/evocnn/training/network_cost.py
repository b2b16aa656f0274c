"""What a network costs in a training."""

from evocnn.space.cost import Cost, cost
from evocnn.space.network import Network
from evocnn.training.settings import TrainingSettings


def network_cost(network: Network, settings: TrainingSettings) -> Cost:
    """Cost of a network that is trained with these settings; see `cost`."""
    how = settings.model_dump(include={"remat", "precision", "xla"})
    return cost(network, settings.batch_size, **how)
