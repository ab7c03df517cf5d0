#!/usr/bin/env python3
"""Runs an exported ONNX model in ONNX Runtime and compares it with what Fall Line says.

Needs onnxruntime, numpy and Pillow from PyPI; not part of the tests:
    python3 -m venv venv && venv/bin/pip install onnxruntime numpy pillow
    venv/bin/python tests/numerics/onnx_runtime.py MODEL.onnx
    fallline classify RUN IMAGES.tm --json said.json
    venv/bin/python tests/numerics/onnx_runtime.py MODEL.onnx IMAGES.tm said.json
The first looks at the image that the model brings along, the second at every image of a project or ZIP, whose images
must have the model's size already: another way to resize them would give other numbers.
"""

import base64
import io
import json
import sys
import zipfile

import numpy
import onnxruntime
from PIL import Image


def pixels(data):
    """[side][side][RGB]"""
    return numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=numpy.uint8)


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    labels = json.loads(metadata["labels"])
    feeding = json.loads(metadata["fallline"])
    tolerance = feeding["selfCheck"]["tolerance"]

    def probabilities(images):
        return session.run(["probabilities"], {"image": numpy.stack(images)})[0]

    if len(sys.argv) == 2:
        expected = numpy.array([feeding["selfCheck"]["probabilities"]])
        found = probabilities([pixels(base64.b64decode(metadata["self_check_png"]))])
    else:
        with open(sys.argv[3], encoding="utf-8") as file:
            said = json.load(file)
        assert said["classes"] == labels, f"other classes: {said['classes']} and {labels}"
        archive = zipfile.ZipFile(sys.argv[2])
        names = [image["image"].removeprefix(sys.argv[2]).lstrip(" /") for image in said["images"]]
        images = [pixels(archive.read(name)) for name in names]
        wrong = {image.shape for image in images} - {(feeding["side"], feeding["side"], 3)}
        if wrong:
            sys.exit(f"Images of {wrong}; the model takes {feeding['side']} x {feeding['side']} pixels.")
        expected = numpy.array([image["probabilities"] for image in said["images"]])
        found = numpy.concatenate([probabilities(images[i : i + 32]) for i in range(0, len(images), 32)])
    difference = numpy.abs(found - expected).max()
    same = int((found.argmax(axis=1) == expected.argmax(axis=1)).sum())
    print(f"{len(found)} images, {same} of the same class, probabilities within {difference:.1e}")
    if same < len(found) or difference > tolerance:
        sys.exit(1)


if __name__ == "__main__":
    main()
