"""The nets as ONNX graphs, node by node, and their static quantization.

Batch norms are folded into the convolutions. Convolutions, sums and enlargements of the backbone run in int8; the heads,
a hundredth of the work, stay f32, so that coordinates, logits and embeddings aren't rounded twice.
"""

import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from export import OPSET, PRODUCER, annotate

from .picture import SIZE

CELLS = SIZE // 4  # a side of the decoder's map


class _Graph:
    """A graph under construction. `weights` are a net's, as NumPy arrays by their names in it."""

    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def constant(self, name, value):
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], output, **attributes))
        return output

    def convolution(self, x, weight, bias, name, stride=1):
        """`weight` OIHW, padded so that stride 1 keeps the extent."""
        pad = weight.shape[2] // 2
        w, b = self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)
        return self.node("Conv", [x, w, b], f"{name}.out", strides=[stride, stride], pads=[pad] * 4, kernel_shape=list(weight.shape[2:]))

    def conv(self, x, name, stride=1, relu=True):
        """`network.Conv`: the batch norm goes into the convolution's weights."""
        get = lambda part: self.weights[f"{name}.{part}"]  # noqa: E731
        gain = get("norm.weight") / np.sqrt(get("norm.running_var") + 1e-5)
        x = self.convolution(x, get("conv.weight") * gain[:, None, None, None], get("norm.bias") - get("norm.running_mean") * gain, name, stride)
        return self.node("Relu", [x], f"{name}.relu") if relu else x

    def head(self, x, name):
        """A 1×1 convolution with bias, in f32."""
        return self.convolution(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], name)

    def linear(self, x, name, output=None):
        """`[1, n]` times a matrix plus a bias."""
        w, b = self.constant(f"{name}.weight", self.weights[f"{name}.weight"].T), self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("Gemm", [x, w, b], output or f"{name}.out")

    def shape(self, name, extents):
        return self.constant(f"{name}.shape", np.array(extents, np.int64))

    def axes(self, name, numbers):
        return self.constant(f"{name}.axes", np.array(numbers, np.int64))


