"""When trainings ran: attempts by hand, on two machines."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from evocnn.report.run import Training
from evocnn.report.tables.timeline import timeline, use_of_devices


def training(number, outcome, *attempts, host="here", device=None, status="ok"):
    """Of individual `number`; attempts are the second of the hour in which each began, and how long it took."""
    rows = [
        {"began": f"2026-01-01T10:{second // 60:02d}:{second % 60:02d}.000+00:00", "seconds": seconds, "ending": "x"}
        for second, seconds in attempts
    ]
    fitness = replace(
        outcome("a", None if status != "ok" else 50.0),
        status=status,
        training={"timeline": rows},
        provenance={"host": host, "device": "NVIDIA", "device_id": device},
    )
    return Training(SimpleNamespace(generation=1, name=f"1-{number:02d}"), fitness, Path())


def test_attempts_stand_in_the_rows_of_devices(outcome):
    """Two at once on one GPU, the third after the first; the other GPU runs one."""
    table = timeline(
        [
            training(0, outcome, (0, 100.0), device="GPU-1"),
            training(1, outcome, (10, 200.0), device="GPU-1"),
            training(2, outcome, (120, 60.0), device="GPU-1"),
            training(3, outcome, (5, 10.0), device="GPU-2"),
        ]
    )
    assert table.name.tolist() == ["1-00", "1-03", "1-01", "1-02"]
    assert table.lane.tolist() == ["here, GPU-1 #1", "here, GPU-2", "here, GPU-1 #2", "here, GPU-1 #1"]
    assert (table.ended - table.began).dt.total_seconds().tolist() == [100.0, 10.0, 200.0, 60.0]


def test_only_the_last_attempt_has_the_outcome(outcome):
    """It crashed after half a minute, went on a minute later, and timed out."""
    table = timeline([training(0, outcome, (0, 30.0), (90, 40.0), status="timeout")])
    assert table.status.tolist() == ["repeated", "timeout"]


def test_how_busy_devices_were(outcome):
    """GPU 1: 0–100 and 50–150 s, then 250–300 s: of 300 seconds 100 idle, 250 seconds of work in 200."""
    table = timeline(
        [
            training(0, outcome, (0, 100.0), (250, 50.0), device="GPU-1"),
            training(1, outcome, (50, 100.0), device="GPU-1"),
            training(2, outcome, (0, 36.0), host="there", device="GPU-1"),
        ]
    )
    first, second = use_of_devices(table).to_dict("records")
    assert first["device"] == "here, GPU-1"
    assert first["attempts"] == 3
    assert first["hours"] == pytest.approx(250 / 3600)
    assert first["at_once"] == pytest.approx(250 / 200)
    assert first["idle"] == pytest.approx(100 / 3)
    assert first["repeated"] == pytest.approx(100 / 3600)
    assert (second["device"], second["idle"], second["hours"]) == ("there, GPU-1", 0, pytest.approx(0.01))


def test_runs_of_earlier_releases_have_none(outcome):
    table = timeline([Training(SimpleNamespace(generation=0, name="0-00"), outcome("a", 50.0), Path())])
    assert table.empty
    assert use_of_devices(table).empty
