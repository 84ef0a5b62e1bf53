"""Writes the models of `./build.sh bench engine` and their inputs, all from one seed.

    python tests/bench/engine/make_models.py FOLDER

FOLDER receives bert-mini and mobilenetv2 as .onnx: f32 and q8 (8-bit weights), for bert-mini also q7 (7-bit weights);
for these and for each model in `models/` NAME.npz, the inputs that every runtime is given, and NAME.reference.npz, what
ONNX Runtime makes of them natively; and models.json, which lists them: name, ONNX file, bits of a weight, extents of open
dimensions. A name that ends in w7 is the file of 8 bits, which Nearshelf compiles with `--weight-bits 7`.
Needs numpy, onnx and onnxruntime.
"""

import json
import logging
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

from bert import bert_inputs, write_bert
from mobilenet import mobilenet_inputs, write_mobilenet

SEED = 20261125
CALIBRATION_PICTURES = 8
SHIPPED = pathlib.Path(__file__).resolve().parents[3] / "models"
# What an open dimension of a shipped model is bound to.
OPEN_EXTENT = 1


class Pictures(CalibrationDataReader):
    """Random pictures for static quantization."""

    def __init__(self, rng):
        self._left = iter([mobilenet_inputs(rng) for _ in range(CALIBRATION_PICTURES)])

    def get_next(self):
        return next(self._left, None)


def rng(stream):
    """A generator of its own for each file, so that one more file leaves the others as they are."""
    return np.random.default_rng([SEED, *stream.encode()])


def listed(folder, name, bits, inputs, onnx_file=None, bind=None, compile_bits=8):
    """Writes inputs and reference and returns the model's entry in models.json: `bits` of the plan, `compile_bits` to ask for."""
    onnx_file = str(onnx_file or folder / f"{name}.onnx")
    np.savez(folder / f"{name}.npz", **inputs)
    session = onnxruntime.InferenceSession(onnx_file, providers=["CPUExecutionProvider"])
    outputs = [output.name for output in session.get_outputs()]
    np.savez(folder / f"{name}.reference.npz", **dict(zip(outputs, session.run(outputs, inputs))))
    return {"name": name, "onnx": onnx_file, "bits": bits, "compileBits": compile_bits, "bind": bind or {}}


def make_bert(folder):
    source = folder / "bert-mini.onnx"
    write_bert(source, rng("bert-mini"))
    quantize_dynamic(source, folder / "bert-mini.q8.onnx", weight_type=QuantType.QInt8)
    quantize_dynamic(source, folder / "bert-mini.q7.onnx", weight_type=QuantType.QInt8, reduce_range=True)
    inputs = bert_inputs(rng("bert-mini inputs"))
    models = [listed(folder, name, bits, inputs) for name, bits in (("bert-mini", 32), ("bert-mini.q8", 8), ("bert-mini.q7", 7))]
    return [*models, listed(folder, "bert-mini.w7", 7, inputs, folder / "bert-mini.q8.onnx", compile_bits=7)]


def make_mobilenet(folder):
    source = folder / "mobilenetv2.onnx"
    write_mobilenet(source, rng("mobilenetv2"))
    quantize_static(
        source, folder / "mobilenetv2.q8.onnx", Pictures(rng("calibration")), quant_format=QuantFormat.QDQ,
        per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
    )
    inputs = mobilenet_inputs(rng("mobilenetv2 inputs"))
    return [listed(folder, name, bits, inputs) for name, bits in (("mobilenetv2", 32), ("mobilenetv2.q8", 8))]


def id_limit(graph, name):
    """How many rows the table has that the ids `name` look up, through casts; None where they look nothing up."""
    tables = {t.name: t.dims[0] for t in graph.initializer if t.dims}
    for node in graph.node:
        if node.op_type == "Gather" and node.input[1] == name:
            return tables.get(node.input[0])
        if node.op_type == "Cast" and node.input[0] == name:
            return id_limit(graph, node.output[0])
    return None


def add_shipped(folder, path):
    """Random inputs of the declared types: ids within their table, masks of ones, else unit normals or bytes.

    Once more with 7 bits, where the model has products that take them.
    """
    graph, name, inputs, bind = onnx.load(path).graph, path.parent.name, {}, {}
    generator, constants = rng(name), {t.name for t in graph.initializer}
    for port in (p for p in graph.input if p.name not in constants):
        tensor = port.type.tensor_type
        shape = [d.dim_value or OPEN_EXTENT for d in tensor.shape.dim]
        bind |= {f"{port.name}:{axis}": OPEN_EXTENT for axis, d in enumerate(tensor.shape.dim) if not d.dim_value}
        if tensor.elem_type == TensorProto.FLOAT:
            values = generator.normal(size=shape)
        elif "mask" in port.name:
            values = np.ones(shape)
        else:
            values = generator.integers(0, id_limit(graph, port.name) or 2, size=shape)
        inputs[port.name] = values.astype(helper.tensor_dtype_to_np_dtype(tensor.elem_type))
    models = [listed(folder, name, 8, inputs, path, bind)]
    if any(node.op_type == "MatMulInteger" for node in graph.node):
        models.append(listed(folder, f"{name}.w7", 7, inputs, path, bind, compile_bits=7))
    return models


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    # The quantizer advises to run its own pre-processing, which fuses what an exporter would have left alone.
    logging.getLogger().setLevel(logging.ERROR)
    models = make_bert(folder) + make_mobilenet(folder)
    for path in sorted(SHIPPED.glob("*/model.q8.onnx")):
        models += add_shipped(folder, path)
    (folder / "models.json").write_text(json.dumps(models, indent=1) + "\n")


if __name__ == "__main__":
    main()
