"""Writes small ONNX files with open dimensions, and ONNX Runtime's outputs at several extents of each.

    python tests/conformance/make_open_fixtures.py

Needs what make_fixtures.py needs. NAME.0.npz, NAME.1.npz … hold one binding each.
"""

import numpy as np
import onnxruntime
from make_fixtures import FOLDER, node, save
from onnx import TensorProto, numpy_helper

RNG = np.random.default_rng(20261125)


def weights(*shape, scale=0.3):
    return (RNG.normal(size=shape) * scale).astype(np.float32)


def references(name, feeds):
    """Writes NAME.0.npz and on: ONNX Runtime's outputs for each of `feeds`."""
    session = onnxruntime.InferenceSession(str(FOLDER / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    for number, feed in enumerate(feeds):
        arrays = {f"in_{k}": v for k, v in feed.items()} | {f"out_{n}": v for n, v in zip(names, session.run(names, feed))}
        np.savez_compressed(FOLDER / f"{name}.{number}.npz", **arrays)


def encoder():
    """Token and position tables, a padding mask and a causal one, attention, the mean over time and the last token:
    all that exporters compute from the shape of a text."""
    d, heads, vocabulary, longest = 16, 2, 11, 24
    i64 = lambda *v: np.array(v, np.int64)  # noqa: E731
    constants = {f"w{k}": weights(d, d) for k in "qkvo"} | {"tokens": weights(vocabulary, d), "places": weights(longest, d)}
    constants |= {"scale": np.ones(d, np.float32), "bias": weights(d), "root": np.float32((d // heads) ** -0.5)}
    constants |= {"split": i64(0, 0, heads, d // heads), "zero": i64(0), "one": i64(1), "1d": np.int64(1), "0d": np.int64(0),
                  "one_f": np.float32(1), "low": np.float32(-1e4), "minus": i64(-1), "d": i64(d), "both": i64(1, 2)}
    nodes = [node("Shape", ["ids"], ["shape"]), node("Gather", ["shape", "0d"], ["batch"], axis=0),
             node("Gather", ["shape", "1d"], ["length"], axis=0),
             node("Gather", ["tokens", "ids"], ["e0"]), node("Range", ["0d", "length", "1d"], ["range"]),
             node("Gather", ["places", "range"], ["e1"]), node("Add", ["e0", "e1"], ["x"])]
    # (1 − mask) · −10000 for [batch, 1, 1, length], and what lies ahead for [length, length].
    nodes += [node("Unsqueeze", ["mask", "both"], ["m0"]), node("Cast", ["m0"], ["m1"], to=TensorProto.FLOAT),
              node("Sub", ["one_f", "m1"], ["m2"]), node("Mul", ["m2", "low"], ["m3"]),
              node("Unsqueeze", ["length", "zero"], ["len"]), node("Unsqueeze", ["batch", "zero"], ["bat"]),
              node("Concat", ["len", "len"], ["square"], axis=0),
              node("ConstantOfShape", ["square"], ["full"], value=numpy_helper.from_array(np.array([-1e4], np.float32))),
              node("Trilu", ["full", "1d"], ["ahead"], upper=1), node("Add", ["m3", "ahead"], ["hidden"])]
    for k, perm in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        nodes += [node("MatMul", ["x", f"w{k}"], [f"{k}0"]), node("Reshape", [f"{k}0", "split"], [f"{k}1"]),
                  node("Transpose", [f"{k}1"], [k], perm=perm)]
    nodes += [node("MatMul", ["q", "k"], ["s0"]), node("Mul", ["s0", "root"], ["s1"]), node("Add", ["s1", "hidden"], ["s2"]),
              node("Softmax", ["s2"], ["p"], axis=-1), node("MatMul", ["p", "v"], ["a0"]),
              node("Transpose", ["a0"], ["a1"], perm=[0, 2, 1, 3]),
              node("Concat", ["bat", "len", "d"], ["merged"], axis=0), node("Reshape", ["a1", "merged"], ["a2"]),
              node("MatMul", ["a2", "wo"], ["a3"]), node("Add", ["x", "a3"], ["r"]),
              node("LayerNormalization", ["r", "scale", "bias"], ["y"], axis=-1)]
    # The mean as a sum over a float of the length, and the token at length − 1.
    nodes += [node("ReduceSum", ["y", "one"], ["sum"], keepdims=0), node("Cast", ["length"], ["count"], to=TensorProto.FLOAT),
              node("Div", ["sum", "count"], ["mean"]), node("Sub", ["length", "1d"], ["at"]),
              node("Gather", ["y", "at"], ["last"], axis=1)]
    # All tokens of all texts below each other.
    nodes += [node("Concat", ["minus", "d"], ["flat"], axis=0), node("Reshape", ["y", "flat"], ["rows"])]
    text = ["batch", "length"]
    save("open_encoder", nodes, [("ids", text, TensorProto.INT64), ("mask", text, TensorProto.INT64)],
         [("y", [*text, d]), ("mean", ["batch", d]), ("last", ["batch", d]), ("rows", ["rows", d])], constants)
    feeds = []
    for batch, length in ((1, 1), (3, 7), (2, 24)):
        mask = (np.arange(length) <= RNG.integers(0, length, (batch, 1))).astype(np.int64)
        feeds.append({"ids": RNG.integers(0, vocabulary, (batch, length)), "mask": mask})
    references("open_encoder", feeds)


def segmenter():
    """A small U: two strided convolutions, a branch over the whole image, resizing to another map's and the image's
    extents, and attention over all pixels of the smallest map with a token in front."""
    i64 = lambda *v: np.array(v, np.int64)  # noqa: E731
    constants = {"w1": weights(6, 3, 3, 3), "w2": weights(8, 6, 3, 3), "wg": weights(8, 8, 1, 1), "w3": weights(4, 14, 3, 3),
                 "class": weights(1, 8, 1), "to": i64(2), "from": i64(0), "end": i64(4), "head": i64(1, 8, -1), "one": i64(1),
                 "last": i64(1 << 40), "axis": i64(2)}
    shape_of = lambda value, name: [  # noqa: E731
        node("Shape", [value], [f"{name}_0"]), node("Slice", [f"{name}_0", "to", "end", "from"], [name])]
    nodes = [node("Conv", ["x", "w1"], ["c1"], strides=[2, 2], pads=[1, 1, 1, 1]), node("Relu", ["c1"], ["r1"]),
             node("Conv", ["r1", "w2"], ["c2"], strides=[2, 2], pads=[1, 1, 1, 1]), node("Relu", ["c2"], ["r2"]),
             node("GlobalAveragePool", ["r2"], ["g0"]), node("Conv", ["g0", "wg"], ["g1"]),
             node("Shape", ["r2"], ["whole"]), node("Expand", ["g1", "whole"], ["g2"]), node("Add", ["r2", "g2"], ["s"]),
             *shape_of("r1", "size1"), node("Slice", ["whole", "from", "to", "from"], ["first"]),
             node("Concat", ["first", "size1"], ["sizes1"], axis=0),
             node("Resize", ["s", "", "", "sizes1"], ["up"], mode="linear", coordinate_transformation_mode="half_pixel"),
             node("Concat", ["up", "r1"], ["both"], axis=1), node("Conv", ["both", "w3"], ["c3"], pads=[1, 1, 1, 1]),
             *shape_of("x", "size0"), node("Shape", ["c3"], ["c3s"]), node("Slice", ["c3s", "from", "to", "from"], ["first3"]),
             node("Concat", ["first3", "size0"], ["sizes0"], axis=0),
             node("Resize", ["c3", "", "", "sizes0"], ["mask"], mode="nearest", nearest_mode="floor",
                  coordinate_transformation_mode="asymmetric"),
             node("Reshape", ["s", "head"], ["pixels"]), node("Concat", ["class", "pixels"], ["sequence"], axis=2),
             node("Transpose", ["sequence"], ["turned"], perm=[0, 2, 1]), node("MatMul", ["turned", "sequence"], ["scores"]),
             node("Softmax", ["scores"], ["attention"], axis=-1), node("MatMul", ["sequence", "attention"], ["mixed"]),
             node("Slice", ["mixed", "one", "last", "axis"], ["behind"]), node("Reshape", ["behind", "whole"], ["features"])]
    save("open_segmenter", nodes, [("x", [1, 3, "height", "width"])],
         [("mask", [1, 4, "height", "width"]), ("features", [1, 8, "rows", "columns"])], constants)
    references("open_segmenter", [{"x": weights(1, 3, h, w, scale=1)} for h, w in ((16, 16), (31, 22), (48, 33))])


def stream():
    """GRU in both directions and LSTM over an open time and batch, states of zeros, every second step of the result."""
    i64 = lambda *v: np.array(v, np.int64)  # noqa: E731
    constants = {"w": weights(2, 18, 4), "r": weights(2, 18, 6), "b": weights(2, 36), "w2": weights(1, 24, 12), "r2": weights(1, 24, 6),
                 "b2": weights(1, 48), "zero": i64(0), "one": i64(1), "six": i64(6), "flat": i64(0, 0, -1), "two": i64(2),
                 "end": i64(1 << 40)}
    nodes = [node("GRU", ["x", "w", "r", "b"], ["g", "gh"], hidden_size=6, direction="bidirectional"),
             node("Transpose", ["g"], ["g1"], perm=[0, 2, 1, 3]), node("Reshape", ["g1", "flat"], ["g2"]),
             node("Shape", ["x"], ["shape"]), node("Gather", ["shape", "one"], ["batch"], axis=0),
             node("Concat", ["one", "batch", "six"], ["state"], axis=0), node("ConstantOfShape", ["state"], ["h0"]),
             node("LSTM", ["g2", "w2", "r2", "b2", "", "h0", "h0"], ["l", "h", "c"], hidden_size=6, direction="reverse"),
             node("Squeeze", ["l", "one"], ["y"]), node("Slice", ["y", "zero", "end", "zero", "two"], ["half"])]
    save("open_stream", nodes, [("x", ["time", "batch", 4])],
         [("y", ["time", "batch", 6]), ("half", ["half", "batch", 6]), ("h", [1, "batch", 6]), ("c", [1, "batch", 6])], constants)
    references("open_stream", [{"x": weights(t, n, 4, scale=1)} for t, n in ((1, 1), (9, 2), (16, 3))])


if __name__ == "__main__":
    for make in (encoder, segmenter, stream):
        make()
