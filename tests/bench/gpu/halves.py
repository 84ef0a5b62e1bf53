"""How far a model's results move when its float weights are stored with the 11 bits of significand that f16 has.

    build/venv/bin/python tests/bench/gpu/halves.py build/bench/bert-mini.onnx build/bench/mobilenetv2.onnx

Sums stay in f32: it is what halving the bytes of weights costs at least, however a GPU multiplies. Inputs and outputs are
those that `./build.sh bench gpu` compares, beside the model.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper


def in_halves(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with each float weight rounded to the nearest half."""
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            values = numpy_helper.to_array(tensor)
            halves = values.astype(np.float16).astype(np.float32)
            tensor.CopyFrom(numpy_helper.from_array(halves, tensor.name))
    return model


def furthest(path: Path) -> float:
    """The largest difference, as a part of the output's largest value."""
    inputs = dict(np.load(path.with_suffix(".npz")))
    wanted = np.load(path.with_name(f"{path.stem}.reference.npz"))
    session = onnxruntime.InferenceSession(in_halves(onnx.load(path)).SerializeToString(), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    found = dict(zip(names, session.run(names, {name: inputs[name] for name in (port.name for port in session.get_inputs())})))
    return max(float(np.abs(found[name] - wanted[name]).max() / np.abs(wanted[name]).max()) for name in names)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        print(f"{path.stem}: {furthest(path):.1e}")
