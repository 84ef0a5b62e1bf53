"""Writes the models as ONNX graphs, node by node, and quantizes them to int8.

Each file keeps how it was made (`notes`: seed, steps, fingerprint of settings and data, library versions) in its
metadata, so that the evaluation has it from the file itself.
"""

import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from subwords import MAX_TOKENS

OPSET = 17
PRODUCER = "nearshelf"


def annotate(model, notes):
    """Replaces the model's metadata by `notes` and the versions of the libraries that made it."""
    versions = {"numpy": np.__version__, "onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__}
    helper.set_model_props(model, {key: str(value) for key, value in {**notes, **versions}.items()})


def save(graph, path, notes):
    model = helper.make_model(graph, producer_name=PRODUCER, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    annotate(model, notes)
    onnx.checker.check_model(model, full_check=True)
    pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
    onnx.save(model, path)
    return path


def quantize_table(table):
    """`[rows, dim]` f32 to int8 and one scale; row 0, the padding, stays zero."""
    scale = np.float32(np.abs(table).max() / 127)
    return np.clip(np.rint(table / scale), -127, 127).astype(np.int8), scale


def item_text(table, path, notes, quantized=True):
    """`token_ids` i64 [1, 128] → `embedding` f32 [1, 64], L2-normalised; all padding gives zeros."""
    dim = table.shape[1]
    if quantized:
        q8, scale = quantize_table(table)
        weights = [numpy_helper.from_array(q8, "table"), numpy_helper.from_array(scale, "scale"),
                   numpy_helper.from_array(np.int8(0), "zero")]
        nodes = [helper.make_node("Gather", ["table", "token_ids"], ["rows_q8"], "gather"),
                 helper.make_node("DequantizeLinear", ["rows_q8", "scale", "zero"], ["rows"], "dequantize")]
    else:
        weights = [numpy_helper.from_array(table, "table")]
        nodes = [helper.make_node("Gather", ["table", "token_ids"], ["rows"], "gather")]
    weights += [numpy_helper.from_array(np.array([1], np.int64), "tokens_axis"),
                numpy_helper.from_array(np.array([1], np.int64), "dim_axis"),
                numpy_helper.from_array(np.float32(1e-12), "tiny")]
    nodes += [
        helper.make_node("ReduceSum", ["rows", "tokens_axis"], ["sum"], "pool", keepdims=0),
        helper.make_node("Mul", ["sum", "sum"], ["squares"], "squares"),
        helper.make_node("ReduceSum", ["squares", "dim_axis"], ["norm2"], "norm2", keepdims=1),
        helper.make_node("Max", ["norm2", "tiny"], ["norm2_safe"], "norm2_safe"),
        helper.make_node("Sqrt", ["norm2_safe"], ["norm"], "norm"),
        helper.make_node("Div", ["sum", "norm"], ["embedding"], "normalise"),
    ]
    ids = helper.make_tensor_value_info("token_ids", TensorProto.INT64, [1, MAX_TOKENS])
    out = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, dim])
    return save(helper.make_graph(nodes, "item-text", [ids], [out], weights), path, notes)


