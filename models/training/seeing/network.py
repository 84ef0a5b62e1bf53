"""One residual backbone with a decoder, and the heads of the two nets.

Plain 3×3 convolutions, ReLU and sums: what int8 keeps. At 160 pixels the maps are 40, 20, 10 and 5 cells a side.
"""

import torch
from torch import nn
from torch.nn import functional as F

from garments.labels import ATTRIBUTES, CATEGORIES, KEY_POINTS, LANDMARKS, REGIONS

EMBEDDING = 128
DECODER = 48
# What each net ships with: channels of the stem and the four stages, blocks of the stages, channels before pooling.
PLANS = {
    "garment": {"stem": 24, "channels": (40, 96, 192, 320), "blocks": (1, 2, 2, 1), "pooled": 512},
    "person": {"stem": 16, "channels": (32, 56, 104, 160), "blocks": (1, 1, 2, 1), "pooled": 192},
}


class Conv(nn.Module):
    """Convolution, batch norm, and ReLU unless told otherwise."""

    def __init__(self, inputs, outputs, kernel=3, stride=1, relu=True):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.relu = relu

    def forward(self, x):
        x = self.norm(self.conv(x))
        return F.relu(x) if self.relu else x


class Block(nn.Module):
    """relu(conv(conv(x)) + x), x through a 1×1 convolution where its shape changes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first, self.second = Conv(inputs, outputs, 3, stride), Conv(outputs, outputs, 3, relu=False)
        self.short = Conv(inputs, outputs, 1, stride, relu=False) if stride != 1 or inputs != outputs else None

    def forward(self, x):
        return F.relu(self.second(self.first(x)) + (x if self.short is None else self.short(x)))


class Backbone(nn.Module):
    """Picture to (cells `[n, DECODER, 40, 40]`, pooled `[n, pooled]`)."""

    def __init__(self, stem, channels, blocks, pooled):
        super().__init__()
        self.stem = Conv(3, stem, 3, 2)
        self.down = Conv(stem, channels[0], 3, 2)
        stages, inputs = [], channels[0]
        for number, (outputs, count) in enumerate(zip(channels, blocks, strict=True)):
            stage = [Block(inputs if b == 0 else outputs, outputs, 2 if b == 0 and number else 1) for b in range(count)]
            stages.append(nn.Sequential(*stage))
            inputs = outputs
        self.stages = nn.ModuleList(stages)
        self.last = Conv(channels[-1], pooled, 1)
        self.lateral = nn.ModuleList([Conv(c, DECODER, 1, relu=False) for c in channels])
        self.smooth = nn.ModuleList([Conv(DECODER, DECODER, 3) for _ in channels[:-1]])

    def forward(self, x):
        x = self.down(self.stem(x))
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        pooled = self.last(x).mean((2, 3))
        cells = self.lateral[3](maps[3])
        for level in (2, 1, 0):
            cells = F.interpolate(cells, scale_factor=2, mode="nearest") + self.lateral[level](maps[level])
            cells = self.smooth[level](F.relu(cells))
        return cells, pooled


def expected(heat):
    """Where a heat map's mass lies: `[n, k, h, w]` logits to `[n, k, 2]`, x and y in 0..1."""
    n, k, h, w = heat.shape
    share = heat.float().flatten(2).softmax(-1).view(n, k, h, w)
    xs = (torch.arange(w, device=heat.device) + 0.5) / w
    ys = (torch.arange(h, device=heat.device) + 0.5) / h
    return torch.stack([(share.sum(2) * xs).sum(-1), (share.sum(3) * ys).sum(-1)], -1)


class Garment(nn.Module):
    """The garment net. `mask` is `[n, 1, 80, 80]`: four logits a cell, unfolded."""

    def __init__(self, plan):
        super().__init__()
        self.backbone = Backbone(**plan)
        features = plan["pooled"] + DECODER
        self.mask = nn.Conv2d(DECODER, 4, 1)
        self.heat = nn.Conv2d(DECODER, len(LANDMARKS), 1)
        self.category = nn.Linear(features, len(CATEGORIES))
        self.attributes = nn.Linear(features, sum(len(v) for v in ATTRIBUTES.values()))
        self.visible = nn.Linear(features, len(LANDMARKS))
        self.embedding = nn.Linear(features, EMBEDDING)
        self.drop = nn.Dropout(0.2)

    def forward(self, x):
        cells, pooled = self.backbone(x)
        mask = self.mask(cells)
        share = torch.sigmoid(mask.float().mean(1, keepdim=True)).flatten(2)  # what of each cell is cloth
        cloth = (cells.flatten(2).float() * share).sum(-1) / (share.sum(-1) + 1)
        features = torch.cat([self.drop(pooled.float()), cloth], -1)
        heat = self.heat(cells)
        return {
            "category": self.category(features),
            "attributes": self.attributes(features),
            "embedding": F.normalize(self.embedding(features), dim=-1),
            "mask": F.pixel_shuffle(mask, 2),
            "heat": heat,
            "points": expected(heat),
            "visible": self.visible(features),
        }


class Person(nn.Module):
    """The person net. `regions` is `[n, 3, 80, 80]`."""

    def __init__(self, plan):
        super().__init__()
        self.backbone = Backbone(**plan)
        self.regions = nn.Conv2d(DECODER, 4 * len(REGIONS), 1)
        self.heat = nn.Conv2d(DECODER, len(KEY_POINTS), 1)
        self.visible = nn.Linear(plan["pooled"], len(KEY_POINTS))

    def forward(self, x):
        cells, pooled = self.backbone(x)
        heat = self.heat(cells)
        return {"regions": F.pixel_shuffle(self.regions(cells), 2), "heat": heat, "points": expected(heat), "visible": self.visible(pooled.float())}


def build(name):
    """The net of that name in `PLANS`, with fresh weights."""
    return (Person if name == "person" else Garment)(PLANS[name])
