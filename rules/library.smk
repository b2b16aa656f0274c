"""Where the code of this workflow lies, which its rules import and its jobs run."""

import os
import sys
import tarfile
import tempfile
from pathlib import Path


def folder_of(rules):
    """The folder of this workflow: where its rules lie, or a copy of the commit where another one names it in git.

    Snakemake reads single files out of git; the library and what is shipped with it are needed as files.
    """
    if getattr(rules, "ref", None) is None:
        return os.path.dirname(os.path.abspath(str(rules)))
    from git import Repo  # here, because every job reads this file

    repo = Repo(rules.hosted_repo.repo_clone if hasattr(rules, "hosted_repo") else rules.repo_path)
    copy = Path(".snakemake/evocnn", repo.commit(rules.ref).hexsha).resolve()
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        unpacked = tempfile.mkdtemp(dir=copy.parent)
        with tempfile.TemporaryFile() as archive:
            repo.archive(archive, treeish=rules.ref)
            archive.seek(0)
            tarfile.open(fileobj=archive).extractall(unpacked, filter="data")
        os.rename(unpacked, copy)
    return str(copy)


# In front, here and in jobs: the workflow runs its own code, whatever else is installed.
WORKFLOW = folder_of(workflow.current_basedir)
SCRIPTS = os.path.join(WORKFLOW, "scripts")
sys.path.insert(0, SCRIPTS)
OTHERS = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path not in ("", SCRIPTS)]
os.environ.update(PYTHONPATH=os.pathsep.join([SCRIPTS, *OTHERS]))
