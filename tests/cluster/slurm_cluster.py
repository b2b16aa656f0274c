"""A Slurm of one node and two simulated GPUs on the loopback address, for as long as a test session needs it."""

import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PACKAGES = ("slurmctld", "slurmd", "slurm-client", "munge")
PARTITION = "gpu"
GPUS = 2
MEMORY_MB = 16_000

CONFIGURATION = """
ClusterName=evocnn
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={slurmctld_port}
SlurmdPort={slurmd_port}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
TaskProlog={folder}/record_devices
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/completed.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
GresTypes=gpu
MinJobAge=3600
ReturnToService=1
KillWait=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=8 RealMemory={memory} Gres=gpu:{gpus} State=UNKNOWN
PartitionName={partition} Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""

# The inner step of a job drops every SLURM_ variable, and with them where this configuration is.
SRUN = """#!/bin/sh
SLURM_CONF={folder}/slurm.conf exec {srun} "$@"
"""

RECORD_DEVICES = """#!/bin/sh
echo "$SLURM_JOB_ID ${{SLURM_RESTART_COUNT:-0}} $CUDA_VISIBLE_DEVICES" >> {folder}/devices.txt
"""


class UnavailableError(RuntimeError):
    """Slurm cannot be installed or run here, and why."""


@dataclass(frozen=True)
class Job:
    """A job as Slurm remembers it.

    Attributes:
        number: Slurm's job id.
        what: rule and wildcards, such as "train 000 01".
        state: such as "RUNNING".
        gpus: asked for.
        memory_mb: asked for.
        minutes: time limit; None without one.
        restarts: how often Slurm itself has put it back into the queue.
    """

    number: int
    what: str
    state: str
    gpus: int
    memory_mb: int
    minutes: int | None
    restarts: int


@dataclass(frozen=True)
class Spell:
    """One of the times that a job ran, by its number and how often it had been put back; times in seconds."""

    number: int
    restart: int
    state: str
    start: float
    end: float

    def meets(self, other: "Spell") -> bool:
        """Whether both ran at one moment; times are whole seconds, and a moment lasts longer than an instant."""
        return max(self.start, other.start) < min(self.end, other.end)


class Slurm:
    """Starts on `start`, ends with all its processes on `stop`; the state is in one folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.host = socket.gethostname().split(".")[0]
        self.processes: list[subprocess.Popen[bytes]] = []

    @property
    def environment(self) -> dict[str, str]:
        """What makes commands and jobs find this Slurm."""
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        # The leases of devices are in the temporary directory: other runs of this machine do not have these GPUs.
        temporary = str(self.folder / "tmp")
        return {**os.environ, "PATH": path, "SLURM_CONF": str(self.folder / "slurm.conf"), "TMPDIR": temporary}

    def start(self) -> None:
        """Start munged, slurmctld and slurmd, and wait until the node is idle."""
        self._write_configuration()
        munge = [f"--{key}={self.folder}/munge.{key[:3]}" for key in ("key-file", "pid-file", "log-file", "seed-file")]
        self._daemon("munged", "--foreground", "--force", f"--socket={self.folder}/munge.socket", *munge)
        self._wait("munged listens", (self.folder / "munge.socket").exists)
        self._daemon("slurmctld", "-D", "-c")
        self._daemon("slurmd", "-D", "-N", self.host)
        self._wait("the node is idle", lambda: "idle" in self.run("sinfo", "--noheader", "--format=%t", check=False))

    def stop(self) -> None:
        """Cancel all jobs, and end every daemon by its process id."""
        if len(self.processes) == 3:
            self.run("scancel", "--user=root", check=False)
            self._wait("all jobs are gone", lambda: not self.run("squeue", "--noheader", check=False).strip())
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def run(self, *command: str, check: bool = True) -> str:
        """What a command of Slurm prints."""
        finished = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60
        )
        assert not check or finished.returncode == 0, f"{command}: {finished.stdout}"
        return finished.stdout

    def jobs(self) -> list[Job]:
        """All jobs so far, from `scontrol`, in the order of their submission."""
        lines = self.run("scontrol", "show", "job", "--oneliner").splitlines()
        return sorted((_job(line) for line in lines if line.startswith("JobId=")), key=lambda job: job.number)

    def spells(self) -> list[Spell]:
        """What the file of the job completion plugin says: a line for each time that a job ran."""
        spells: list[Spell] = []
        for fields in map(_fields, (self.folder / "completed.txt").read_text().splitlines()):
            number = int(fields["JobId"])
            restart = sum(spell.number == number for spell in spells)
            times = _time(fields["StartTime"]), _time(fields["EndTime"])
            spells.append(Spell(number, restart, fields["JobState"], *times))
        return spells

    def devices(self) -> dict[tuple[int, int], set[str]]:
        """CUDA_VISIBLE_DEVICES that the steps of a job have seen, by the job's number and restart."""
        seen: dict[tuple[int, int], set[str]] = {}
        for line in (self.folder / "devices.txt").read_text().splitlines():
            number, restart, *devices = line.split(" ")
            seen.setdefault((int(number), int(restart)), set()).update(devices)
        return seen

    def kill(self, job: Job, name: str, by: signal.Signals = signal.SIGKILL) -> None:
        """Send the processes of a job that have a name in their command line a signal, if there are any yet."""
        listed = self.run("scontrol", "listpids", str(job.number), check=False)
        for number in re.findall(r"^ *(\d+)", listed, re.MULTILINE):
            with suppress(FileNotFoundError, ProcessLookupError):
                if name in Path("/proc", number, "cmdline").read_text(encoding="utf-8"):
                    os.kill(int(number), by)

    def log(self) -> str:
        """The last lines of the daemons' logs, for an error's text."""
        logs = sorted(self.folder.glob("*.log"))
        return "\n".join(f"{log.name}:\n" + "\n".join(log.read_text().splitlines()[-15:]) for log in logs)

    def _write_configuration(self) -> None:
        for name in ("state", "spool", "bin", "tmp"):
            (self.folder / name).mkdir()
        (self.folder / "munge.key").write_bytes(os.urandom(128))
        (self.folder / "munge.key").chmod(0o400)
        slurmctld_port, slurmd_port = free_ports(2)
        values = {"host": self.host, "folder": self.folder, "slurmctld_port": slurmctld_port}
        values |= {"slurmd_port": slurmd_port, "memory": MEMORY_MB, "gpus": GPUS, "partition": PARTITION}
        (self.folder / "slurm.conf").write_text(CONFIGURATION.format(**values))
        for gpu in range(GPUS):
            # A character device: with a regular file, jobs would be counted but would not know which is theirs.
            os.mknod(self.folder / f"gpu{gpu}", stat.S_IFCHR | 0o666, os.makedev(1, 3))
        (self.folder / "gres.conf").write_text(f"Name=gpu File={self.folder}/gpu[0-{GPUS - 1}]\n")
        scripts = {"record_devices": RECORD_DEVICES, "bin/srun": SRUN}
        for name, text in scripts.items():
            (self.folder / name).write_text(text.format(folder=self.folder, srun=shutil.which("srun")))
            (self.folder / name).chmod(0o755)

    def _daemon(self, *command: str) -> None:
        with (self.folder / f"{command[0]}.out.log").open("w") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=output, env=self.environment, start_new_session=True
            )
        self.processes.append(process)

    def _wait(self, what: str, holds: Callable[[], bool]) -> None:
        for _ in range(60):
            if holds():
                return
            time.sleep(0.5)
        raise UnavailableError(f"waited 30 s, but not yet: {what}\n{self.log()}")


