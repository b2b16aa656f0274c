"""Make the run of the present version that later versions must read: python tests/upgrade/make_run.py.

It runs the search of tests/workflow/tiny.yaml and keeps the files that reports, tables and further generations read, as
tests/upgrade/run_of_VERSION.zip. The file of a version is made once, when it is released.
"""

import sys
import zipfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "support"))

from workflow_runs import HERE as CONFIGURATIONS  # noqa: E402
from workflow_runs import snakemake  # noqa: E402

KEPT = (".json", ".yaml", ".csv", ".txt", ".md")
TIME = (1980, 1, 1, 0, 0, 0)
"""Of every file, so that it depends on the content alone."""


def make_run(output: Path) -> None:
    """Run the search, and keep its files of text."""
    with TemporaryDirectory() as folder, zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as kept:
        finished = snakemake(Path(folder), configfiles=(CONFIGURATIONS / "tiny.yaml",))
        if finished.returncode:
            raise SystemExit(finished.stdout)
        for path in sorted(Path(folder, "results").rglob("*")):
            if path.is_file() and path.suffix in KEPT:
                entry = zipfile.ZipInfo(str(path.relative_to(Path(folder, "results"))), TIME)
                kept.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    make_run(HERE / f"run_of_{version('evocnn')}.zip")
