"""Files of the kind that a deployer may plug in for `models/person`, as PyTorch's exporter makes them, to test the contract with.

    python models/training/third_party.py tests/golden

`third-party-segmentation.onnx` is torchvision's LR-ASPP over a narrow MobileNetV3 (21 classes, logits, person is 15);
`third-party-pose.onnx` a residual net with transposed convolutions that gives heat maps of COCO's 17 points. Their weights
are random: they say that foreign graphs are read, run and taken apart rightly, nothing about people. `third-party.json`
has, for a picture by the formula of `vision-squash.json`, what has to come out. Needs torch, torchvision and onnxruntime.
"""

import functools
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import torch
from torch import nn
from torchvision.models import mobilenetv3
from torchvision.models.resnet import BasicBlock
from torchvision.models.segmentation.lraspp import LRASPPHead

from seeing.golden import formula
from seeing.picture import squash

SIDE, WIDE, HIGH = 96, 61, 83
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
# Our key points by COCO's numbers; the neck is between the shoulders. COCO's left is the person's: the picture's right.
COCO = {
    "nose": [0],
    "neck": [5, 6],
    "shoulder-left": [6],
    "shoulder-right": [5],
    "elbow-left": [8],
    "elbow-right": [7],
    "wrist-left": [10],
    "wrist-right": [9],
    "hip-left": [12],
    "hip-right": [11],
}


class Segmentation(nn.Module):
    def __init__(self):
        super().__init__()
        config, last = mobilenetv3._mobilenet_v3_conf("mobilenet_v3_small", width_mult=0.25, reduced_tail=True, dilated=True)
        backbone = mobilenetv3.MobileNetV3(config, last).features
        self.low, self.high = backbone[:2], backbone[2:]
        low = self.low(torch.zeros(1, 3, SIDE, SIDE))
        self.head = LRASPPHead(low.shape[1], self.high(low).shape[1], 21, 32)

    def forward(self, x):
        low = self.low(x)
        out = self.head({"low": low, "high": self.high(low)})
        return nn.functional.interpolate(out, size=x.shape[-2:], mode="bilinear", align_corners=False)


class Pose(nn.Sequential):
    def __init__(self):
        halved = functools.partial(nn.Conv2d, kernel_size=1, stride=2, bias=False)
        super().__init__(
            nn.Conv2d(3, 16, 7, 2, 3, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, 1),
            BasicBlock(16, 24, 2, halved(16, 24)),
            nn.ConvTranspose2d(24, 16, 4, 2, 1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.Conv2d(16, 17, 1),
        )


def export(net, path, output):
    """In f32 at batch 1, by the exporter that PyTorch has had longest."""
    torch.manual_seed(20261126)
    for module in net.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            nn.init.kaiming_normal_(module.weight)
    net.eval()
    torch.onnx.export(net, (torch.zeros(1, 3, SIDE, SIDE),), path, input_names=["input"], output_names=[output], opset_version=17, dynamo=False)


def key_points(heat):
    """Arg-max cell, a quarter of a cell towards the higher neighbour along each axis: x, y in 0..1 and the height."""
    found = []
    for one in heat:
        h, w = one.shape
        row, column = np.unravel_index(one.argmax(), one.shape)
        right = one[row, min(column + 1, w - 1)] - one[row, max(column - 1, 0)]
        below = one[min(row + 1, h - 1), column] - one[max(row - 1, 0), column]
        found.append([(column + 0.5 + 0.25 * np.sign(right)) / w, (row + 0.5 + 0.25 * np.sign(below)) / h, one[row, column]])
    return np.array(found)


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(20261126)
    segmentation, pose = folder / "third-party-segmentation.onnx", folder / "third-party-pose.onnx"
    export(Segmentation(), str(segmentation), "out")
    export(Pose(), str(pose), "heatmaps")
    picture = squash(formula(WIDE, HIGH), SIDE) / 255
    run = lambda path, x: onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"]).run(
        None, {"input": np.ascontiguousarray(x.transpose(2, 0, 1)[None], dtype=np.float32)}
    )[0][0]  # noqa: E731
    logits = run(segmentation, (picture - np.float32(MEAN)) / np.float32(STD)).astype(np.float64)
    share = np.exp(logits - logits.max(0))
    share = (share / share.sum(0))[15]
    points = key_points(run(pose, picture[..., ::-1] - 0.5))
    ours = {name: np.mean([points[i] for i in of], 0) for name, of in COCO.items()}
    found = {
        "picture": {"width": WIDE, "height": HIGH},
        "segmentation": {
            "file": segmentation.name,
            "mean": MEAN,
            "std": STD,
            "channels": "RGB",
            "layout": "NCHW",
            "activation": "softmax",
            "person": 15,
            "share": [
                {"at": [r, c], "value": round(float(share[r, c]), 5)} for r, c in ((0, 0), (SIDE // 2, SIDE // 3), (SIDE - 1, 17), (40, SIDE - 1))
            ],
        },
        "pose": {
            "file": pose.name,
            "mean": [0.5] * 3,
            "std": [1.0] * 3,
            "channels": "BGR",
            "layout": "NCHW",
            "kind": "heatmaps",
            "points": COCO,
            "key_points": {name: [round(float(v), 5) for v in at] for name, at in ours.items()},
        },
    }
    (folder / "third-party.json").write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
