"""A graph under construction: nodes are called like functions, weights are added where they are used."""

import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17


class Graph:
    """Collects the nodes, weights and ports of one ONNX model."""

    def __init__(self, name):
        self._name = name
        self._nodes, self._weights, self._inputs, self._outputs = [], {}, [], []

    def input(self, name, dtype, shape):
        """Adds an input and returns its name."""
        self._inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def output(self, name, shape):
        """Declares the f32 value `name` an output."""
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def weight(self, name, values):
        """Adds a constant and returns its name; the same name again is the same constant."""
        self._weights.setdefault(name, numpy_helper.from_array(values, name))
        return name

    def add(self, operator, *inputs, name, **attributes):
        """Adds a node with one output, which is called like the node, and returns its name."""
        self._nodes.append(helper.make_node(operator, list(inputs), [name], name=f"{name}/{operator}", **attributes))
        return name

    def save(self, path):
        """Checks the model and writes it."""
        graph = helper.make_graph(self._nodes, self._name, self._inputs, self._outputs, list(self._weights.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        onnx.checker.check_model(model, full_check=True)
        onnx.save(model, path)
