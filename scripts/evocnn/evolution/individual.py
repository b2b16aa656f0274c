"""An individual, and how it stands in a file."""

from dataclasses import asdict, dataclass, field
from typing import Any

from evocnn.space.cost import Cost
from evocnn.space.genes import Genome
from evocnn.space.graph_features import Features
from evocnn.space.space import Parts, Space


@dataclass(frozen=True)
class Individual:
    """A genome, what it decodes to, and where it comes from.

    Attributes:
        genome: the heritable description.
        network_id: of the network it decodes to.
        cost: of that network.
        dead_blocks: blocks of the genome that no layer of that network comes from.
        generation: number of the generation that it was bred in.
        number: its place among the offspring of that generation.
        operator: "random" for a random genome, "given" for one of `evolution.founders`, "policy" by a controller,
            "real_coded", or one of `OPERATOR_NAMES`.
        parents: network ids; none for a random genome.
        features: of the network; see `graph_features`.
    """

    genome: Genome
    network_id: str
    cost: Cost
    dead_blocks: int
    generation: int
    number: int
    operator: str
    parents: tuple[str, ...]
    features: Features = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What people call it, such as "3-07": its generation and number."""
        return name_of(self.generation, self.number)


def name_of(generation: int, number: int) -> str:
    """The name of an individual that need not be bred yet; see `Individual.name`."""
    return f"{generation}-{number:02d}"


def encode_individual(individual: Individual, space: Space) -> dict[str, Any]:
    """As a JSON object; the genome as its parts, genes by name."""
    return {
        "network_id": individual.network_id,
        "lineage": {
            "generation": individual.generation,
            "number": individual.number,
            "operator": individual.operator,
            "parents": list(individual.parents),
        },
        "cost": asdict(individual.cost),
        "dead_blocks": individual.dead_blocks,
        "features": individual.features,
        "genome": asdict(space.parts(individual.genome)),
    }


def decode_individual(document: dict[str, Any], space: Space) -> Individual:
    """The inverse of `encode_individual`.

    Raises:
        ValueError: the genome does not belong to the space.
    """
    lineage = document["lineage"]
    return Individual(
        genome=space.genome(Parts(**document["genome"])),
        network_id=document["network_id"],
        cost=Cost(**document["cost"]),
        dead_blocks=document["dead_blocks"],
        generation=lineage["generation"],
        number=lineage["number"],
        operator=lineage["operator"],
        parents=tuple(lineage["parents"]),
        features=document["features"],
    )
