"""Disturb a search at random, edit a finished one at random, and compare both with undisturbed ones: make drill."""

import sys
import tempfile
from collections import Counter
from pathlib import Path

from drill import drill, figures, small_disk
from reruns import EDITS, rerun_drill

from evocnn_bench.document import PAGES, machine, page, table, write_page

ABOUT = """
A search of four generations of six small networks, once undisturbed and once disturbed at random times:
`kill -9` of training processes, of the jobs that supervise them, and of Snakemake itself; a full disk; a bit flipped
in a shard, in a fitness file and in a population file; a file whose clock is set back by a day. The user runs one
command again and follows its error messages, nothing else. A small drill is a part of the tests.

Then a finished run of four networks, whose trainings are simulated, is edited 20 times: settings, data, labels, space,
limits, names of folders, files. After each edit it is run again and compared with a fresh run of the same
configuration. Files that the configuration no longer asks for may stay.
"""
RERUNS = 20


def edits_table(outcomes: list[tuple[str, list[str]]]) -> str:
    """How often each edit was made, and how many files differed in all."""
    made = Counter(name for name, _ in outcomes)
    different = {name: sum(len(files) for of, files in outcomes if of == name) for name in made}
    rows = [(name, str(made[name]), str(different[name])) for name in EDITS if name in made]
    total = ("**in all**", f"**{len(outcomes)}**", f"**{sum(different.values())}**")
    return table([("edit of a finished run", "how often", "files that differ"), *rows, total])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, small_disk(Path(folder) / "disturbed", 400) as small:
        done = drill(Path(folder), Path(__file__).with_name("drill.yaml"), kills=20, seed=1, disk_full=small)
    with tempfile.TemporaryDirectory() as folder:
        outcomes = rerun_drill(Path(folder), edits=RERUNS, seed=1)
    text = f"{machine()}\n\n{table(figures(done))}\n\n{edits_table(outcomes)}"
    print(text)
    for name, items in (("different", done.different), ("left", done.left), ("repeated", done.user.repeated)):
        print(f"{name}: {', '.join(items) or 'nothing'}", file=sys.stderr)
    for name, files in outcomes:
        print(f"{name}: {', '.join(files) or 'nothing differs'}", file=sys.stderr)
    if "--keep" in sys.argv:
        write_page(PAGES / "drill.md", page("Interruptions, damage and edits", ABOUT, "make drill KEEP=1", text))
    sys.exit(not done.flawless or any(files for _, files in outcomes))
