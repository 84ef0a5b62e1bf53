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


def reference(name, feed, optimise=True, **settings):
    """Writes NAME.npz with ONNX Runtime's outputs for `feed`; `settings` are entries of its session's configuration."""
    options = onnxruntime.SessionOptions()
    for key, value in settings.items():
        options.add_session_config_entry(f"session.{key}", value)
    if not optimise:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(str(FOLDER / f"{name}.onnx"), options, providers=["CPUExecutionProvider"])
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
    """GRU in both directions with both reset rules, and LSTM in f32 and dynamically quantized."""
    for name, reset in (("gru", 0), ("gru_linear_before_reset", 1)):
        constants = {"w": weights(2, 18, 4), "r": weights(2, 18, 6), "b": weights(2, 36)}
        nodes = [node("GRU", ["x", "w", "r", "b"], ["y", "h"], hidden_size=6, direction="bidirectional", linear_before_reset=reset)]
        save(name, nodes, [("x", [7, 2, 4])], [("y", [7, 2, 2, 6]), ("h", [2, 2, 6])], constants)
        reference(name, {"x": weights(7, 2, 4, scale=1)})
    constants = {"w": weights(1, 24, 4), "r": weights(1, 24, 6), "b": weights(1, 48)}
    nodes = [node("LSTM", ["x", "w", "r", "b", "", "h0", "c0"], ["y", "h", "c"], hidden_size=6, direction="reverse")]
    save("lstm", nodes, [("x", [5, 2, 4]), ("h0", [1, 2, 6]), ("c0", [1, 2, 6])],
         [("y", [5, 1, 2, 6]), ("h", [1, 2, 6]), ("c", [1, 2, 6])], constants)
    feed = {"x": weights(5, 2, 4, scale=1), "h0": weights(1, 2, 6), "c0": weights(1, 2, 6)}
    reference("lstm", feed)
    quantize_dynamic(FOLDER / "lstm.onnx", FOLDER / "lstm_dynamic.onnx", per_channel=True, weight_type=QuantType.QInt8)
    reference("lstm_dynamic", feed)


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


