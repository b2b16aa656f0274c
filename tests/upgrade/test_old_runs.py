"""Results of released versions stay readable: runs of theirs, kept by make_run.py."""

import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from evocnn.commands.main import main
from evocnn.configuration.model import Configuration
from evocnn.evolution.breed_select import breed_generation
from evocnn.evolution.population import read_offspring
from evocnn.report.run_files import RunFiles
from evocnn.report.tables.individuals import write_tables
from evocnn.space.space_file import read_space

RUNS = sorted(Path(__file__).parent.glob("run_of_*.zip"))


@pytest.fixture(params=RUNS, ids=lambda path: path.stem)
def run(request, tmp_path) -> Path:
    """The folder of a finished run."""
    with zipfile.ZipFile(request.param) as kept:
        kept.extractall(tmp_path)
    return tmp_path / "tiny"


def test_there_is_a_run_of_this_version(repository):
    assert repository / f"tests/upgrade/run_of_{version('evocnn')}.zip" in RUNS


def test_its_configuration_is_valid(run):
    settings = Configuration.model_validate(yaml.safe_load((run / "config.yaml").read_text()))
    assert settings.experiment == "tiny"


def test_its_tables_come_out_the_same(run, tmp_path):
    files = RunFiles.in_folder(run)
    written = tmp_path / "individuals.csv", tmp_path / "generations.csv"
    given = {"offspring": files.offspring, "populations": files.populations, "fitness": files.fitness}
    write_tables(*written, space=files.space, **given)
    for path in written:
        assert path.read_text() == (run / "tables" / path.name).read_text()


def test_its_report_is_written_and_progress_says_that_it_has_ended(run, capsys):
    (run / "report.html").unlink(missing_ok=True)
    assert main(["progress", str(run), "--once"]) == 0
    assert "2 of 2" in capsys.readouterr().out
    assert main(["report", str(run)]) == 0
    assert "final network" in (run / "report.html").read_text()


def test_a_search_goes_on_from_its_last_generation(run, tmp_path):
    files = RunFiles.in_folder(run)
    settings = Configuration.model_validate(yaml.safe_load((run / "config.yaml").read_text()))
    breed_generation(
        tmp_path / "offspring.json",
        networks=tmp_path / "networks.json",
        space=files.space,
        labels=run / "labels/mpii.yaml",
        population=files.populations[-1],
        in_flight=(),
        founders=(),
        generation=2,
        count=2,
        seed=settings.seed,
        input_size=settings.dataset.input_size,
        batch_size=settings.training.batch_size,
        remat=settings.training.remat,
        precision=settings.training.precision,
        xla=settings.training.xla,
        limits=settings.limits,
        settings=settings.evolution,
    )
    bred = read_offspring(tmp_path / "offspring.json", read_space(files.space))
    assert len(bred.individuals) == 2
    assert all(individual.parents for individual in bred.individuals)
