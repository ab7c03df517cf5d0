#!/usr/bin/python3
"""Makes torch_steps.json: twenty training steps of our networks, computed by PyTorch in double precision.

Weights, images and labels are drawn from Philox by the rules that torch_test.cpp states as well, and rounded to
float on both sides, so that only results are stored. Run it by hand when a network or a rule changes:

    apt-get install python3-torch
    /usr/bin/python3 tests/numerics/reference/torch_steps.py
"""

import json
import math
import pathlib

import numpy
import torch
from torch import nn

SEED = 2026
TEST_STREAM = 8  # StreamId::kTest
SIDE = 64
CLASSES = 2
IMAGES = 72
BATCH = 16
STEPS = 20
IMAGE_STREAMS = 1000  # stream indices below are the tensors', from here on the images'


def uniform(index, count):
    """The first `count` values of RandomStream(SEED, kTest, index).uniform(): Philox4x32-10, 24 bits."""
    blocks = numpy.arange((count + 3) // 4, dtype=numpy.uint64)
    low = numpy.uint64(0xFFFFFFFF)
    shift = numpy.uint64(32)
    counter = [blocks & low, blocks >> shift, numpy.full_like(blocks, TEST_STREAM), numpy.full_like(blocks, index)]
    key = [SEED & 0xFFFFFFFF, SEED >> 32]
    for _ in range(10):
        p0 = numpy.uint64(0xD2511F53) * counter[0]
        p1 = numpy.uint64(0xCD9E8D57) * counter[2]
        counter = [(p1 >> shift) ^ counter[1] ^ numpy.uint64(key[0]), p1 & low,
                   (p0 >> shift) ^ counter[3] ^ numpy.uint64(key[1]), p0 & low]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    words = numpy.stack(counter, axis=1).reshape(-1)[:count]
    return (words >> numpy.uint64(8)).astype(numpy.float64) * 2.0**-24


def signed(index, count):
    return 2 * uniform(index, count) - 1


def rounded(values):
    return torch.from_numpy(values.astype(numpy.float32).astype(numpy.float64))


def draw_parameter(name, shape, index):
    values = signed(index, math.prod(shape))
    kind = name.rsplit(".", 1)[1]
    if kind == "weight":
        values *= math.sqrt(3 / math.prod(shape[1:]))
    elif kind == "scale":
        values = 1 + 0.1 * values
    else:
        values *= 0.1
    return rounded(values).reshape(shape)


def draw_images():
    """Noise; the images of class 1 hold a brighter square of 12 pixels whose place the stream draws."""
    pixels = numpy.empty((IMAGES, SIDE, SIDE))
    for i in range(IMAGES):
        values = uniform(IMAGE_STREAMS + i, SIDE * SIDE + 2)
        pixels[i] = 2 * values[:-2].reshape(SIDE, SIDE) - 1
        y, x = int(values[-2] * 52), int(values[-1] * 52)
        pixels[i, y:y + 12, x:x + 12] += i % 2
    return rounded(pixels).reshape(IMAGES, 1, SIDE, SIDE), torch.arange(IMAGES) % 2


def batch_of(step):
    return [(step * BATCH + i) * 29 % IMAGES for i in range(BATCH)]


class Named(nn.Module):
    """Modules by our layer names, and their parameters by ours, in the order of ParamLayout."""

    def __init__(self):
        super().__init__()
        self.order = []

    def add(self, name, module):
        self.add_module(name.replace(".", "_"), module)
        self.order.append((name, module))
        return module

    def parameters_by_name(self):
        for name, module in self.order:
            norm = isinstance(module, nn.BatchNorm2d)
            yield f"{name}.{'scale' if norm else 'weight'}", module.weight
            if module.bias is not None:
                yield f"{name}.{'shift' if norm else 'bias'}", module.bias

    def statistics(self):
        return [s for _, m in self.order if isinstance(m, nn.BatchNorm2d) for s in (m.running_mean, m.running_var)]


class CtSmall(Named):
    def __init__(self):
        super().__init__()
        below = 1
        for block, channels in enumerate((16, 32, 64, 64)):
            self.add(f"conv{block + 1}", nn.Conv2d(below, channels, 3, padding=1))
            below = channels
        self.add("dense", nn.Linear(below, CLASSES))

    def forward(self, x):
        for _, convolution in self.order[:-1]:
            x = nn.functional.max_pool2d(torch.relu(convolution(x)), 2)
        return self.order[-1][1](x.mean((2, 3)))


class CtResnet(Named):
    def __init__(self):
        super().__init__()
        self.normalised("stem", 1, 16, 3, 1)
        below = 16
        for stage, channels in enumerate((16, 32, 64)):
            name = f"stage{stage + 1}"
            stride = 1 if stage == 0 else 2
            self.normalised(f"{name}.conv1", below, channels, 3, stride)
            self.normalised(f"{name}.conv2", channels, channels, 3, 1)
            if channels != below:
                self.normalised(f"{name}.shortcut", below, channels, 1, stride)
            below = channels
        self.add("dense", nn.Linear(below, CLASSES))

    def normalised(self, name, below, channels, kernel, stride):
        self.add(name, nn.Conv2d(below, channels, kernel, stride, kernel // 2, bias=False))
        self.add(f"{name}.norm", nn.BatchNorm2d(channels))

    def forward(self, x):
        layers = dict(self.order)
        pair = lambda name, value: layers[f"{name}.norm"](layers[name](value))
        x = torch.relu(pair("stem", x))
        for name in ("stage1", "stage2", "stage3"):
            branch = pair(f"{name}.conv2", torch.relu(pair(f"{name}.conv1", x)))
            shortcut = pair(f"{name}.shortcut", x) if f"{name}.shortcut" in layers else x
            x = torch.relu(branch + shortcut)
        return layers["dense"](x.mean((2, 3)))


def make_optimizer(name, rate, net):
    parameters = list(net.parameters_by_name())
    if name == "momentum":
        return torch.optim.SGD([p for _, p in parameters], lr=rate, momentum=0.9)
    if name == "adam":
        return torch.optim.Adam([p for _, p in parameters], lr=rate, eps=1e-7)
    # Decay acts on the weights of convolutions and dense layers alone.
    decayed = [p for n, p in parameters if n.endswith(".weight")]
    others = [p for n, p in parameters if not n.endswith(".weight")]
    return torch.optim.AdamW([{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0}],
                             lr=rate, eps=1e-7)


def norm(tensors):
    return math.sqrt(sum(float((t.detach() ** 2).sum()) for t in tensors))


def train(network, optimizer_name, rate, images, labels):
    net = {"ct-small": CtSmall, "ct-resnet": CtResnet}[network]().double()
    with torch.no_grad():
        for index, (name, parameter) in enumerate(net.parameters_by_name()):
            parameter.copy_(draw_parameter(name, tuple(parameter.shape), index))
    optimizer = make_optimizer(optimizer_name, rate, net)
    loss_of = nn.CrossEntropyLoss()
    losses, correct, gradient_norms = [], [], []
    for step in range(STEPS):
        batch = batch_of(step)
        optimizer.zero_grad()
        logits = net(images[batch])
        loss = loss_of(logits, labels[batch])
        loss.backward()
        losses.append(loss.item())
        correct.append(int((logits.argmax(1) == labels[batch]).sum()))
        gradient_norms.append(norm(p.grad for p in net.parameters()))
        optimizer.step()
    net.eval()
    with torch.no_grad():
        evaluation = loss_of(net(images), labels).item()
    samples = [{"tensor": name, "first": float(p.detach().reshape(-1)[0]), "last": float(p.detach().reshape(-1)[-1])}
               for name, p in net.parameters_by_name()]
    return {"network": network, "optimizer": optimizer_name, "rate": rate,
            "losses": losses, "correct": correct, "gradient_norms": gradient_norms, "evaluation_loss": evaluation,
            "parameter_norm": norm(net.parameters()), "statistics_norm": norm(net.statistics()), "samples": samples}


def main():
    torch.set_num_threads(2)
    images, labels = draw_images()
    cases = [train(*case, images, labels) for case in (
        ("ct-small", "adam", 1e-3),
        ("ct-small", "adamw", 1e-3),
        ("ct-small", "momentum", 2e-2),
        ("ct-resnet", "adam", 3e-4),
        ("ct-resnet", "momentum", 1e-2),
    )]
    for case in cases:
        print(case["network"], case["optimizer"], " ".join(f"{loss:.4f}" for loss in case["losses"]))
    path = pathlib.Path(__file__).with_name("torch_steps.json")
    path.write_text(json.dumps({"pytorch": torch.__version__, "cases": cases}, indent=1) + "\n")
    print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
