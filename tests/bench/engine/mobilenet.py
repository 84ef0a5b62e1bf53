"""MobileNetV2 at width 1.0 and 224 pixels in torchvision's arrangement, batch norms folded; random weights.

Weights are scaled so that variances stay level from layer to layer, without statistics of pictures: a random net that
is normalised by those amplifies the last bit of its first layers until its outputs are noise, as a trained net doesn't.
"""

import numpy as np
from onnx import TensorProto

from graph import Graph

SIZE, CLASSES = 224, 1000
# Expansion, channels, repeats, stride (Sandler et al. 2018, table 2).
BLOCKS = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]
STEM, HEAD = 32, 1280
# Mean square of a unit normal after ReLU6.
RECTIFIED = 0.5


class _MobileNet:
    """Values are pairs: the name in the graph, and the mean square to expect."""

    def __init__(self, rng):
        self.rng, self.graph = rng, Graph("mobilenetv2")

    def conv(self, value, name, inputs, outputs, kernel=1, stride=1, group=1):
        """A convolution whose outputs have unit variance."""
        x, power = value
        shape = (outputs, inputs // group, kernel, kernel)
        weight = self.rng.normal(size=shape) * (np.prod(shape[1:]) * power) ** -0.5
        bias = self.rng.normal(size=outputs) * 0.2
        constants = [self.graph.weight(f"{name}.{part}", v.astype(np.float32)) for part, v in (("weight", weight), ("bias", bias))]
        shape = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": [kernel // 2] * 4, "dilations": [1, 1], "group": group}
        return self.graph.add("Conv", x, *constants, name=name, **shape), 1.0

    def relu6(self, value):
        low, high = (self.graph.weight(name, np.array(limit, np.float32)) for name, limit in (("zero", 0), ("six", 6)))
        return self.graph.add("Clip", value[0], low, high, name=f"{value[0]}.relu6"), RECTIFIED

    def block(self, value, name, inputs, outputs, expansion, stride):
        hidden, h = inputs * expansion, value
        if expansion > 1:
            h = self.relu6(self.conv(h, f"{name}.expand", inputs, hidden))
        h = self.relu6(self.conv(h, f"{name}.depthwise", hidden, hidden, kernel=3, stride=stride, group=hidden))
        h = self.conv(h, f"{name}.project", hidden, outputs)
        if stride == 1 and inputs == outputs:
            return self.graph.add("Add", value[0], h[0], name=f"{name}.sum"), value[1] + h[1]
        return h

    def classifier(self, x):
        weight = (self.rng.normal(size=(CLASSES, HEAD)) * HEAD**-0.5).astype(np.float32)
        bias = (self.rng.normal(size=CLASSES) * 0.05).astype(np.float32)
        weight, bias = self.graph.weight("classifier.weight", weight), self.graph.weight("classifier.bias", bias)
        self.graph.add("Gemm", x, weight, bias, name="logits", transB=1)
        self.graph.output("logits", [1, CLASSES])

    def save(self, path):
        value = self.graph.input("input", TensorProto.FLOAT, [1, 3, SIZE, SIZE]), 1.0
        value = self.relu6(self.conv(value, "stem", 3, STEM, kernel=3, stride=2))
        inputs, number = STEM, 0
        for expansion, outputs, repeats, stride in BLOCKS:
            for repeat in range(repeats):
                number += 1
                value = self.block(value, f"block{number}", inputs, outputs, expansion, stride if repeat == 0 else 1)
                inputs = outputs
        x, _ = self.relu6(self.conv(value, "head", inputs, HEAD))
        x = self.graph.add("GlobalAveragePool", x, name="pool")
        self.classifier(self.graph.add("Flatten", x, name="features", axis=1))
        self.graph.save(path)


def write_mobilenet(path, rng):
    """Writes the f32 model."""
    _MobileNet(rng).save(path)


def mobilenet_inputs(rng):
    """A random picture, smooth as photographs are, with mean about 0 and variance 1."""
    picture = np.zeros((1, 3, SIZE, SIZE))
    for cell in (4, 16, 56):
        coarse = rng.normal(size=(1, 3, SIZE // cell, SIZE // cell))
        picture += coarse.repeat(cell, axis=2).repeat(cell, axis=3)
    return {"input": (picture / picture.std()).astype(np.float32)}
