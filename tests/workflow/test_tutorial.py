"""docs/tutorial.md: who types what stands there, in this order, gets what it promises."""

import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from checkout import copy_of
from sklearn.datasets import load_digits

pytestmark = pytest.mark.slow

INSTALL = "make .venv/installed"
"""The first command of the block that is not run here: continuous integration begins with it."""
CLASSES = {0: "crane", 1: "dozer"}
"""Digits, which are to hand, in the place of the machines of the page."""


@pytest.fixture(scope="module")
def page(repository) -> str:
    return (repository / "docs/tutorial.md").read_text()


def sort_pictures(folder: Path) -> None:
    """Two handwritten digits as pictures in a folder per class."""
    digits = load_digits()
    for number, (pixels, digit) in enumerate(zip(digits.images, digits.target, strict=True)):
        if name := CLASSES.get(int(digit) if number < 700 else -1):
            path = folder / name / f"{number:04d}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), cv2.resize((pixels * 15.9375).astype("uint8"), (96, 80)))


def test_the_tutorial_leads_from_pictures_to_a_network(repository, page, tmp_path):
    copy_of(repository, tmp_path)
    sort_pictures(tmp_path / "data/mine/pictures")
    blocks = [block for block in re.findall(r"```bash\n(.*?)```", page, re.DOTALL) if INSTALL not in block]
    assert len(blocks) == page.count("```bash") - 1
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    script = "set -euo pipefail\n" + "\n".join(blocks)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    on_test = re.search(r"^final network +[\d.]+ ± [\d.]+ +([\d.]+) ±", done.stdout, re.MULTILINE)[1]
    assert float(on_test) > 90
    assert re.search(r"^image,.*predicted", done.stdout, re.MULTILINE)
    assert (tmp_path / "results/mine/report.html").is_file()
    assert (tmp_path / "results/mine/final/model_int8.tflite").stat().st_size < 500_000
