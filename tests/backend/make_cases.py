"""Writes the node tests of the ONNX backend suite as files that the runner in this folder reads.

    python tests/backend/make_cases.py build/backend

Needs what requirements.txt says. A case is NAME.onnx and NAME.npz with its inputs (in_0, in_1, ..) and outputs
(out_0, ..), all as float64: that holds every value of every element type but 64-bit integers beyond 2^53, which no
plan holds either. cases.json lists the cases with operator, names and ONNX types, tolerances, and why one is left out.
"""

import json
import pathlib
import shutil
import sys
import warnings

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

# What the project's rule leaves out, and nothing else.
CONTROL_FLOW = {"If", "Loop", "Scan"}
TRAINING_DOMAIN = "ai.onnx.preview.training"


def ports(values):
    """Name and ONNX element type of graph inputs or outputs; a kind of value in place of a tensor's type."""
    def kind(value):
        what = value.type.WhichOneof("value")
        return TensorProto.DataType.Name(value.type.tensor_type.elem_type) if what == "tensor_type" else what
    return [(value.name, kind(value)) for value in values]


def widened(value):
    """The values as float64; the suite keeps those of packed types as messages."""
    array = numpy_helper.to_array(value) if isinstance(value, TensorProto) else np.asarray(value)
    return array.astype(np.float64, order="C")


def trains(node, feed):
    """Whether the operator of a case runs in training mode: Dropout by its third operand, others by an attribute."""
    if node.domain == TRAINING_DOMAIN or any(a.name == "training_mode" and a.i for a in node.attribute):
        return True
    mode = node.input[2] if node.op_type == "Dropout" and len(node.input) > 2 else ""
    return bool(mode) and bool(feed[mode])


def left_out(case, operator, node):
    """Why the rule leaves a case out: sequence, optional, string, training or control flow; None when it counts."""
    graph = case.model.graph
    kinds = {kind for _, kind in ports(graph.input) + ports(graph.output)}
    for word in ("sequence", "optional"):
        if f"{word}_type" in kinds or operator.lower().startswith(word):
            return word
    if "STRING" in kinds:
        return "string"
    if trains(node, dict(zip((i.name for i in graph.input), case.data_sets[0][0]))):
        return "training"
    return "control flow" if operator in CONTROL_FLOW else None


def main(folder):
    warnings.simplefilter("ignore")
    from onnx.backend.test.case.node import collect_testcases

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    collected = {case.name: case for case in collect_testcases(None)}
    # A function's body is tested under the operator's case: test_x_expanded, test_x_expanded_ver18.
    whole = lambda name: collected.get(name.split("_expanded")[0], collected[name])  # noqa: E731
    listed = []
    for name, case in sorted(collected.items()):
        graph, node = case.model.graph, whole(name).model.graph.node[0]
        reason = left_out(case, node.op_type, node)
        entry = {"name": name, "operator": node.op_type, "domain": node.domain, "left_out": reason,
                 "rtol": case.rtol, "atol": case.atol, "inputs": [], "outputs": []}
        if reason is None:
            ((inputs, outputs),) = case.data_sets
            entry |= {"inputs": ports(graph.input), "outputs": ports(graph.output)}
            arrays = {f"{side}_{index}": widened(value)
                      for side, values in (("in", inputs), ("out", outputs)) for index, value in enumerate(values)}
            np.savez(folder / f"{name}.npz", **arrays)
            onnx.save(case.model, folder / f"{name}.onnx")
        listed.append(entry)
    (folder / "cases.json").write_text(json.dumps({"onnx": onnx.__version__, "cases": listed}, indent=1))
    print(f"{len(listed)} cases, {sum(entry['left_out'] is None for entry in listed)} of them to be run")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
