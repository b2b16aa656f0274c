"""What each benchmark measures, as Markdown, from the path of `--data`; libraries are loaded when they are needed."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from evocnn.processes.log import limit_threads
from evocnn_bench.document import REPOSITORY

LSPET = ("lspet", "lspet_small")
"""Configurations of short searches on Leeds Sports Pose Extended."""


def data(_: Path) -> str:
    """Speed of the input pipeline, and of writing records."""
    limit_threads(1)
    from evocnn_bench.data import bench_data
    from evocnn_bench.records import bench_records

    with TemporaryDirectory() as speeds, TemporaryDirectory() as records:
        return f"{bench_data(Path(speeds))}\n\n{bench_records(Path(records))}"


def memory(_: Path) -> str:
    """Memory of deep networks, predicted and measured."""
    from evocnn_bench.memory import bench_memory

    return bench_memory()


def search(data: Path) -> str:
    """Strategies on tables of trained networks."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before NumPy is imported: every search has a process of its own
    from evocnn_bench.tabular import bench_tabular

    return bench_tabular(data, 100, os.cpu_count() or 1)


def fronts(data: Path) -> str:
    """Strategies with two objectives, on a table."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from evocnn_bench.fronts import bench_fronts

    return bench_fronts(data, 30, os.cpu_count() or 1)


def deceptive(_: Path) -> str:
    """Strategies on a space where climbing misleads."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from evocnn_bench.deceptive import bench_deceptive

    return bench_deceptive(10, os.cpu_count() or 1)


def precision(_: Path) -> str:
    """Trainings in 16 bits and with XLA, on a CPU."""
    from evocnn_bench.precision import bench_precision

    return bench_precision()


def inherit(_: Path) -> str:
    """Trainings from the weights of a parent."""
    limit_threads(1)
    from evocnn_bench.inherit import bench_inherit

    with TemporaryDirectory() as folder:
        return bench_inherit(Path(folder))


def scale(_: Path) -> str:
    """Runs of thousands of trainings."""
    from evocnn_bench.scale import bench_scale

    return bench_scale()


def files(_: Path) -> str:
    """What long searches leave, and what tables and reports of them take."""
    limit_threads(1)
    from evocnn_bench.files import bench_files

    return bench_files()


def gpu(_: Path) -> str:
    """Trainings on a GPU."""
    from evocnn_bench.gpu import bench_gpu

    return bench_gpu()


def overhead(_: Path) -> str:
    """What it costs that each training is a job."""
    from evocnn_bench.overhead import bench_overhead

    with TemporaryDirectory() as folder:
        return bench_overhead(Path(folder))


def literature(data: Path) -> str:
    """An evolved network and networks of the literature with equal epochs and equal computing, several seeds each."""
    from evocnn_bench.literature import bench_literature, study_of, train_literature
    from evocnn_bench.workflow import configured

    return bench_literature(train_literature(study_of(configured(data, "lspet"))))


def evolving(data: Path) -> str:
    """Searches on CIFAR-10 against drawing at random."""
    from evocnn_bench.evolving import bench_evolving, draw_part
    from evocnn_bench.searches import against_random, search_seeds
    from evocnn_bench.workflow import configured

    part = REPOSITORY / "data/cifar10_small"
    draw_part(data, part)
    return bench_evolving(search_seeds("evolving", against_random(configured(part, "cifar10", "cifar10_small"))))


def poses(data: Path) -> str:
    """Searches with rungs on Leeds Sports Pose Extended against drawing at random, and against tournaments."""
    from evocnn_bench.evolving import bench_evolving
    from evocnn_bench.searches import search_seeds
    from evocnn_bench.workflow import configured

    whole, rungs = configured(data, *LSPET), configured(data, *LSPET, "lspet_halved")
    kinds = {"predictor, rungs": ("predictor", rungs), "genetic": ("genetic", whole), "random": ("random", whole)}
    return bench_evolving(search_seeds("poses", kinds))


def rungs(data: Path) -> str:
    """Searches with rungs against the same ones without, on Leeds Sports Pose Extended."""
    from evocnn_bench.rungs import RUNGS, WHOLE, bench_rungs
    from evocnn_bench.searches import search_seeds
    from evocnn_bench.workflow import configured

    differing = {WHOLE: {"experiment": "lspet_whole", "evolution": {"rungs": []}}, RUNGS: {}}
    kinds = {
        name: ("predictor", configured(data, *LSPET, "lspet_rungs", more=more)) for name, more in differing.items()
    }
    return bench_rungs(search_seeds("rungs", kinds))


def decoding(data: Path) -> str:
    """Trained networks scored as in published results, on Leeds Sports Pose Extended."""
    limit_threads(1)
    from evocnn.configuration.model import Configuration
    from evocnn_bench.decoding import bench_decoding
    from evocnn_bench.workflow import configured, run_workflow

    config = configured(data, *LSPET)
    records = Path("results/lspet_small/records")
    run_workflow(config, [records / split / "crops.npz" for split in ("train", "valid", "test")])
    return bench_decoding(REPOSITORY / records, Configuration.model_validate(config))


def demo(_: Path) -> str:
    """The demo with five seeds, against drawing at random."""
    from evocnn_bench.demo import bench_demo
    from evocnn_bench.workflow import configured, run_workflow

    run_workflow(configured(None, "demo_compare"), ["compare"])
    return bench_demo(REPOSITORY / "results/demo_compare")
