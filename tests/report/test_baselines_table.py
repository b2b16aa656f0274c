"""The table of networks of the literature: a row per network, from its fitness and score."""

from dataclasses import replace

from evocnn.evolution.fitness import write_fitness
from evocnn.files import write_json
from evocnn.report.tables.baselines import Measured, read_baselines, write_baselines


def test_every_network_has_a_row_of_its_own_files(tmp_path, outcome):
    networks = []
    for number, name in enumerate(("evolved", "hourglass")):
        fitness, score = tmp_path / name / "fitness.json", tmp_path / name / "score.json"
        measured = outcome(f"{number:012d}", 40.0 + number)
        latency = {"latency_ms": 7.5} if number else {}
        write_fitness(fitness, replace(measured, metrics={**measured.metrics, **latency}))
        test = {"mean": 30.0 + number, "standard_error": 1.25, "per_joint": {}, "groups": {}}
        write_json(score, "score", {"metric": "PCKh@0.5", "test": test})
        networks.append(Measured(name, fitness, score))
    write_baselines(tmp_path / "baselines.csv", networks)
    table = read_baselines(tmp_path / "baselines.csv").set_index("network")
    assert list(table.index) == ["evolved", "hourglass"]
    assert table.score.tolist() == [30.0, 31.0]
    assert table.valid_score.tolist() == [40.0, 41.0]
    assert table.standard_error.tolist() == [1.25, 1.25]
    assert table.network_id.tolist() == ["000000000000", "000000000001"]
    assert (table.params["evolved"], table.macs["evolved"], table.seconds["evolved"]) == (1234567, 2500000, 12.25)
    assert table.latency_ms["hourglass"] == 7.5
    assert table.latency_ms.isna()["evolved"]