def microsoft():
    """ONNX Runtime's own operators, as its optimizer and quantizers write them."""
    def save_contrib(name, nodes, inputs, outputs, constants):
        info = lambda ports: [helper.make_tensor_value_info(n, t, s) for n, t, s in ports]  # noqa: E731
        initializers = [numpy_helper.from_array(np.asarray(v), k) for k, v in constants.items()]
        graph = helper.make_graph(nodes, name, info(inputs), info(outputs), initializers)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), FOLDER / f"{name}.onnx")

    own = lambda *arguments, **attributes: node(*arguments, domain="com.microsoft", **attributes)  # noqa: E731
    floats, whole, byte = TensorProto.FLOAT, TensorProto.INT32, TensorProto.UINT8
    rng = np.random.default_rng(20261125)
    draw = lambda *shape: (rng.normal(size=shape) * 0.3).astype(np.float32)  # noqa: E731

    # A BERT's layer, fused, with a mask; then its product with 4-bit weights.
    d, heads, vocabulary = 32, 4, 11
    constants = {"words": draw(vocabulary, d), "places": draw(8, d), "kinds": draw(2, d), "scale": 1 + draw(d), "shift": draw(d),
                 "wqkv": draw(d, 3 * d), "bqkv": draw(3 * d), "wo": draw(d, d), "bo": draw(d), "up": draw(d, 48), "bup": draw(48),
                 "packed": rng.integers(0, 256, (16, 3, 8), dtype=np.uint8), "steps": np.abs(draw(16, 3)) + np.float32(0.01),
                 "zeros": rng.integers(0, 256, (16, 2), dtype=np.uint8)}
    nodes = [own("EmbedLayerNormalization", ["ids", "segments", "words", "places", "kinds", "scale", "shift", "mask"], ["e", "lengths"]),
             own("Attention", ["e", "wqkv", "bqkv", "mask"], ["a"], num_heads=heads), node("MatMul", ["a", "wo"], ["o"]),
             own("SkipLayerNormalization", ["o", "e", "scale", "shift", "bo"], ["n"]), node("MatMul", ["n", "up"], ["u"]),
             own("BiasGelu", ["u", "bup"], ["g"]),
             own("MatMulNBits", ["g", "packed", "steps", "zeros"], ["y"], K=48, N=16, bits=4, block_size=16)]
    save_contrib("bert_fused", nodes, [("ids", whole, ["n", "t"]), ("segments", whole, ["n", "t"]), ("mask", whole, ["n", "t"])],
                 [("y", floats, ["n", "t", 16])], constants)
    reference("bert_fused", {"ids": rng.integers(0, vocabulary, (2, 5)).astype(np.int32), "segments": np.array([[0, 0, 1, 1, 1]] * 2, np.int32),
                             "mask": np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], np.int32)})

    # A quantized layer of attention.
    constants = {"w": rng.integers(-127, 128, (d, 3 * d), dtype=np.int8), "b": draw(3 * d), "x_scale": np.float32(0.02),
                 "w_scale": np.float32(0.004), "x_zero": np.uint8(120), "w_zero": np.int8(0)}
    nodes = [own("QAttention", ["x", "w", "b", "x_scale", "w_scale", "mask", "x_zero", "w_zero"], ["y"], num_heads=heads)]
    save_contrib("attention_quantized", nodes, [("x", byte, [2, 5, d]), ("mask", whole, [2])], [("y", floats, [2, 5, d])], constants)
    reference("attention_quantized", {"x": rng.integers(0, 256, (2, 5, d), dtype=np.uint8), "mask": np.array([5, 3], np.int32)})

    # Fused convolution and Gemm.
    constants = {"w": draw(4, 3, 3, 3), "b": draw(4), "skip": draw(1, 4, 6, 6), "fc": draw(4, 5), "fcb": draw(5)}
    nodes = [own("FusedConv", ["x", "w", "b", "skip"], ["c"], activation="Relu", pads=[1, 1, 1, 1]),
             node("GlobalAveragePool", ["c"], ["p"]), node("Flatten", ["p"], ["f"]),
             own("FusedGemm", ["f", "fc", "fcb"], ["y"], activation="LeakyRelu", activation_alpha=0.2)]
    save_contrib("fused", nodes, [("x", floats, [1, 3, 6, 6])], [("y", floats, [1, 5])], constants)
    reference("fused", {"x": draw(1, 3, 6, 6)})

    # A decoder's step: places turned, a cache of keys and values.
    constants = {"cos": np.cos(draw(16, 4)), "sin": np.sin(draw(16, 4)), "scale": 1 + draw(d)}
    nodes = [own("SkipSimplifiedLayerNormalization", ["x", "skip", "scale"], ["n", "", "", "sum"]),
             own("RotaryEmbedding", ["n", "at", "cos", "sin"], ["q"], num_heads=heads),
             own("MultiHeadAttention", ["q", "n", "n", "", "", "", "past_k", "past_v"], ["y", "k", "v"], num_heads=heads)]
    past = [2, heads, 3, d // heads]
    save_contrib("decoder", nodes, [("x", floats, [2, 1, d]), ("skip", floats, [2, 1, d]), ("at", TensorProto.INT64, [2, 1]),
                                    ("past_k", floats, past), ("past_v", floats, past)],
                 [("y", floats, [2, 1, d]), ("sum", floats, [2, 1, d]), ("k", floats, [2, heads, 4, d // heads])], constants)
    reference("decoder", {"x": draw(2, 1, d), "skip": draw(2, 1, d), "at": np.full((2, 1), 3, np.int64), "past_k": draw(*past), "past_v": draw(*past)})


def segmenter():
    """Convolutions down, transposed ones up, joined by Concat; in f32 and quantized with com.microsoft's operators."""
    rng = np.random.default_rng(20261126)
    draw = lambda *shape: (rng.normal(size=shape) * 0.3).astype(np.float32)  # noqa: E731
    constants = {"w1": draw(8, 3, 3, 3), "b1": draw(8), "w2": draw(8, 8, 3, 3), "b2": draw(8), "up": draw(8, 8, 2, 2), "w3": draw(2, 16, 1, 1),
                 "scales": np.array([1, 1, 2, 2], np.float32)}
    nodes = [node("Conv", ["x", "w1", "b1"], ["c1"], pads=[1, 1, 1, 1], strides=[2, 2]), node("LeakyRelu", ["c1"], ["r1"], alpha=0.1),
             node("Conv", ["r1", "w2", "b2"], ["c2"], pads=[1, 1, 1, 1], strides=[2, 2]), node("Sigmoid", ["c2"], ["s2"]),
             node("ConvTranspose", ["s2", "up"], ["u1"], strides=[2, 2]), node("Concat", ["u1", "r1"], ["j"], axis=1),
             node("Conv", ["j", "w3"], ["c3"]), node("Resize", ["c3", "", "scales"], ["u2"], mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
             node("AveragePool", ["u2"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 1, 1])]
    save("segmenter", nodes, [("x", ["n", 3, 16, 12])], [("y", ["n", 2, 16, 12])], constants)
    feeds = [{"x": draw(1, 3, 16, 12)} for _ in range(4)]
    reference("segmenter", feeds[0])
    quantize_static(FOLDER / "segmenter.onnx", FOLDER / "segmenter_qoperator.onnx", Calibration(list(feeds)), quant_format=QuantFormat.QOperator,
                    per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
    # Its optimizer moves quantization across operators: with it ONNX Runtime is two steps from what they say.
    reference("segmenter_qoperator", feeds[0], optimise=False)


def quantized_sums():
    """Sums of dequantized tensors that are quantized again, for each pair of bytes; half of the sums are ties.

    ONNX Runtime adds in one operator, also where a rectifier does no more than saturation does; in floats where the
    rectifier does more, or where something else reads the sum.
    """
    scales = {"sa": np.float32(0.1), "sb": np.float32(0.3), "sy": np.float32(0.2)}
    for name, byte, kind, lowest in (("quantized_sums_u8", TensorProto.UINT8, np.uint8, 0), ("quantized_sums_i8", TensorProto.INT8, np.int8, -128)):
        constants = scales | {"za": kind(3), "zb": kind(-5 if lowest else 5), "low": kind(lowest), "zero": kind(lowest + 9)}
        nodes = [node("DequantizeLinear", ["a", "sa", "za"], ["fa"]), node("DequantizeLinear", ["b", "sb", "zb"], ["fb"])]
        nodes += [node("Add", ["fa", "fb"], [f"s{at}"]) for at in range(5)]
        nodes += [node("Relu", ["s1"], ["r1"]), node("Relu", ["s2"], ["r2"]), node("Relu", ["s4"], ["r4"])]
        quantized = {"sum": ("s0", "zero"), "rectified": ("r1", "low"), "rectified_above": ("r2", "zero"), "read_twice": ("s3", "zero"),
                     "rectified_twice": ("r4", "low")}
        nodes += [node("QuantizeLinear", [x, "sy", zero], [y]) for y, (x, zero) in quantized.items()]
        nodes += [node("ReduceMax", ["s3"], ["most"]), node("ReduceMax", ["r4"], ["most_rectified"])]
        shape, one = [256, 256], [1, 1]
        floats = [("most", one), ("most_rectified", one)]
        save(name, nodes, [("a", shape, byte), ("b", shape, byte)], [(y, shape, byte) for y in quantized] + floats, constants)
        every = np.arange(256).astype(np.uint8).view(kind)
        a, b = np.meshgrid(every, every)
        reference(name, {"a": a, "b": b})


def residual():
    """Convolutions around skip connections, static QDQ with int8 activations.

    Its x86 kernels are for uint8: by default ONNX Runtime turns a tensor that one operator reads into that, and computes in
    floats where this leaves operands of two types. On Arm, or when it is told so, it keeps int8, as here.
    """
    rng, pads = np.random.default_rng(20261126), {"pads": [1, 1, 1, 1]}
    draw = lambda *shape: (rng.normal(size=shape) * 0.2).astype(np.float32)  # noqa: E731
    constants = {"stem": draw(8, 3, 3, 3)} | {f"w{at}": draw(8, 8, 3, 3) for at in range(6)} | {f"b{at}": draw(8) for at in range(6)}
    nodes = [node("Conv", ["x", "stem"], ["c"], **pads), node("Relu", ["c"], ["h0"])]
    for at in range(3):
        first, second = 2 * at, 2 * at + 1
        nodes += [node("Conv", [f"h{at}", f"w{first}", f"b{first}"], [f"p{at}"], **pads), node("Relu", [f"p{at}"], [f"q{at}"]),
                  node("Conv", [f"q{at}", f"w{second}", f"b{second}"], [f"t{at}"], **pads), node("Add", [f"t{at}", f"h{at}"], [f"s{at}"]),
                  node("Relu", [f"s{at}"], [f"h{at + 1}"])]
    nodes.append(node("GlobalAveragePool", ["h3"], ["y"]))
    feeds = [{"x": rng.normal(size=(1, 3, 12, 12)).astype(np.float32)} for _ in range(8)]
    with tempfile.TemporaryDirectory() as folder:
        save("residual_qdq", nodes, [("x", [1, 3, 12, 12])], [("y", [1, 8, 1, 1])], constants)
        source = (FOLDER / "residual_qdq.onnx").rename(pathlib.Path(folder) / "residual.onnx")
        quantize_static(source, FOLDER / "residual_qdq.onnx", Calibration(list(feeds)), quant_format=QuantFormat.QDQ,
                        per_channel=True, activation_type=QuantType.QInt8, weight_type=QuantType.QInt8)
    reference("residual_qdq", feeds[0], qdqisint8allowed="1")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for make in (transformer, cnn, recurrent, resize, scan, element_types, shape_input, microsoft, segmenter, quantized_sums, residual):
        make()
    print(f"{len(list(FOLDER.glob('*.onnx')))} models in {FOLDER.name}")
