"""Say what trainings can compute on: make gpu-check."""

from pathlib import Path

LABELS = Path(__file__).resolve().parents[1] / "config/skeletons/mpii.yaml"

if __name__ == "__main__":
    from evocnn.bench.gpu import check_devices

    print(check_devices(LABELS, threads=1))