class Graph:
    """A graph under construction: constants and nodes with made-up names."""

    def __init__(self):
        self.nodes, self.weights = [], []

    def constant(self, name, value):
        self.weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def node(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output], output, **attributes))
        return output

    def linear(self, x, weights, name):
        """`x · W + b`; torch keeps W transposed."""
        w = self.constant(f"{name}.weight", np.ascontiguousarray(weights[f"{name}.weight"].T))
        b = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.node("Add", [self.node("MatMul", [x, w], f"{name}.product"), b], f"{name}.out")

    def norm(self, x, weights, name):
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.node("LayerNormalization", [x, scale, bias], f"{name}.out", axis=-1, epsilon=1e-5)

    def unit(self, x, name):
        """`x` [1, dim] at unit length; zeros stay zeros. The output is `name`."""
        axis = self.constant(f"{name}.axis", np.array([1], np.int64))
        norm2 = self.node("ReduceSum", [self.node("Mul", [x, x], f"{name}.squares"), axis], f"{name}.norm2", keepdims=1)
        safe = self.node("Max", [norm2, self.constant(f"{name}.tiny", np.float32(1e-12))], f"{name}.safe")
        return self.node("Div", [x, self.node("Sqrt", [safe], f"{name}.norm")], name)

    def embedded(self, x, weights):
        """`x` [1, T, dim] with its actions and places."""
        actions = self.constant("actions.weight", weights["actions.weight"])
        x = self.node("Add", [x, self.node("Gather", [actions, "actions"], "actions.rows")], "with_actions")
        return self.node("Add", [x, self.constant("positions", weights["positions"][None])], "with_positions")

    def by_action(self, config, padding, other, name):
        """`[1, 1, 1, T]`: one number where there is padding, another elsewhere."""
        empty = self.node("Equal", ["actions", self.constant("padding", np.array(0, np.int64))], "is_padding")
        chosen = [empty, self.constant(f"{name}.padding", np.float32(padding)), self.constant(f"{name}.other", np.float32(other))]
        shape = self.constant(f"{name}.shape", np.array([1, 1, 1, config["length"]], np.int64))
        return self.node("Reshape", [self.node("Where", chosen, name), shape], f"{name}.rows")

    def in_heads(self, x, config, part, name):
        """`x` [1, T, dim] as heads: a `key` [1, heads, dim / heads, T], other parts [1, heads, T, dim / heads]."""
        shape = [1, config["length"], config["heads"], config["dim"] // config["heads"]]
        x = self.node("Reshape", [x, self.constant(f"{name}.{part}.shape", np.array(shape, np.int64))], f"{name}.{part}.split")
        return self.node("Transpose", [x], f"{name}.{part}.heads", perm=[0, 2, 3, 1] if part == "key" else [0, 2, 1, 3])

    def out_of_heads(self, x, config, name):
        """The other way round: [1, heads, T, dim / heads] to [1, T, dim]."""
        shape = self.constant(f"{name}.merge", np.array([1, config["length"], config["dim"]], np.int64))
        return self.node("Reshape", [self.node("Transpose", [x], f"{name}.tokens", perm=[0, 2, 1, 3]), shape], f"{name}.merged")

    def attended(self, x, weights, config):
        """`(x, bias)`: `x` [1, T, dim] after actions, places and `config["layers"]` of `network.Block`.

        `bias` [1, 1, 1, T] is a large negative number where there is padding.
        """
        x = self.embedded(x, weights)
        bias = self.by_action(config, -1e9, 0, "mask")
        scale = self.constant("attention.scale", np.float32((config["dim"] // config["heads"]) ** -0.5))
        for layer in range(config["layers"]):
            name = f"blocks.{layer}"
            normed = self.norm(x, weights, f"{name}.norm1")
            parts = {part: self.in_heads(self.linear(normed, weights, f"{name}.{part}"), config, part, name) for part in ("query", "key", "value")}
            scores = self.node("MatMul", [parts["query"], parts["key"]], f"{name}.scores")
            scores = self.node("Add", [self.node("Mul", [scores, scale], f"{name}.scaled"), bias], f"{name}.masked")
            share = self.node("Softmax", [scores], f"{name}.attention", axis=-1)
            mixed = self.out_of_heads(self.node("MatMul", [share, parts["value"]], f"{name}.mixed"), config, name)
            x = self.node("Add", [x, self.linear(mixed, weights, f"{name}.mix")], f"{name}.residual1")
            inner = self.linear(self.norm(x, weights, f"{name}.norm2"), weights, f"{name}.up")
            inner = self.linear(self.node("Relu", [inner], f"{name}.relu"), weights, f"{name}.down")
            x = self.node("Add", [x, inner], f"{name}.residual2")
        return x, bias

    def silu(self, x, name):
        return self.node("Mul", [x, self.node("Sigmoid", [x], f"{name}.sigmoid")], f"{name}.silu")

    def gated(self, x, weights, config):
        """`x` [1, T, dim] after actions, places and `config["layers"]` of `encoders.GatedBlock`."""
        x, length = self.embedded(x, weights), config["length"]
        real = self.by_action(config, 0, 1, "real")
        seen = self.node("ReduceSum", [real, self.constant("real.axis", np.array([3], np.int64))], "real.sum", keepdims=1)
        share = self.node("Div", [real, self.node("Max", [seen, self.constant("one", np.float32(1))], "real.seen")], "share")
        place = np.arange(length)
        apart = place[:, None] - place[None, :] + length - 1
        for layer in range(config["layers"]):
            name = f"blocks.{layer}"
            normed = self.norm(x, weights, f"{name}.norm1")
            parts = {part: self.silu(self.linear(normed, weights, f"{name}.{part}"), f"{name}.{part}") for part in ("query", "key", "value", "gate")}
            query, key, value = (self.in_heads(parts[part], config, part, name) for part in ("query", "key", "value"))
            bias = self.constant(f"{name}.apart", np.ascontiguousarray(weights[f"{name}.apart"][:, apart][None]))
            scores = self.silu(self.node("Add", [self.node("MatMul", [query, key], f"{name}.scores"), bias], f"{name}.placed"), f"{name}.scores")
            mixed = self.node("MatMul", [self.node("Mul", [scores, share], f"{name}.shared"), value], f"{name}.mixed")
            mixed = self.norm(self.out_of_heads(mixed, config, name), weights, f"{name}.norm2")
            mixed = self.node("Mul", [mixed, parts["gate"]], f"{name}.gated")
            x = self.node("Add", [x, self.linear(mixed, weights, f"{name}.mix")], f"{name}.residual")
        return x

    def newest(self, x, config):
        """`[1, dim]`: the last row of `x` [1, T, dim]."""
        shape = lambda name, value: self.constant(name, np.array(value, np.int64))  # noqa: E731
        last = [x, shape("last.from", [config["length"] - 1]), shape("last.to", [config["length"]]), shape("last.axis", [1])]
        return self.node("Reshape", [self.node("Slice", last, "last"), shape("last.shape", [1, config["dim"]])], "newest")

    def saved(self, name, config, path, notes):
        """Writes the graph from `items` f32 [1, T, dim] and `actions` i64 [1, T] to `query` f32 [1, dim]."""
        dim, length = config["dim"], config["length"]
        inputs = [helper.make_tensor_value_info("items", TensorProto.FLOAT, [1, length, dim]),
                  helper.make_tensor_value_info("actions", TensorProto.INT64, [1, length])]
        output = helper.make_tensor_value_info("query", TensorProto.FLOAT, [1, dim])
        return save(helper.make_graph(self.nodes, name, inputs, [output], self.weights), path, notes)


def for_you(weights, config, path, notes):
    """`items` f32 [1, T, dim], `actions` i64 [1, T] → `query` f32 [1, dim], L2-normalised. f32 weights."""
    g, length = Graph(), config["length"]
    shape = lambda name, value: g.constant(name, np.array(value, np.int64))  # noqa: E731
    x, bias = g.attended(g.linear("items", weights, "inputs"), weights, config)
    normed = g.norm(x, weights, "norm")
    # Each item's share of the query: what the encoder says, how new it is, nothing for padding.
    shares = g.node("Reshape", [g.linear(normed, weights, "share"), shape("share.shape", [1, length])], "share.rows")
    shares = g.node("Add", [shares, g.constant("recency", weights["recency"][None])], "share.recent")
    shares = g.node("Add", [shares, g.node("Reshape", [bias, shape("flat", [1, length])], "mask.flat")], "share.masked")
    shares = g.node("Reshape", [g.node("Softmax", [shares], "shares", axis=-1), shape("column", [1, length, 1])], "shares.column")
    seen = g.node("ReduceSum", [g.node("Mul", [shares, "items"], "seen.items"), shape("time", [1])], "seen.sum", keepdims=0)
    newest = g.newest(normed, config)
    move = g.unit(g.linear(newest, weights, "outputs"), "move")
    move = g.node("Mul", [move, g.node("Sigmoid", [g.linear(newest, weights, "gate")], "gate.share")], "move.gated")
    g.unit(g.node("Add", [g.unit(seen, "seen"), move], "moved"), "query")
    return g.saved("for-you", config, path, notes)


def encoder(weights, config, path, notes):
    """The same ports over a shop's own item vectors; `query` is not normalised. f32 weights.

    `config["encoder"]` is `sasrec` (`encoders.SelfAttention`) or `hstu` (`encoders.Gated`).
    """
    g = Graph()
    x = g.gated("items", weights, config) if config["encoder"] == "hstu" else g.attended("items", weights, config)[0]
    # Only the newest place is asked; the norm works row by row.
    scale, bias = g.constant("norm.weight", weights["norm.weight"]), g.constant("norm.bias", weights["norm.bias"])
    g.node("LayerNormalization", [g.newest(x, config), scale, bias], "query", axis=-1, epsilon=1e-5)
    return g.saved("encoder", config, path, notes)


def products_q8(plain, path, notes):
    """The graph at `plain` with every product against weights in int8, activations quantized as they come."""
    quantize_dynamic(plain, path, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
                     extra_options={"MatMulConstBOnly": True})
    model = onnx.load(path)
    annotate(model, notes)
    onnx.save(model, path)
    return path
