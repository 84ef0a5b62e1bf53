"""Writes small ONNX files with random weights and ONNX Runtime's outputs for them.

    python tests/conformance/make_fixtures.py

Needs numpy, onnx and onnxruntime. The files are this project's own; a run with the same versions gives them again.
"""

import pathlib
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

FOLDER = pathlib.Path(__file__).parent / "fixtures"
RNG = np.random.default_rng(20261124)


def weights(*shape, scale=0.3):
    return (RNG.normal(size=shape) * scale).astype(np.float32)


def save(name, nodes, inputs, outputs, constants, opset=17):
    """Writes NAME.onnx; inputs and outputs are (name, shape), or (name, shape, type) where it is not float."""
    info = lambda ports: [helper.make_tensor_value_info(n, t[0] if t else TensorProto.FLOAT, s) for n, s, *t in ports]  # noqa: E731
    initializers = [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()]
    graph = helper.make_graph(nodes, name, info(inputs), info(outputs), initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, FOLDER / f"{name}.onnx")


def reference(name, feed):
    """Writes NAME.npz with ONNX Runtime's outputs for `feed`."""
    session = onnxruntime.InferenceSession(str(FOLDER / f"{name}.onnx"), providers=["CPUExecutionProvider"])
    names = [o.name for o in session.get_outputs()]
    arrays = {f"in_{k}": v for k, v in feed.items()} | {f"out_{n}": v for n, v in zip(names, session.run(names, feed))}
    np.savez_compressed(FOLDER / f"{name}.npz", **arrays)


def node(op, inputs, outputs, **attributes):
    return helper.make_node(op, inputs, outputs, outputs[0], **attributes)