def install() -> None:
    """Install Slurm and munge from Debian's packages where they are absent.

    Raises:
        UnavailableError: not root, no apt-get, or it failed.
    """
    if os.geteuid() != 0:
        raise UnavailableError("a Slurm of its own needs root")
    os.environ["PATH"] += ":/usr/sbin"
    if all(map(shutil.which, ("slurmctld", "slurmd", "sbatch", "munged"))):
        return
    if not shutil.which("apt-get"):
        raise UnavailableError("there is no Slurm, and no apt-get to install it with")
    # In runlevel 1 the packages do not start their daemons.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        finished = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True)
    if finished.returncode:
        raise UnavailableError(f"apt-get install {' '.join(PACKAGES)} failed: {finished.stderr.strip()[-300:]}")


def free_ports(count: int) -> list[int]:
    """Ports of the loopback address that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def most_at_once(spells: list[Spell]) -> int:
    """The largest number of jobs that ran at one moment."""
    return max(sum(spell.start <= other.start < spell.end for spell in spells) for other in spells)


def _job(line: str) -> Job:
    fields = _fields(line)
    gpus = re.search(r"gres:gpu:(\d+)", fields.get("TresPerJob", ""))
    memory = re.search(r"mem=([\d.]+)([MG])", fields["TRES"])
    return Job(
        number=int(fields["JobId"]),
        what=re.sub(r"^rule_|_wildcards", "", fields.get("Comment", "")).replace("_", " "),
        state=fields["JobState"],
        gpus=int(gpus[1]) if gpus else 0,
        memory_mb=round(float(memory[1]) * {"M": 1, "G": 1024}[memory[2]]) if memory else 0,
        minutes=_minutes(fields["TimeLimit"]),
        restarts=int(fields["Restarts"]),
    )


def _fields(line: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in line.split(" ") if "=" in part)


def _time(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _minutes(text: str) -> int | None:
    if text == "UNLIMITED":
        return None
    days, _, clock = text.rpartition("-")
    hours, minutes, _ = clock.split(":")
    return int(days or 0) * 1440 + int(hours) * 60 + int(minutes)
