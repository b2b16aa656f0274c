"""Lease a device for a while: python lease.py LOG FOLDER JOBS_PER_DEVICE SECONDS. It logs from when to when."""

import os
import sys
import time
from pathlib import Path

from evocnn.jobs.devices import devices, leased


def main(log: Path, folder: Path, jobs_per_device: int, seconds: float) -> None:
    with leased(devices(os.environ), jobs_per_device, folder=folder) as lease, log.open("a") as file:
        assert lease.device
        print("begin", os.getpid(), lease.device.name, lease.memory_limit_mb, time.monotonic(), file=file, flush=True)
        time.sleep(seconds)
        print("end", os.getpid(), lease.device.name, lease.memory_limit_mb, time.monotonic(), file=file, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