def transformer():
    """One post-norm encoder layer with symbolic batch and length, in f32 and dynamically quantized."""
    d, heads = 16, 2
    constants = {f"w{k}": weights(d, d) for k in "qkvo"} | {"up": weights(d, 32), "down": weights(32, d)}
    constants |= {"scale": np.ones(d, np.float32), "bias": weights(d), "b_up": weights(32), "root": np.float32((d // heads) ** -0.5)}
    constants |= {"split": np.array([0, 0, heads, d // heads], np.int64), "merge": np.array([0, 0, d], np.int64)}
    nodes = []
    for k, perm in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        nodes += [node("MatMul", ["x", f"w{k}"], [f"{k}0"]), node("Reshape", [f"{k}0", "split"], [f"{k}1"]),
                  node("Transpose", [f"{k}1"], [k], perm=perm)]
    nodes += [node("MatMul", ["q", "k"], ["s0"]), node("Mul", ["s0", "root"], ["s1"]), node("Softmax", ["s1"], ["p"], axis=-1),
              node("MatMul", ["p", "v"], ["m0"]), node("Transpose", ["m0"], ["m1"], perm=[0, 2, 1, 3]),
              node("Reshape", ["m1", "merge"], ["m2"]), node("MatMul", ["m2", "wo"], ["m3"]), node("Add", ["x", "m3"], ["r"]),
              node("LayerNormalization", ["r", "scale", "bias"], ["n"], axis=-1), node("MatMul", ["n", "up"], ["u0"]),
              node("Add", ["u0", "b_up"], ["u1"]), node("Erf", ["u1"], ["u2"]), node("Mul", ["u1", "u2"], ["u3"]),
              node("MatMul", ["u3", "down"], ["u4"]), node("Add", ["n", "u4"], ["y"])]
    save("transformer", nodes, [("x", ["batch", "length", d])], [("y", ["batch", "length", d])], constants)
    feed = {"x": weights(2, 5, d, scale=1)}
    reference("transformer", feed)
    quantize_dynamic(FOLDER / "transformer.onnx", FOLDER / "transformer_dynamic.onnx", per_channel=True, weight_type=QuantType.QInt8)
    reference("transformer_dynamic", feed)


class Calibration(CalibrationDataReader):
    def __init__(self, feeds):
        self.feeds = iter(feeds)

    def get_next(self):
        return next(self.feeds, None)


def cnn():
    """Convolutions with batch norm, depthwise, pools, resize; in f32, static QDQ and QOperator."""
    constants = {"w1": weights(8, 3, 3, 3), "b1": weights(8), "w2": weights(8, 1, 3, 3), "w3": weights(4, 8, 1, 1)}
    constants |= {"scale": np.abs(weights(8)) + 0.5, "bias": weights(8), "mean": weights(8), "var": np.abs(weights(8)) + 0.5}
    constants |= {"fc": weights(4, 5), "fcb": weights(5)}
    nodes = [node("Conv", ["x", "w1", "b1"], ["c1"], strides=[2, 2], auto_pad="SAME_UPPER"),
             node("BatchNormalization", ["c1", "scale", "bias", "mean", "var"], ["n1"]), node("Relu", ["n1"], ["r1"]),
             node("Conv", ["r1", "w2"], ["c2"], group=8, pads=[1, 1, 1, 1]), node("Clip", ["c2", "low", "high"], ["r2"]),
             node("MaxPool", ["r2"], ["p"], kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
             node("Conv", ["p", "w3"], ["c3"]), node("GlobalAveragePool", ["c3"], ["g"]), node("Flatten", ["g"], ["f"]),
             node("Gemm", ["f", "fc", "fcb"], ["y"])]
    constants |= {"low": np.float32(0), "high": np.float32(6)}
    save("cnn", nodes, [("x", [1, 3, 17, 14])], [("y", [1, 5])], constants)
    feeds = [{"x": weights(1, 3, 17, 14, scale=1)} for _ in range(8)]
    reference("cnn", feeds[0])
    for name, form in (("cnn_qdq", QuantFormat.QDQ), ("cnn_qoperator", QuantFormat.QOperator)):
        with tempfile.TemporaryDirectory():
            quantize_static(FOLDER / "cnn.onnx", FOLDER / f"{name}.onnx", Calibration(list(feeds)), quant_format=form,
                            per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
                            op_types_to_quantize=["Conv", "MatMul"])
        reference(name, feeds[0])


def recurrent():
    """GRU in both directions with both reset rules, and LSTM."""
    for name, reset in (("gru", 0), ("gru_linear_before_reset", 1)):
        constants = {"w": weights(2, 18, 4), "r": weights(2, 18, 6), "b": weights(2, 36)}
        nodes = [node("GRU", ["x", "w", "r", "b"], ["y", "h"], hidden_size=6, direction="bidirectional", linear_before_reset=reset)]
        save(name, nodes, [("x", [7, 2, 4])], [("y", [7, 2, 2, 6]), ("h", [2, 2, 6])], constants)
        reference(name, {"x": weights(7, 2, 4, scale=1)})
    constants = {"w": weights(1, 24, 4), "r": weights(1, 24, 6), "b": weights(1, 48)}
    nodes = [node("LSTM", ["x", "w", "r", "b", "", "h0", "c0"], ["y", "h", "c"], hidden_size=6, direction="reverse")]
    save("lstm", nodes, [("x", [5, 2, 4]), ("h0", [1, 2, 6]), ("c0", [1, 2, 6])],
         [("y", [5, 1, 2, 6]), ("h", [1, 2, 6]), ("c", [1, 2, 6])], constants)
    reference("lstm", {"x": weights(5, 2, 4, scale=1), "h0": weights(1, 2, 6), "c0": weights(1, 2, 6)})


def resize():
    """Both interpolations, by scales and by sizes, and a transposed convolution."""
    constants = {"scales": np.array([1, 1, 2, 1.5], np.float32), "sizes": np.array([1, 2, 5, 4], np.int64), "w": weights(2, 3, 3, 3)}
    nodes = [node("Resize", ["x", "", "scales"], ["a"], mode="linear"), node("Resize", ["x", "", "", "sizes"], ["b"], mode="nearest"),
             node("ConvTranspose", ["x", "w"], ["c"], strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1])]
    save("resize", nodes, [("x", [1, 2, 4, 6])], [("a", [1, 2, 8, 9]), ("b", [1, 2, 5, 4]), ("c", [1, 3, 8, 12])], constants)
    reference("resize", {"x": weights(1, 2, 4, 6, scale=1)})


def scan():
    """Running sums along the second axis by a control-flow operator, which no plan has: for the fallback."""
    info = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)  # noqa: E731
    step = helper.make_graph([node("Add", ["sum", "x"], ["next"]), node("Identity", ["next"], ["part"])], "step",
                             [info("sum", [2]), info("x", [2])], [info("next", [2]), info("part", [2])])
    nodes = [node("Scan", ["zero", "x"], ["total", "sums"], body=step, num_scan_inputs=1, scan_input_axes=[1], scan_output_axes=[1])]
    save("scan", nodes, [("x", [2, 3])], [("sums", [2, 3])], {"zero": np.zeros(2, np.float32)})
    reference("scan", {"x": np.arange(6, dtype=np.float32).reshape(2, 3)})


def element_types():
    """Inputs and outputs of every kind that a plan has in fewer types, with a symbolic extent that two inputs share."""
    nodes = [node("Where", ["keep", "ids", "none"], ["kept"]), node("Not", ["keep"], ["dropped"]),
             node("Relu", ["half"], ["positive"]), node("Neg", ["wide"], ["negative"])]
    save("element_types", nodes,
         [("ids", ["n", 3], TensorProto.INT64), ("keep", ["n", 3], TensorProto.BOOL),
          ("half", [4], TensorProto.FLOAT16), ("wide", [2], TensorProto.DOUBLE)],
         [("kept", ["n", 3], TensorProto.INT64), ("dropped", ["n", 3], TensorProto.BOOL),
          ("positive", [4], TensorProto.FLOAT16), ("negative", [2], TensorProto.DOUBLE)],
         {"none": np.array(-1, np.int64)})
    reference("element_types", {"ids": np.arange(6, dtype=np.int64).reshape(2, 3), "keep": np.eye(2, 3, dtype=bool),
                                "half": np.array([-1, 0.5, 0.1, 3], np.float16), "wide": np.array([0.5, -2.0])})


def shape_input():
    """A shape that is an input: what the compiler has to know."""
    save("shape_input", [node("Reshape", ["x", "shape"], ["y"])],
         [("x", ["n", 3]), ("shape", [2], TensorProto.INT64)], [("y", ["rows", "columns"])], {})
    reference("shape_input", {"x": np.arange(6, dtype=np.float32).reshape(2, 3), "shape": np.array([3, -1])})


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for make in (transformer, cnn, recurrent, resize, scan, element_types, shape_input):
        make()
    print(f"{len(list(FOLDER.glob('*.onnx')))} models in {FOLDER.name}")
