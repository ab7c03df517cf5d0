#!/usr/bin/python3
"""The peer: PyTorch on the task of random_task.h, and a landscape by the loop that loss-landscape tools use.

Same network, image size, batches, threads and optimizer as ours; channels-last, PyTorch's faster layout here.
Prints what the benchmarks of ours print with --json.
"""

import argparse
import json
import statistics
import time

import torch
from torch import nn

WARM_UP = 0.3  # seconds, as in measure.cpp
WINDOW = 0.1
IMAGES = 512


class Residual(nn.Module):
    """Two 3x3 convolutions with batch norm around a shortcut, as in networks.h."""

    def __init__(self, below, width, stride):
        super().__init__()
        self.branch = nn.Sequential(
            nn.Conv2d(below, width, 3, stride, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, 1, 1, bias=False),
            nn.BatchNorm2d(width),
        )
        self.shortcut = nn.Identity()
        if below != width:
            self.shortcut = nn.Sequential(nn.Conv2d(below, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        return torch.relu(self.branch(x) + self.shortcut(x))


def ct_resnet():
    layers = [nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    for below, width, stride in ((16, 16, 1), (16, 32, 2), (32, 64, 2)):
        layers.append(Residual(below, width, stride))
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 2))


def ct_small():
    layers = []
    channels = 1
    for width in (16, 32, 64, 64):
        layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        channels = width
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 2)]
    return nn.Sequential(*layers)


NETWORKS = {"ct-small": ct_small, "ct-resnet": ct_resnet}


def build(network, device):
    return NETWORKS[network]().to(device, memory_format=torch.channels_last)


def window(seconds, call):
    start = time.perf_counter()
    calls = 0
    while True:
        call()
        calls += 1
        passed = time.perf_counter() - start
        if passed >= seconds:
            return passed / calls


def seconds_per_call(seconds, call):
    window(WARM_UP, call)
    windows = []
    start = time.perf_counter()
    while True:
        windows.append(window(WINDOW, call))
        if time.perf_counter() - start >= seconds:
            return statistics.median(windows)


def train(network, batch, pixels, labels, seconds):
    net = build(network, pixels.device)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    loss_of = nn.CrossEntropyLoss()
    at = 0

    def step():
        nonlocal at
        images = torch.arange(at, at + batch, device=pixels.device)  # batches are drawn by index, as an epoch's order asks
        at = (at + batch) % IMAGES
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(net(pixels[images]), labels[images])
        loss.backward()
        optimizer.step()
        return loss.item()

    return batch / seconds_per_call(seconds, step)


def landscape(network, probe, batch, pixels, labels, seconds):
    net = build(network, pixels.device).eval()
    loss_of = nn.CrossEntropyLoss(reduction="sum")
    origin = [p.detach().clone() for p in net.parameters()]
    first = [torch.randn_like(p) for p in origin]
    second = [torch.randn_like(p) for p in origin]
    count = 0

    def point():
        nonlocal count
        a, b = 0.01 * (count % 100) - 0.5, 0.01 * (count % 97) - 0.5
        count += 1
        total = 0.0
        with torch.no_grad():
            for weight, o, d1, d2 in zip(net.parameters(), origin, first, second):
                weight.copy_(o + a * d1 + b * d2)
            for at in range(0, probe, batch):
                end = min(at + batch, probe)
                total += loss_of(net(pixels[at:end]), labels[at:end]).item()
        return total / probe

    return 1 / seconds_per_call(seconds, point)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2, help="of measuring, for each figure")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--network", choices=tuple(NETWORKS), default="ct-small")
    parser.add_argument("--tf32", action="store_true", help="CUDA: products with 10-bit mantissas")
    options = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = options.tf32
    torch.backends.cudnn.benchmark = True  # its fastest algorithms
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    pixels = (torch.rand(IMAGES, 1, 64, 64) * 2 - 1).to(options.device, memory_format=torch.channels_last)
    labels = torch.randint(0, 2, (IMAGES,)).to(options.device)

    figures = []
    cuda = options.device == "cuda"
    for batch in (16, 64, 256) if cuda else (16, 64):
        value = train(options.network, batch, pixels, labels, options.seconds)
        figures.append({"name": f"train, batch {batch}", "unit": "images/s", "value": value})
    for probe in (50, 256, 512) if cuda else (50, 256):
        # Whichever batch suits PyTorch better counts.
        value = max(landscape(options.network, probe, batch, pixels, labels, options.seconds / 2) for batch in (64, probe))
        figures.append({"name": f"landscape, probe of {probe}", "unit": "points/s", "value": value})
    where = torch.cuda.get_device_name() if cuda else f"{torch.get_num_threads()} threads"
    subject = f"PyTorch {torch.__version__}, {where}"
    print(json.dumps({"subject": subject, "figures": figures}))


if __name__ == "__main__":
    main()
