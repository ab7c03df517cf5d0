#!/usr/bin/env python3
"""Runs an exported model in ONNX Runtime or Keras and compares it with what Fall Line says.

Needs packages from PyPI, so it is not part of the tests: numpy and Pillow; for a .onnx onnxruntime; for a .zip
tensorflow-cpu before 2.16, whose Keras reads the layers of TensorFlow.js as they are.
    python3 -m venv venv && venv/bin/pip install numpy pillow onnxruntime tensorflow-cpu==2.15.1
    venv/bin/python tests/numerics/exported_model.py MODEL
    fallline classify RUN IMAGES.tm --json said.json
    venv/bin/python tests/numerics/exported_model.py MODEL IMAGES.tm said.json
The first looks at the image that the model brings along, the second at every image of a project or ZIP, whose images
must have the model's size already: another way to resize them would give other numbers.
"""

import base64
import io
import json
import sys
import zipfile

import numpy
from PIL import Image


class OnnxModel:
    def __init__(self, path):
        import onnxruntime

        self.session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        metadata = self.session.get_modelmeta().custom_metadata_map
        self.labels = json.loads(metadata["labels"])
        self.feeding = json.loads(metadata["fallline"])
        self.picture = base64.b64decode(metadata["self_check_png"])

    def probabilities(self, images):
        return self.session.run(["probabilities"], {"image": images})[0]


class TfjsModel:
    def __init__(self, path):
        import tensorflow

        archive = zipfile.ZipFile(path)
        metadata = json.loads(archive.read("metadata.json"))
        self.labels = metadata["labels"]
        self.feeding = metadata["userMetadata"]["fallline"]
        self.picture = archive.read(self.feeding["selfCheck"]["image"])
        model = json.loads(archive.read("model.json"))
        topology = {key: model["modelTopology"][key] for key in ("class_name", "config")}
        self.network = tensorflow.keras.models.model_from_json(json.dumps(topology))
        weights, at, raw = {}, 0, archive.read("weights.bin")
        for entry in model["weightsManifest"][0]["weights"]:
            end = at + 4 * int(numpy.prod(entry["shape"]))
            weights[entry["name"]] = numpy.frombuffer(raw[at:end], "<f4").reshape(entry["shape"])
            at = end
        assert at == len(raw), "weights are left over"
        self.fill(self.network, weights)
        assert not weights, f"nobody wants the weights {list(weights)}"

    def fill(self, layer, weights):
        """Gives every layer its own, by name."""
        if hasattr(layer, "layers"):
            for inner in layer.layers:
                self.fill(inner, weights)
            return
        names = [f"{layer.name}/{weight.name.split('/')[-1].split(':')[0]}" for weight in layer.weights]
        layer.set_weights([weights.pop(name) for name in names])

    def probabilities(self, images):
        return self.network.predict(images.astype("float32") / 127 - 1, verbose=0)


def pixels(data):
    """[side][side][RGB]"""
    return numpy.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=numpy.uint8)


def main():
    if len(sys.argv) not in (2, 4):
        sys.exit(__doc__)
    model = (OnnxModel if sys.argv[1].endswith(".onnx") else TfjsModel)(sys.argv[1])
    check = model.feeding["selfCheck"]
    if len(sys.argv) == 2:
        expected = numpy.array([check["probabilities"]])
        images = [pixels(model.picture)]
    else:
        with open(sys.argv[3], encoding="utf-8") as file:
            said = json.load(file)
        assert said["classes"] == model.labels, f"other classes: {said['classes']} and {model.labels}"
        archive = zipfile.ZipFile(sys.argv[2])
        expected = numpy.array([image["probabilities"] for image in said["images"]])
        names = [image["image"].removeprefix(sys.argv[2]).lstrip("/") for image in said["images"]]
        images = [pixels(archive.read(name)) for name in names]
    side = model.feeding["side"]
    wrong = {image.shape for image in images} - {(side, side, 3)}
    if wrong:
        sys.exit(f"Images of {wrong}; the model takes {side} x {side} pixels.")
    found = numpy.concatenate([model.probabilities(numpy.stack(images[i : i + 32])) for i in range(0, len(images), 32)])
    difference = numpy.abs(found - expected).max()
    same = int((found.argmax(axis=1) == expected.argmax(axis=1)).sum())
    print(f"{len(found)} images, {same} of the same class, probabilities within {difference:.1e}")
    if same < len(found) or difference > check["tolerance"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
