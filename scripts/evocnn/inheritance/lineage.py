"""Where a child's first weights come from: files of its parents' generation."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from evocnn.evolution.individual import Individual
from evocnn.evolution.population import read_population
from evocnn.inheritance.files import weights_file
from evocnn.inheritance.transfer import Weights
from evocnn.inheritance.weight_files import read_weights
from evocnn.space.space import Space

Retrain = Callable[[Individual, "Inheritance | None"], Weights]
"""Train an individual, given where its own parents are, for its weights alone."""


@dataclass(frozen=True)
class Inheritance:
    """What a generation descends from.

    Attributes:
        population: population file of the parents.
        weights: folder of their weights, of which some or all may have been forgotten.
    """

    population: Path
    weights: Path

    def parent(self, child: Individual, space: Space) -> Individual | None:
        """Whom a child starts from, the first of its parents; None for one that has none.

        Raises:
            ValueError: the parent is not in the population.
        """
        if not child.parents:
            return None
        survivors = [survivor.individual for survivor in read_population(self.population, space).survivors]
        result = next((individual for individual in survivors if individual.network_id == child.parents[0]), None)
        if result is None:
            raise ValueError(
                f"{self.population}: the parent {child.parents[0]} of network {child.network_id} is not among the "
                "survivors: the offspring are of another run of the search; delete them and run snakemake again"
            )
        return result

    def weights_of(self, parent: Individual, child: Individual, retrain: Retrain) -> Weights:
        """The weights of a parent; where they have been forgotten it is trained again, and if need be its parent.

        That happens where a child of an earlier generation is trained again by itself.
        """
        file = weights_file(self.weights, parent.network_id)
        if file.exists():
            return read_weights(file, parent.network_id)
        print(f"The weights of the parent {parent.network_id} are gone: it is trained again for them.", flush=True)
        return retrain(parent, self._of_generation(parent.generation, child.generation))

    def _of_generation(self, generation: int, of_child: int) -> "Inheritance | None":
        """What another generation descends from: as many generations before it; None before the first."""
        here = self.population.parent
        number = int(here.name.rpartition("-")[2]) - (of_child - generation)
        if number < 0:
            return None
        there = here.with_name(f"generation-{number:03d}")
        return Inheritance(there / self.population.name, there / self.weights.name)
