"""Tables: values worked out by hand from the run of conftest.py."""

import pandas as pd
import pytest

from evocnn.report.run import Training
from evocnn.report.tables.individuals import read_table, write_tables
from evocnn.space.space_file import read_space

HISTORY_HEADER = b"epoch,loss,score,learning_rate,seconds,samples_per_second\n"


def write(run, fitness, stem="again"):
    outputs = run.folder / f"{stem}-individuals.csv", run.folder / f"{stem}-generations.csv"
    write_tables(
        *outputs,
        space=run.space,
        offspring=run.offspring_files,
        populations=run.population_files,
        fitness=fitness,
    )
    return outputs


def test_individuals(run, tables):
    table = read_table(tables[0])
    assert list(zip(table.generation, table.individual, strict=True)) == [(g, i) for g in (0, 1) for i in (0, 1, 2)]
    assert list(table.columns[:5]) == ["generation", "individual", "network_id", "status", "score"]
    assert list(table.status) == ["ok", "ok", "diverged", "ok", "ok", "ok"]
    assert list(table.score) == [40.0, 20.0, 0.0, 30.0, 50.5, 10.0]
    assert list(table.survived) == [True, False, False, False, True, False]
    assert set(table.seconds) == {12.25}
    assert list(table.operator[:3]) == ["random"] * 3
    founders = {i.network_id for i in run.offspring[0].individuals}
    assert all(set(parents.split()) <= founders for parents in table.parents[3:])
    assert list(table.params) == [i.cost.params for o in run.offspring for i in o.individuals]
    assert table.ankle[4] == 50.5


def test_each_gene_is_a_column(run, tables):
    table = read_table(tables[0])
    space = read_space(run.space)
    assert list(table.columns[-len(space.genes) :]) == list(space.gene_names)
    assert len(set(space.gene_names)) == len(space.genes)
    genomes = [individual.genome for offspring in run.offspring for individual in offspring.individuals]
    for genome, row in zip(genomes, table[list(space.gene_names)].itertuples(index=False), strict=True):
        assert list(genome) == list(row)


def test_failed_training_leaves_cells_empty(tables):
    row = read_table(tables[0]).iloc[2]
    assert all(pd.isna(row[name]) for name in ("standard_error", "best_epoch", "head"))
    assert tables[0].read_text().splitlines()[3].split(",")[6] == "3"  # an integer column stays one


def test_generations(run, tables):
    table = read_table(tables[1])
    assert list(table.trained) == [3, 3]
    assert list(table.ok) == [2, 3]
    assert list(table.offspring_best) == [40.0, 50.5]
    assert list(table.offspring_median) == [30.0, 30.0]
    assert list(table.best) == [40.0, 50.5]
    assert list(table["median"]) == [30.0, 45.25]
    assert list(table.accepted) == [2, 1]
    assert list(table.redrawn_duplicate) == [o.redrawn["duplicate"] for o in run.offspring]
    assert list(table.best_network_id) == [
        run.offspring[0].individuals[0].network_id,
        run.offspring[1].individuals[1].network_id,
    ]


def test_same_files_same_bytes(run, tables):
    again = write(run, run.fitness_files)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in tables]


def test_fitness_of_another_network(run):
    swapped = [run.fitness_files[i] for i in (1, 0, 2, 3, 4, 5)]
    with pytest.raises(ValueError, match="generation 0, individual 0: the fitness is of network"):
        write(run, swapped)


def test_missing_fitness(run):
    with pytest.raises(ValueError, match="found 5 fitness files of 6 individuals"):
        write(run, run.fitness_files[:-1])


def test_ids_of_digits_stay_text(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("network_id\n001234567890\n12345e678901\n")
    assert list(read_table(path).network_id) == ["001234567890", "12345e678901"]


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\0", b"epoch,loss\n0,1.0\n", HISTORY_HEADER + b"0,a,1,1,1,1\n", HISTORY_HEADER + b"0,1\n"]
)
def test_a_damaged_history_names_the_file(tmp_path, content):
    (tmp_path / "history.csv").write_bytes(content)
    training = Training(None, None, tmp_path)
    with pytest.raises(ValueError, match=r"history\.csv: expected a number for each epoch, found damage .*; delete"):
        training.history()