def _backbone(g, plan):
    """Returns the decoder's cells `[1, DECODER, CELLS, CELLS]` and the pooled features `[1, pooled]`."""
    x = g.conv(g.conv("image", "backbone.stem", 2), "backbone.down", 2)
    maps, inputs = [], plan["channels"][0]
    for number, (outputs, count) in enumerate(zip(plan["channels"], plan["blocks"], strict=True)):
        for block in range(count):
            name, stride = f"backbone.stages.{number}.{block}", 2 if block == 0 and number else 1
            y = g.conv(g.conv(x, f"{name}.first", stride), f"{name}.second", relu=False)
            short = g.conv(x, f"{name}.short", stride, relu=False) if stride != 1 or inputs != outputs else x
            x, inputs = g.node("Relu", [g.node("Add", [y, short], f"{name}.sum")], f"{name}.out"), outputs
        maps.append(x)
    pooled = g.node("GlobalAveragePool", [g.conv(x, "backbone.last")], "pooled.map")
    pooled = g.node("Reshape", [pooled, g.shape("pooled", [1, plan["pooled"]])], "pooled")
    cells = g.conv(maps[3], "backbone.lateral.3", relu=False)
    double = g.constant("double", np.array([1, 1, 2, 2], np.float32))
    for level in (2, 1, 0):
        # `asymmetric` with `floor` is what "nearest" means in PyTorch.
        up = g.node("Resize", [cells, "", double], f"up.{level}", mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
        cells = g.node("Add", [up, g.conv(maps[level], f"backbone.lateral.{level}", relu=False)], f"joined.{level}")
        cells = g.conv(g.node("Relu", [cells], f"joined.{level}.relu"), f"backbone.smooth.{level}")
    return cells, pooled


def _points(g, cells, visible, points, output):
    """Soft arg-max of the heat maps beside the visibility logits: `[1, points, 3]`."""
    flat = g.node("Reshape", [g.head(cells, "heat"), g.shape("heat", [1, points, CELLS * CELLS])], "heat.flat")
    centres = (np.arange(CELLS, dtype=np.float32) + 0.5) / CELLS
    grid = g.constant("heat.grid", np.stack([np.tile(centres, CELLS), np.repeat(centres, CELLS)], 1))
    at = g.node("MatMul", [g.node("Softmax", [flat], "heat.share", axis=-1), grid], "heat.points")
    seen = g.node("Reshape", [visible, g.shape("visible", [1, points, 1])], "visible.column")
    g.node("Concat", [at, seen], output, axis=2)


def _garment(g, plan):
    cells, pooled = _backbone(g, plan)
    channels = g.weights["mask.weight"].shape[1]
    folded = g.head(cells, "mask")
    g.node("DepthToSpace", [folded], "mask", blocksize=2, mode="CRD")
    share = g.node("Sigmoid", [g.node("ReduceMean", [folded], "cloth.logit", axes=[1], keepdims=1)], "cloth.share")
    column = g.node("Reshape", [share, g.shape("cloth.column", [1, CELLS * CELLS, 1])], "cloth.column")
    rows = g.node("Reshape", [cells, g.shape("cloth.rows", [1, channels, CELLS * CELLS])], "cloth.rows")
    total = g.node("ReduceSum", [column, g.axes("cloth.total", [1])], "cloth.total", keepdims=1)
    total = g.node("Add", [total, g.constant("one", np.float32(1))], "cloth.total.safe")
    cloth = g.node("Div", [g.node("MatMul", [rows, column], "cloth.sum"), total], "cloth.mean")
    cloth = g.node("Reshape", [cloth, g.shape("cloth", [1, channels])], "cloth")
    features = g.node("Concat", [pooled, cloth], "features", axis=1)
    g.linear(features, "category", "category")
    g.linear(features, "attributes", "attributes")
    raw = g.linear(features, "embedding", "embedding.raw")
    norm = g.node("ReduceL2", [raw], "embedding.norm", axes=[1], keepdims=1)
    g.node("Div", [raw, g.node("Max", [norm, g.constant("tiny", np.float32(1e-12))], "embedding.norm.safe")], "embedding")
    points = g.weights["visible.bias"].shape[0]
    _points(g, cells, g.linear(features, "visible"), points, "landmarks")
    of = lambda name: g.weights[f"{name}.bias"].shape[0]  # noqa: E731
    return {
        "category": [1, of("category")],
        "attributes": [1, of("attributes")],
        "embedding": [1, of("embedding")],
        "mask": [1, 1, CELLS * 2, CELLS * 2],
        "landmarks": [1, points, 3],
    }


def _person(g, plan):
    cells, pooled = _backbone(g, plan)
    g.node("DepthToSpace", [g.head(cells, "regions")], "regions", blocksize=2, mode="CRD")
    points = g.weights["visible.bias"].shape[0]
    _points(g, cells, g.linear(pooled, "visible"), points, "key_points")
    return {"regions": [1, g.weights["regions.bias"].shape[0] // 4, CELLS * 2, CELLS * 2], "key_points": [1, points, 3]}


def write(name, plan, weights, path, notes):
    """The net `name` (garment or person) in f32. `weights`: NumPy arrays by their names in the net."""
    g = _Graph(weights)
    outputs = (_person if name == "person" else _garment)(g, plan)
    graph = helper.make_graph(
        g.nodes,
        name,
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, SIZE, SIZE])],
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, v) for k, v in outputs.items()],
        list(g.constants.values()),
    )
    model = helper.make_model(graph, producer_name=PRODUCER, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    annotate(model, notes)
    onnx.checker.check_model(model, full_check=True)
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)


class _Pictures(CalibrationDataReader):
    def __init__(self, pictures):
        self._left = iter(pictures)

    def get_next(self):
        picture = next(self._left, None)
        return None if picture is None else {"image": picture}


HEADS = {"mask.out", "regions.out", "heat.out"}


def quantize(plain, path, pictures, notes):
    """The graph at `plain` in int8: weights a channel, activations by their range over `pictures` (f32 `[1, 3, s, s]` each)."""
    nodes = [
        n.name
        for n in onnx.load(plain).graph.node
        if n.op_type in ("Conv", "Add", "Resize", "Relu") and n.name not in HEADS and n.name != "cloth.total.safe"
    ]
    quantize_static(
        plain,
        path,
        _Pictures(pictures),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        nodes_to_quantize=nodes,
        op_types_to_quantize=["Conv", "Add", "Resize", "Relu"],
        extra_options={"CalibMovingAverage": True, "CalibMovingAverageConstant": 0.02},
    )
    model = onnx.load(path)
    annotate(model, notes)
    onnx.save(model, path)
