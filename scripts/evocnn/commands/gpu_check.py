"""Show the devices that trainings can compute on, their memory and precisions, and time a training.

example: evocnn gpu-check
"""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: none."""


def run(given: argparse.Namespace) -> int:
    """Check and print."""
    from evocnn.labels import MPII
    from evocnn_bench.gpu_check import check_devices

    print(check_devices(MPII, threads=1))
    return 0
