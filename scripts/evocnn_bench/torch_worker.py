"""The R50 of Simple Baselines in PyTorch: python -m evocnn_bench.torch_worker THREADS; see `gpu_worker`.

It imports nothing but PyTorch, because environments of PyTorch need not have anything else. TF32, the fastest
algorithms of cuDNN, and Adam in one kernel are on; 16 bits are by autocast, in the order of axes that suits them.
"""

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any

JOINTS, DECONVOLUTION = 16, 256
STAGES = ((256, 3, 1), (512, 4, 2), (1024, 6, 2), (2048, 3, 2))
"""Filters, blocks and first stride (He et al., CVPR 2016, table 1)."""


def simple_baselines(width: float) -> Any:
    """From (B, 3, side, side) to heatmaps (B, JOINTS, side / 4, side / 4)."""
    from torch import nn

    before = _scaled(64, width)
    layers: list[Any] = [*_normalised(nn.Conv2d(3, before, 7, 2, 3, bias=False)), nn.MaxPool2d(3, 2, 1)]
    for filters, blocks, first in STAGES:
        for number in range(blocks):
            layers.append(_bottleneck(before, _scaled(filters, width), 1 if number else first))
            before = _scaled(filters, width)
    for _ in range(3):
        after = _scaled(DECONVOLUTION, width)
        layers += _normalised(nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False))
        before = after
    return nn.Sequential(*layers, nn.Conv2d(before, JOINTS, 1))


def measure(task: Mapping[str, Any], loading: float) -> dict[str, Any]:
    """Time a training; see `Task` and `Speed`."""
    import torch

    begun = time.time()
    gpu = torch.cuda.is_available()
    device, sixteen = torch.device("cuda" if gpu else "cpu"), task["precision"] == "mixed_bfloat16"
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.benchmark = True
    order = torch.channels_last if sixteen else torch.contiguous_format
    model = simple_baselines(task["width"]).to(device, memory_format=order).train()
    optimizer = torch.optim.Adam(model.parameters(), 0.001, fused=gpu)
    side, batch = task["side"], task["batch_size"]
    images = torch.randint(0, 256, (batch, 3, side, side), dtype=torch.uint8).contiguous(memory_format=order)
    aims = torch.rand(batch, JOINTS, side // 4, side // 4, device=device)

    def step() -> None:
        inputs = images.to(device).float() / 64 - 2
        with torch.autocast(device.type, torch.bfloat16, enabled=sixteen):
            loss = torch.nn.functional.mse_loss(model(inputs).float(), aims)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()

    def steps(count: int) -> float:
        for _ in range(count):
            step()
        if gpu:
            torch.cuda.synchronize()
        return time.time()

    first = steps(1)
    began = steps(task["steps"])
    ended = steps(task["steps"])
    return {
        "device": torch.cuda.get_device_name() if gpu else "",
        "loading": loading,
        "first": loading + first - begun,
        "began": began,
        "ended": ended,
        "in_memory": task["steps"] * batch / (ended - began),
        "pipeline": None,
        "peak_mb": torch.cuda.max_memory_allocated() / 1e6 if gpu else None,
        "version": torch.__version__,
    }


def main(threads: int) -> None:
    """Load PyTorch, then wait for a task; without one, end."""
    begun = time.time()
    import torch

    torch.set_num_threads(threads)
    loading = time.time() - begun
    if line := sys.stdin.readline():
        print(json.dumps(measure(json.loads(line), loading)), flush=True)
        os._exit(0)  # without the clean-up of its libraries, which may take seconds


def _bottleneck(before: int, filters: int, stride: int) -> Any:
    from torch import nn

    inside = filters // 4
    layers = [
        *_normalised(nn.Conv2d(before, inside, 1, bias=False)),
        *_normalised(nn.Conv2d(inside, inside, 3, stride, 1, bias=False)),
        nn.Conv2d(inside, filters, 1, bias=False),
        nn.BatchNorm2d(filters),
    ]
    shortcut: Any = nn.Identity()
    if stride != 1 or before != filters:
        shortcut = nn.Sequential(nn.Conv2d(before, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))
    return _residual(nn.Sequential(*layers), shortcut)


def _residual(inside: Any, shortcut: Any) -> Any:
    """A module that adds what two modules give, and cuts off what is negative."""
    from torch import nn

    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inside, self.shortcut = inside, shortcut

        def forward(self, inputs: Any) -> Any:
            return nn.functional.relu(self.inside(inputs) + self.shortcut(inputs), inplace=True)

    return Residual()


def _normalised(convolution: Any) -> list[Any]:
    from torch import nn

    return [convolution, nn.BatchNorm2d(convolution.out_channels), nn.ReLU(inplace=True)]


def _scaled(filters: int, width: float) -> int:
    return max(8, round(filters * width / 8) * 8)


if __name__ == "__main__":
    main(int(sys.argv[1]))
