"""Lease a device: python lease.py LOG FOLDER JOBS_PER_DEVICE SECONDS. It logs from when to when.

The lease ends when its input has ended and so many seconds have passed.
"""

import os
import sys
import time
from pathlib import Path

from evocnn.processes.devices import devices
from evocnn.processes.leases import leased


def main(log: Path, folder: Path, jobs_per_device: int, seconds: float) -> None:
    with leased(devices(os.environ), jobs_per_device, folder=folder) as lease, log.open("a", encoding="utf-8") as file:
        assert lease.device
        print("begin", os.getpid(), lease.device.name, lease.memory_limit_mb, time.monotonic(), file=file, flush=True)
        sys.stdin.read()
        time.sleep(seconds)
        print("end", os.getpid(), lease.device.name, lease.memory_limit_mb, time.monotonic(), file=file, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
