"""What a search has optimised, where that is more than the score: a row per individual, and who is on the front."""

from collections.abc import Sequence

import moocore
import numpy as np
import pandas as pd

from evocnn.evolution.objective import evaluate_objective, values_of
from evocnn.report.run import Training


def objectives_table(trainings: Sequence[Training], objectives: Sequence[str]) -> pd.DataFrame:
    """A row per training that ended well; none where there is one objective.

    Columns are `key` (place of the training), `name`, `network_id`, `objective_0` and so on (all are maximised), and
    `front`: whether no other individual is at least as good in all of them and better in one.

    Args:
        trainings: of the run.
        objectives: expressions, see `evaluate_objective`.
    """
    columns = [f"objective_{number}" for number in range(len(objectives))]
    ok = [(key, training) for key, training in enumerate(trainings) if training.fitness.status == "ok"]
    if len(objectives) < 2 or not ok:
        return pd.DataFrame(columns=["key", "name", "network_id", *columns, "front"])
    values = np.array([_evaluated(training, objectives) for _, training in ok])
    individuals = [training.individual for _, training in ok]
    return pd.DataFrame(
        {
            "key": [key for key, _ in ok],
            "name": [individual.name for individual in individuals],
            "network_id": [individual.network_id for individual in individuals],
            **dict(zip(columns, values.T, strict=True)),
            "front": moocore.is_nondominated(values, maximise=True, keep_weakly=True),
        }
    )


def _evaluated(training: Training, objectives: Sequence[str]) -> list[float]:
    fitness = training.fitness
    values = values_of(training.individual, fitness.objectives["score"], fitness.metrics.get("latency_ms"))
    return [evaluate_objective(objective, values) for objective in objectives]
