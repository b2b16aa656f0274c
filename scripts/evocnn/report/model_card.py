"""The model card of the final network (Mitchell et al., Model Cards for Model Reporting, 2019), from a run's files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evocnn.configuration.check import TOY_ROOT
from evocnn.dataset.manifest import read_manifest
from evocnn.evolution.fitness import Fitness, read_fitness
from evocnn.files import read_json, replacing
from evocnn.pose.skeleton import Skeleton
from evocnn.report.tables.individuals import read_table
from evocnn.report.tables.score_table import FLIP_TEST
from evocnn.tasks.calibration import Calibration, read_calibration
from evocnn.tasks.model_metadata import Metadata, read_metadata

SPLITS = {
    "train": "search-train: what its weights learned from",
    "valid": "search-valid: what chose it among all individuals, and its best epoch",
    "test": "test: scored once, by this network",
}
LIMITS = (
    "It was chosen by its score on search-valid, which is therefore slightly too good; the score on test is not.",
    "Where its training data show few of a kind (of people, clothes, poses, cameras, light), its errors are larger, "
    "and the scores above, averages over the data set, do not say by how much.",
    "± is one standard error by bootstrap over people of this test split: it says nothing of other data, nor of how "
    "much another seed would change.",
)
POSE_LIMITS = (
    "It finds one person per crop: where there are several, whoever is in the middle. Boxes come from elsewhere.",
    "It gives a place for every joint, those outside of the image or hidden too; a low confidence is all that says so.",
)


@dataclass(frozen=True)
class Origin:
    """What the configuration says of the data and of the run.

    Attributes:
        experiment: name of the run.
        root: folder of the data set.
        licence: of the data, in the user's words; None where it is not stated.
        seed: of the run.
        strategy: of the search.
    """

    experiment: str
    root: str
    licence: str | None
    seed: int
    strategy: str


def write_model_card(
    output: Path,
    *,
    fitness: Path,
    score: Path,
    calibration: Path,
    exports: Path,
    trivial: Path,
    individuals: Path,
    metadata: Path,
    manifests: Mapping[str, Path],
    origin: Origin,
) -> None:
    """Write the card, as Markdown.

    Args:
        output: file to write.
        fitness: of the final training.
        score: of the final network on test, a file of kind "score".
        calibration: of its confidences.
        exports: sizes and scores of its exported files.
        trivial: scores of `score_trivial_baselines`.
        individuals: table of `write_tables`.
        metadata: of the model, see `Metadata`.
        manifests: of each split, by its name.
        origin: what the configuration says.

    Raises:
        ValueError: a file is damaged.
    """
    trained, about = read_fitness(fitness), read_metadata(metadata)
    known, scored = read_json(trivial, "trivial", ("metric", "trivial")), read_json(score, "score", ("test",))
    test = scored["test"]
    sections = {
        f"{origin.experiment}: network {trained.provenance['network_id']}": _what(trained, about),
        "Data": _data({split: read_manifest(path) for split, path in manifests.items()}, origin),
        f"Scores: {known['metric']} in percent": _scores(trained.metrics, test, known["trivial"])
        + (f"\n\nFlip test: {FLIP_TEST}." if scored.get("flip_test") else "")
        + _classes(test)
        + _confidences(read_calibration(calibration)),
        "Formats": _formats(read_json(exports, "exports", ("metric", "formats"))),
        "Cost": _cost(trained, read_table(individuals), origin),
        "Intended use": _use(about),
        "Limits": _listed((*LIMITS, *(POSE_LIMITS if isinstance(about.labels, Skeleton) else ()))),
    }
    (title, first), *rest = sections.items()
    text = "\n\n".join([f"# {title}", first, *(f"## {name}\n\n{body}" for name, body in rest)])
    with replacing(output) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def _what(trained: Fitness, about: Metadata) -> str:
    names = about.labels.joints if isinstance(about.labels, Skeleton) else about.labels.classes
    what = "joints of one person or object" if isinstance(about.labels, Skeleton) else "class of an image"
    return (
        f"A convolutional network, found by evolution, that predicts the {what}: {', '.join(names)}. It takes RGB "
        f"pixels of {about.input_size}×{about.input_size}, 0 to 255, and yields {', '.join(about.heads)}; `model.json` "
        f"says what else has to be known. Trained from random weights with seed {trained.provenance['seed']}, "
        f"{_versions(trained)}."
    )


def _versions(trained: Fitness) -> str:
    return ", ".join(f"{name} {version}" for name, version in trained.provenance["versions"].items())


def _data(manifests: Mapping[str, Mapping[str, Any]], origin: Origin) -> str:
    rows = [("split", "people or images", "left out", "digest")]
    for split, manifest in manifests.items():
        count, skipped = f"{manifest['people']:,}", f"{len(manifest['skipped']):,}"
        rows.append((SPLITS[split], count, skipped, f"`{manifest['digest'][:12]}`"))
    files = sorted({file["file"] for manifest in manifests.values() for file in manifest["annotations"]})
    named = f"`{origin.root}`" + (f" ({', '.join(files)})" if files else "")
    licence = origin.licence or (
        "none is needed: this workflow has drawn the data"
        if origin.root.startswith(TOY_ROOT)
        else "not stated (`dataset.licence`); find out before you pass the network on"
    )
    return f"From {named}. Splits share no image.\n\n{_table(rows)}\n\nLicence of the data: {licence}."


def _scores(valid: Mapping[str, Any], test: Mapping[str, Any], trivial: Mapping[str, Any]) -> str:
    rows = [("", "search-valid", "test")]
    rows += [(f"{name} (trivial)", _percent(of["valid"]), _percent(of["test"])) for name, of in trivial.items()]
    rows.append(("**this network**", _percent(valid), f"**{_percent(test)}**"))
    groups = test.get("groups") or test.get("per_class") or {}
    for name, value in groups.items():
        rows.append((name, _number((valid.get("groups") or valid.get("per_class") or {}).get(name)), _number(value)))
    return _table(rows)


def _classes(test: Mapping[str, Any]) -> str:
    """Precision, recall and F1 of each class, and what was taken for what; nothing for joints."""
    if not test.get("confusion"):
        return ""
    rows = [("class", "precision", "recall", "F1")]
    for name, recall in test["per_class"].items():
        rows.append((name, _number(test["precision"][name]), _number(recall), _number(test["f1"][name])))
    names = list(test["confusion"])
    confusion = [("true class", *(f"as {name}" for name in names))]
    confusion += [(name, *(str(row[other]) for other in names)) for name, row in test["confusion"].items()]
    return (
        f"\n\nBalanced accuracy on test: {_number(test['balanced'])}.\n\n{_table(rows)}\n\nWhat was predicted, in "
        f"images of test:\n\n{_table(confusion)}"
    )


def _confidences(calibration: Calibration) -> str:
    return (
        f"\n\n`evocnn predict` turns confidences into probabilities of being right by {calibration.metric}, fitted to "
        f"{calibration.fitted:,} predictions on search-valid. On test they differ from the shares that are right by "
        f"{100 * calibration.error:.1f} percentage points on average."
    )


def _formats(exports: Mapping[str, Any]) -> str:
    rows = [("format", "file", "kB", f"{exports['metric']} on test, %")]
    for name, of in exports["formats"].items():
        rows.append((name, f"`{of['file']}`", f"{of['bytes'] / 1000:,.0f}", _percent(of)))
    return _table(rows)


def _cost(trained: Fitness, individuals: pd.DataFrame, origin: Origin) -> str:
    cost, training = trained.cost, trained.training
    searched = individuals.seconds.sum() / 3600
    rows = [
        ("of one prediction", ""),
        ("parameters", f"{cost['params']:,}"),
        ("multiply–accumulates", f"{cost['macs'] / 1e6:,.2f} million"),
        ("of its training", ""),
        ("epochs, of which the best", f"{training['epochs']}, {training['best_epoch']}"),
        ("hours on " + str(trained.provenance["device"]), f"{sum(training['seconds'].values()) / 3600:.2f}"),
        ("peak memory", f"{training['peak_memory_mb']:,} MB"),
        *([("peak memory of the GPU", f"{gpu:,} MB")] if (gpu := training.get("peak_gpu_memory_mb")) else []),
        (f"of the search ({origin.strategy}, seed {origin.seed})", ""),
        ("networks trained", f"{len(individuals):,}"),
        ("hours of training", f"{searched:.2f}"),
    ]
    return _table([("cost", ""), *rows])


def _use(about: Metadata) -> str:
    crop = "whole image, or a box" if isinstance(about.labels, Skeleton) else "whole image"
    return (
        f"Images like those it was trained on ({crop}), for research and for comparison with other networks; "
        "`evocnn predict` applies it to a folder of pictures. Not for decisions about people: who is "
        "found, and how well, depends on the data above, and nobody has tested it for that. What the licence of the "
        "data forbids, it may forbid for the network as well."
    )


def _percent(score: Mapping[str, Any]) -> str:
    error = score.get("standard_error")
    return _number(score.get("mean")) + (f" ± {error:.1f}" if error is not None else "")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _listed(points: Sequence[str]) -> str:
    return "\n".join(f"- {point}" for point in points)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|---" + "|--:" * (len(rows[0]) - 1) + "|", *body])
