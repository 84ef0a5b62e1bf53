"""Checks the shipped models with numpy, onnx, onnxruntime and, for those that see, opencv and pillow.

    python models/training/check.py [--golden tests/golden]

The hash in metrics.json is the file's; inputs and outputs have their names and shapes; embeddings have unit length.
With `--golden` it also writes inputs and ONNX Runtime's outputs, which the engine's tests compare with, and what everyday messages are
taken for, which needs torch.
"""

import argparse
import hashlib
import json
import pathlib

import numpy as np
import onnx

import encode
import units
from seeing import golden as seen

MODELS = pathlib.Path(__file__).parents[1]
TEXTS = ["Satin slip dress in forest green", "缎面吊带连衣裙 墨绿色", "a", "white hanging heart t-light holder", ""]
UTTERANCES = ["hi", "Where's my order 48213?", "这条裙子有M码吗", "do you have this in 红色 please", "so " * 60]


def check_hash(name):
    folder = MODELS / name
    found = hashlib.sha256((folder / "model.q8.onnx").read_bytes()).hexdigest()
    stated = json.loads((folder / "metrics.json").read_text("utf-8"))["sha256"]
    assert found == stated, f"{name}: metrics.json was measured on another file; run evaluate.py"
    onnx.checker.check_model(str(folder / "model.q8.onnx"))


def tensor(array):
    values = [round(float(v), 6) if array.dtype == np.float32 else int(v) for v in array.ravel()]
    return {"shape": list(array.shape), "values": values}


def item_text_cases():
    run = encode.session(encode.MODEL)
    for text in TEXTS:
        feed = {"token_ids": encode.token_ids(text)}
        [embedding] = run.run(["embedding"], feed)
        assert embedding.shape == (1, 64)
        length = float(np.linalg.norm(embedding))
        assert abs(length - (1 if text else 0)) < 1e-5, f"{text!r} has length {length}"
        yield feed, {"embedding": embedding}


def for_you_cases():
    run = encode.session(MODELS / "for-you/model.q8.onnx")
    rng = np.random.default_rng(20261124)
    for length in (1, 5, 32):
        items = np.zeros((1, 32, 64), np.float32)
        actions = np.zeros((1, 32), np.int64)
        rows = rng.normal(size=(length, 64)).astype(np.float32)
        items[0, 32 - length:] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).round(6)
        actions[0, 32 - length:] = rng.integers(1, 5, length)
        [query] = run.run(["query"], {"items": items, "actions": actions})
        assert query.shape == (1, 64) and abs(np.linalg.norm(query) - 1) < 1e-5
        yield {"items": items, "actions": actions}, {"query": query}


def chat_cases():
    run = encode.session(MODELS / "chat-encoder/model.q8.onnx")
    for text in UTTERANCES:
        rows = units.unit_ids(text)
        ids = np.array([[row + [0] * (units.MAX_SUBWORDS - len(row)) for row in rows]], np.int64)
        [embedding] = run.run(["embedding"], {"ids": ids})
        assert embedding.shape == (1, 256) and abs(np.linalg.norm(embedding) - 1) < 1e-5
        yield {"ids": ids}, {"embedding": embedding}


def everyday(path):
    """What the head that ships takes each everyday message for, and its scores without the encoder's part; prints what is not meant so.

    Also how many of them the head was fitted to, word for word, and how the others fare.
    """
    import retail_head
    from datasets import retail
    from encode_chat import Encoder
    from likeness import normalised

    rows = [row.split("\t") for row in path.read_text("utf-8").splitlines()[1:]]
    head, texts = retail_head.read(), [text for _, text in rows]
    vectors = Encoder()(texts)
    scores, plain = head.scores(texts, vectors), head.scores(texts, 0 * vectors)
    found = [head.classes[best] for best in scores.argmax(1)]
    sets = retail.load()
    fitted = {normalised(text) for text, _ in sets["train"] + sets["validation"] + retail.drawn()}
    unseen = [intent == meant for (meant, text), intent in zip(rows, found) if normalised(text) not in fitted]
    for (meant, text), intent in zip(rows, found):
        if intent != meant:
            print(f"everyday: {text!r} is meant as {meant}, taken for {intent}")
    print(f"everyday: {sum(intent == meant for (meant, _), intent in zip(rows, found))} of {len(rows)} messages taken for what is meant; "
          f"the head was fitted to {len(rows) - len(unseen)} of them; of the others {sum(unseen)} of {len(unseen)}")
    for text, intent, base in zip(texts, found, plain):
        ids = [row + [0] * (units.MAX_SUBWORDS - len(row)) for row in units.unit_ids(text)]
        yield {"text": text, "intent": intent, "ids": sum(ids, []), "scores_without_encoder": [round(float(score), 4) for score in base]}


def written(path, cases):
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n", "utf-8")


def check_seeing(golden):
    for name, cases in (("garment", seen.garment_cases), ("person", seen.person_cases)):
        check_hash(name)
        found = list(cases(encode.session(MODELS / name / "model.q8.onnx")))
        if golden:
            written(golden / f"vision-{name}.json", found)
        print(f"{name}: {len(found)} cases right")
    if golden:
        written(golden / "vision-squash.json", seen.squash_cases())
        written(golden / "vision-colours.json", seen.colour_cases())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=pathlib.Path, help="folder to write NAME.json of each model into")
    golden = parser.parse_args().golden
    for name, cases in (("item-text", item_text_cases), ("for-you", for_you_cases), ("chat-encoder", chat_cases)):
        check_hash(name)
        found = [{"inputs": {k: tensor(v) for k, v in i.items()}, "outputs": {k: tensor(v) for k, v in o.items()}} for i, o in cases()]
        if golden:
            written(golden / f"{name}.json", found)
        print(f"{name}: {len(found)} cases right")
    if golden:
        written(golden / "chat-intents.json", list(everyday(golden / "everyday.tsv")))
    check_seeing(golden)


if __name__ == "__main__":
    main()
