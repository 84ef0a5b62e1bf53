"""BERT-mini as PyTorch exports it: 4 layers, d 256, 4 heads, 32 tokens; random weights of a trained net's scale."""

import numpy as np
from onnx import TensorProto

from graph import Graph

LAYERS, DIM, HEADS, FEED_FORWARD, TOKENS, VOCABULARY = 4, 256, 4, 1024, 32, 8000
HEAD_DIM = DIM // HEADS


class _Bert:
    def __init__(self, rng):
        self.rng, self.graph = rng, Graph("bert-mini")

    def normal(self, name, *shape, scale, mean=0.0):
        return self.graph.weight(name, (mean + self.rng.normal(size=shape) * scale).astype(np.float32))

    def scalar(self, name, value):
        return self.graph.weight(name, np.array(value, np.float32))

    def shape(self, name, *extents):
        return self.graph.weight(name, np.array(extents, np.int64))

    def linear(self, x, name, inputs, outputs):
        weight = self.normal(f"{name}.weight", inputs, outputs, scale=inputs**-0.5)
        product = self.graph.add("MatMul", x, weight, name=f"{name}.matmul")
        return self.graph.add("Add", self.normal(f"{name}.bias", outputs, scale=0.05), product, name=name)

    def layer_norm(self, x, name):
        gamma = self.normal(f"{name}.weight", DIM, scale=0.1, mean=1.0)
        beta = self.normal(f"{name}.bias", DIM, scale=0.1)
        return self.graph.add("LayerNormalization", x, gamma, beta, name=name, axis=-1, epsilon=1e-12)

    def gelu(self, x, name):
        add = self.graph.add
        scaled = add("Div", x, self.scalar("sqrt2", 2**0.5), name=f"{name}.div")
        erf = add("Erf", scaled, name=f"{name}.erf")
        shifted = add("Add", erf, self.scalar("one", 1.0), name=f"{name}.add")
        doubled = add("Mul", x, shifted, name=f"{name}.mul")
        return add("Mul", doubled, self.scalar("half", 0.5), name=name)

    def heads(self, x, name, perm):
        split = self.graph.add("Reshape", x, self.shape("heads_shape", 1, TOKENS, HEADS, HEAD_DIM), name=f"{name}.split")
        return self.graph.add("Transpose", split, name=f"{name}.heads", perm=perm)

    def attention(self, x, mask, name):
        add = self.graph.add
        query, key, value = (self.linear(x, f"{name}.{part}", DIM, DIM) for part in ("query", "key", "value"))
        query = self.heads(query, f"{name}.query", [0, 2, 1, 3])
        key = self.heads(key, f"{name}.key", [0, 2, 3, 1])
        value = self.heads(value, f"{name}.value", [0, 2, 1, 3])
        scores = add("MatMul", query, key, name=f"{name}.product")
        scores = add("Div", scores, self.scalar("sqrt_head_dim", HEAD_DIM**0.5), name=f"{name}.scaled")
        scores = add("Add", scores, mask, name=f"{name}.masked")
        weights = add("Softmax", scores, name=f"{name}.softmax", axis=-1)
        context = add("MatMul", weights, value, name=f"{name}.context")
        context = add("Transpose", context, name=f"{name}.tokens", perm=[0, 2, 1, 3])
        context = add("Reshape", context, self.shape("joined_shape", 1, TOKENS, DIM), name=f"{name}.joined")
        return self.linear(context, f"{name}.output", DIM, DIM)

    def embeddings(self, ids):
        add = self.graph.add
        words = add("Gather", self.normal("words.weight", VOCABULARY, DIM, scale=0.05), ids, name="words", axis=0)
        positions = self.normal("positions.weight", 1, TOKENS, DIM, scale=0.02)
        return self.layer_norm(add("Add", words, positions, name="embeddings"), "embeddings.norm")

    def mask(self, attention_mask):
        add = self.graph.add
        wide = add("Unsqueeze", attention_mask, self.shape("mask_axes", 1, 2), name="mask.wide")
        ones = add("Cast", wide, name="mask.float", to=TensorProto.FLOAT)
        hidden = add("Sub", self.scalar("one", 1.0), ones, name="mask.hidden")
        return add("Mul", hidden, self.scalar("lowest", -10000.0), name="mask")

    def save(self, path):
        graph, add = self.graph, self.graph.add
        x = self.embeddings(graph.input("input_ids", TensorProto.INT64, [1, TOKENS]))
        mask = self.mask(graph.input("attention_mask", TensorProto.INT64, [1, TOKENS]))
        for layer in range(LAYERS):
            name = f"layer{layer}"
            attended = self.attention(x, mask, f"{name}.attention")
            x = self.layer_norm(add("Add", attended, x, name=f"{name}.attention.sum"), f"{name}.attention.norm")
            hidden = self.gelu(self.linear(x, f"{name}.up", DIM, FEED_FORWARD), f"{name}.gelu")
            down = self.linear(hidden, f"{name}.down", FEED_FORWARD, DIM)
            last = layer == LAYERS - 1
            x = self.layer_norm(add("Add", down, x, name=f"{name}.sum"), "last_hidden_state" if last else f"{name}.norm")
        graph.output(x, [1, TOKENS, DIM])
        graph.save(path)


def write_bert(path, rng):
    """Writes the f32 model."""
    _Bert(rng).save(path)


def bert_inputs(rng):
    """Token ids without padding: every runtime does the whole work."""
    ids = rng.integers(0, VOCABULARY, size=(1, TOKENS), dtype=np.int64)
    return {"input_ids": ids, "attention_mask": np.ones((1, TOKENS), np.int64)}
