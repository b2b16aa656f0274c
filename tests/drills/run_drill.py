"""Twenty kills, a full disk, flipped bytes, a clock set back: make drill."""

import sys
import tempfile
from pathlib import Path

from drill import drill, figures, small_disk

from evocnn.bench.document import REPOSITORY, machine, table, write_section

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder) / "disturbed", 400) as small:
        done = drill(Path(folder), Path(__file__).with_name("drill.yaml"), kills=20, seed=1, disk_full=small)
    text = f"{machine()}\n\n{table(figures(done))}"
    print(text)
    for name, found in (("different", done.different), ("left", done.left), ("repeated", done.user.repeated)):
        print(f"{name}: {', '.join(found) or 'nothing'}", file=sys.stderr)
    if "--keep" in sys.argv:
        write_section(REPOSITORY / "docs/benchmarks.md", "make drill", text)
    sys.exit(not done.flawless)
