"""Start a training from the warm-start server, which a run's first training starts; see `evocnn.jobs.server`."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from evocnn.jobs.child import Work
from evocnn.jobs.guard import Guard, snakemake_pid
from evocnn.jobs.key import code_digest
from evocnn.jobs.locks import held
from evocnn.jobs.messages import REFUSED, Request, receive_number, send_request
from evocnn.jobs.start import Forked, Running

IDLE = 60.0
"""Seconds without a training after which the server ends."""
IMPORTED_WITH = (
    "BLIS_",
    "CUDA_",
    "GOMP_",
    "KERAS_",
    "LD_",
    "MKL_",
    "OMP_",
    "OPENBLAS_",
    "PATH",
    "PYTHON",
    "TF_",
    "XLA_",
)
"""Beginnings of variables that libraries look at when they are imported."""


class Served:
    """A child of the server; see `Running`."""

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self._connection, self.pid = connection, pid
        self._code: int | None = None

    def fileno(self) -> int:
        """See `Running`."""
        return self._connection.fileno()

    def kill(self) -> None:
        """See `Running`; the server ends whom nobody listens to any more."""
        if self._code is None:
            self._connection.shutdown(socket.SHUT_WR)

    def wait(self) -> int:
        """See `Running`."""
        if self._code is None:
            try:
                self._code = receive_number(self._connection)
            except (EOFError, OSError):  # the server has ended, and its child with it
                self._code = -signal.SIGKILL
            self._connection.close()
        return self._code


def warm(work: Work, report: int, holding: Sequence[int]) -> Running:
    """Start work in a child of the server; where there can be none, in a child of this process."""
    snakemake = snakemake_pid()
    if snakemake is None:
        return Forked(work, report, holding)
    path = _folder() / f"{_key(snakemake)}.socket"
    for _ in range(2):  # the server may just be about to end
        try:
            return _ask(path, work, [1, 2, report, *holding])
        except (EOFError, OSError):
            _start_server(path, snakemake)
    print("The warm-start server does not answer: this training starts without it.", flush=True)
    return Forked(work, report, holding)


def _ask(path: Path, work: Work, descriptors: Sequence[int]) -> Served:
    """Raises OSError or EOFError where there is no server."""
    sys.stdout.flush()
    sys.stderr.flush()
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(str(path))
        umask = os.umask(0)
        os.umask(umask)
        send_request(connection, Request(work, dict(os.environ), Path.cwd(), umask), descriptors)
        pid = receive_number(connection)
        if pid == REFUSED:
            raise EOFError
    except BaseException:
        connection.close()
        raise
    return Served(connection, pid)


def _start_server(path: Path, snakemake: int) -> None:
    """Start a server, unless another job has just done so; returns when it can be asked."""
    with held(path.with_name("starting.lock"), Guard()):
        if _answers(path):
            return
        path.unlink(missing_ok=True)
        command = [sys.executable, "-m", "evocnn.jobs.server", str(path), str(snakemake), str(IDLE)]
        library = str(Path(__file__).resolve().parents[2])
        with path.with_suffix(".log").open("w") as log:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={
                    **os.environ,
                    "PYTHONPATH": os.pathsep.join([library, *filter(None, [os.environ.get("PYTHONPATH")])]),
                },
                check=False,
            )


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _folder() -> Path:
    """For sockets, of this user alone."""
    folder = Path(tempfile.gettempdir()) / f"evocnn-servers-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder}: expected a folder of this user alone; remove it")
    return folder


def _key(snakemake: int) -> str:
    """One server for one Snakemake with one code and one environment."""
    environment = {name: value for name, value in os.environ.items() if name.startswith(IMPORTED_WITH)}
    parts = [snakemake, str(Path.cwd()), sys.executable, environment, code_digest(".")]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
