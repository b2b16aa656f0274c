"""Interrupt and corrupt a search at random, and compare its results with those of an undisturbed run: make drill."""

import sys
import tempfile
from pathlib import Path

from drill import drill, figures, small_disk

from evocnn_bench.document import PAGES, machine, page, table, write_page

ABOUT = """
A search of four generations of six small networks, once undisturbed and once disturbed at random times:
`kill -9` of training processes, of the jobs that supervise them, and of Snakemake itself; a full disk; a bit flipped
in a shard, in a fitness file and in a population file; a file whose clock is set back by a day. The user runs one
command again and follows its error messages, nothing else. A small drill is a part of the tests.
"""

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder) / "disturbed", 400) as small:
        done = drill(Path(folder), Path(__file__).with_name("drill.yaml"), kills=20, seed=1, disk_full=small)
    text = f"{machine()}\n\n{table(figures(done))}"
    print(text)
    for name, items in (("different", done.different), ("left", done.left), ("repeated", done.user.repeated)):
        print(f"{name}: {', '.join(items) or 'nothing'}", file=sys.stderr)
    if "--keep" in sys.argv:
        write_page(PAGES / "drill.md", page("Interruptions and damage", ABOUT, "make drill KEEP=1", text))
    sys.exit(not done.flawless)
