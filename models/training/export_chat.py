"""Writes the chat encoder as an ONNX graph, node by node."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

import export
from chat_network import POOLS
from units import MAX_SUBWORDS

LENGTH = "units"  # the open dimension: how many units the text has


def encoder(weights, heads, path, notes):
    """`ids` i64 [1, units, 20] → `embedding` f32 [1, dim], L2-normalised. Table in int8, products in f32."""
    g = export.Graph()
    shape = lambda name, value: g.constant(name, np.array(value, np.int64))  # noqa: E731
    dim = weights["positions"].shape[1]
    table = weights["table"].copy()
    table[0] = 0  # padding
    q8, scale = export.quantize_table(table)
    g.weights += [numpy_helper.from_array(q8, "table"), numpy_helper.from_array(scale, "scale"), numpy_helper.from_array(np.int8(0), "zero")]
    rows = g.node("DequantizeLinear", [g.node("Gather", ["table", "ids"], "rows_q8"), "scale", "zero"], "rows")
    bags = g.node("ReduceSum", [rows, shape("subwords", [2])], "bags", keepdims=0)
    words = g.norm(g.linear(bags, weights, "inputs"), weights, "norm_in")
    count = g.node("Slice", [g.node("Shape", ["ids"], "shape"), shape("one", [1]), shape("two", [2]), shape("first", [0])], "count")
    positions = g.constant("positions", weights["positions"][None])
    positions = g.node("Slice", [positions, shape("from", [0]), count, shape("time", [1])], "places")
    x = g.node("Add", [words, positions], "placed")
    split, merge = shape("split", [1, -1, heads, dim // heads]), shape("merge", [1, -1, dim])
    scale = g.constant("attention.scale", np.float32((dim // heads) ** -0.5))
    layers = sum(name.endswith("query.weight") for name in weights)
    for layer in range(layers):
        name = f"blocks.{layer}"
        normed = g.norm(x, weights, f"{name}.norm1")
        parts = {}
        for part, perm in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3])):
            out = g.node("Reshape", [g.linear(normed, weights, f"{name}.{part}"), split], f"{name}.{part}.split")
            parts[part] = g.node("Transpose", [out], f"{name}.{part}.heads", perm=perm)
        scores = g.node("Mul", [g.node("MatMul", [parts["query"], parts["key"]], f"{name}.scores"), scale], f"{name}.scaled")
        share = g.node("Softmax", [scores], f"{name}.attention", axis=-1)
        mixed = g.node("MatMul", [share, parts["value"]], f"{name}.mixed")
        mixed = g.node("Reshape", [g.node("Transpose", [mixed], f"{name}.tokens", perm=[0, 2, 1, 3]), merge], f"{name}.merged")
        x = g.node("Add", [x, g.linear(mixed, weights, f"{name}.mix")], f"{name}.residual1")
        inner = g.node("Relu", [g.linear(g.norm(x, weights, f"{name}.norm2"), weights, f"{name}.up")], f"{name}.relu")
        x = g.node("Add", [x, g.linear(inner, weights, f"{name}.down")], f"{name}.residual2")
    states = g.norm(x, weights, "norm")
    # Each quarter of the states is pooled with shares of its own.
    shares = g.node("Softmax", [g.linear(states, weights, "pools")], "shares", axis=1)
    shares = g.node("Reshape", [shares, shape("shares.shape", [1, -1, POOLS, 1])], "shares.column")
    quarters = g.node("Reshape", [states, shape("quarters.shape", [1, -1, POOLS, dim // POOLS])], "quarters")
    pooled = g.node("ReduceSum", [g.node("Mul", [quarters, shares], "shared"), "time"], "pooled", keepdims=0)
    pooled = g.node("Reshape", [pooled, shape("flat", [1, dim])], "pooled.flat")
    mean = g.node("ReduceMean", [words], "mean", axes=[1], keepdims=0)
    both = g.node("Concat", [pooled, mean], "both", axis=-1)
    g.unit(g.linear(both, weights, "outputs"), "embedding")
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, LENGTH, MAX_SUBWORDS])
    out = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, dim])
    return export.save(helper.make_graph(g.nodes, "chat-encoder", [ids], [out], g.weights), path, notes)
