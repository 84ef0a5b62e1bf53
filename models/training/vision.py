"""Trains what sees: the garment net and the person net, on CC0 photos and on garments and figures drawn for it.

    python models/training/vision.py                        # all of it, one after the other; a GPU wants minutes
    python models/training/vision.py --only renders         # or step by step, side by side:
    python models/training/vision.py --only garment         #   while shards of renders come in
    python models/training/vision.py --only person

A schedule follows the clock: `--minutes` a net, whatever the machine makes of them; the checkpoint says how many steps
those were, and a training goes on from it. `vision_export.py` makes the ONNX files of the checkpoints in `--out`, `vision_evaluate.py` measures them.
"""

import argparse
import math
import os
import pathlib
import time

import torch
from torch.nn import functional as F

from garments.labels import CATEGORIES, MIRRORED_KEY_POINTS, MIRRORED_LANDMARKS
from seeing import augment, losses, photos, renders
from seeing.network import PLANS, build
from seeing.picture import SIZE

ROOT = pathlib.Path(__file__).parents[2]
DATA = os.environ.get("NEARSHELF_DATA", str(ROOT.parent / "shared/data"))


class Photos:
    """The training photos on the device, and the validation ones as the product would see them."""

    def __init__(self, path, device):
        pictures, labels = photos.unpack(path, "train")
        self.pictures = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous().to(device)
        self.labels = torch.from_numpy(labels).to(device)
        pictures, labels = photos.unpack(path, "validation")
        held = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().to(device) / 255
        self.held = F.interpolate(held, (SIZE, SIZE), mode="bilinear", antialias=True).clamp(0, 1)
        self.held_labels = torch.from_numpy(labels).to(device)
        self.known, self.has = (table.to(device) for table in losses.facts())
        # Rare classes are drawn more often, but not as often as common ones: by the root of their number.
        counts = torch.bincount(self.labels, minlength=len(CATEGORIES)).float()
        self.chances = counts[self.labels] ** -0.5

    def batch(self, n):
        rows = torch.multinomial(self.chances, n, replacement=True)
        device = self.pictures.device
        frame, _ = augment.frames(n, device, (0.32, 1.2), 0.14, 0.25, 0.02)
        x = augment.look(self.pictures[rows].float() / 255, frame, SIZE)
        x = augment.camera(augment.colours(x, 0.9), 0.15).clamp(0, 1)
        centre = x[:, :, SIZE * 3 // 8 : SIZE * 5 // 8, SIZE * 3 // 8 : SIZE * 5 // 8].mean((2, 3))
        x, _ = augment.erase(x, 0.35)
        return x, self.labels[rows], centre ** (2.2 / 3)


class Renders:
    """Drawn pictures on the device: those that are on disk by now; `poll` takes what came since."""

    def __init__(self, folder, kind, device, limit, wait=120):
        self.folder, self.kind, self.device, self.limit = folder, kind, device, limit
        self.shards, self.arrays, self.asked = 0, None, 0.0
        until = time.time() + wait
        while self.arrays is None and time.time() < until:
            self.poll()
            time.sleep(0.2)
        if self.arrays is None:
            raise SystemExit(f"no {kind} renders in {folder}: draw them first, with --only renders")

    def _tensors(self, arrays):
        found = {key: torch.from_numpy(value).to(self.device) for key, value in arrays.items()}
        found["picture"] = found["picture"].permute(0, 3, 1, 2).contiguous()
        return found

    def poll(self):
        if time.time() - self.asked < 1 or self.shards * renders.SHARD >= self.limit:
            return
        self.asked, fresh = time.time(), []
        while len(fresh) < 8 and (shard := renders.load(self.folder, self.kind, "train", self.shards)) is not None:
            fresh.append(self._tensors(shard))
            self.shards += 1
        if fresh:
            parts = ([self.arrays] if self.arrays else []) + fresh
            self.arrays = {key: torch.cat([p[key] for p in parts]) for key in fresh[0]}

    def held(self):
        shard = renders.load(self.folder, self.kind, "held", 0)
        return None if shard is None else self._tensors(shard)

    def batch(self, n):
        """(pictures, what is left of them, masks at 80 cells, points, the other labels of the rows)."""
        self.poll()
        garment = self.kind == "garment"
        rows = torch.randint(0, len(self.arrays["picture"]), (n,), device=self.device)
        masks = self.arrays["mask"][rows][:, None] if garment else self.arrays["regions"][rows]
        points = self.arrays["landmarks" if garment else "key_points"][rows]
        frame, flip = augment.frames(n, self.device, (0.55, 1.35) if garment else (0.45, 1.1), 0.08, 0.15, 0.06)
        seen = augment.look(torch.cat([self.arrays["picture"][rows], masks], 1).float() / 255, frame, SIZE)
        x, masks = seen[:, :3], F.avg_pool2d(seen[:, 3:], 2)
        points = augment.move_points(points, frame, flip, MIRRORED_LANDMARKS if garment else MIRRORED_KEY_POINTS)
        x = augment.camera(augment.colours(x, 0.15 if garment else 0.7), 0.15).clamp(0, 1)
        x, left = augment.erase(x, 0.2, 0.01, 0.08)
        labels = {key: self.arrays[key][rows] for key in ("category", "attributes", "palette") if key in self.arrays}
        return x, F.avg_pool2d(left.float(), 2), masks, points, labels


def normalised(x):
    return (x * 2 - 1).contiguous(memory_format=torch.channels_last)


def run(net, x):
    """The net's outputs for pictures in 0..1; on a GPU in bfloat16."""
    with torch.autocast(x.device.type, torch.bfloat16, enabled=x.is_cuda):
        return net(normalised(x))


def garment_loss(net, real, drawn, sizes):
    x, labels, colour = real.batch(sizes[0])
    y, left, masks, points, known = drawn.batch(sizes[1])
    targets = F.one_hot(labels, len(CATEGORIES)).float() * 0.9 + 0.1 / len(CATEGORIES)
    mixed = bool(torch.rand(()) < 0.5)
    if mixed:
        x, targets = augment.mix(x, targets)
    out = run(net, torch.cat([x, y]))
    n = len(x)
    loss = losses.soft_cross_entropy(out["category"][:n], targets)
    if not mixed:
        loss = loss + 0.3 * losses.attributes(out["attributes"][:n], real.known[labels]) + 0.5 * losses.absent(out["visible"][:n], real.has[labels])
    loss = loss + 0.3 * F.cross_entropy(out["category"][n:].float(), known["category"], label_smoothing=0.05)
    loss = loss + 0.5 * losses.attributes(out["attributes"][n:], known["attributes"])
    loss = loss + losses.regions(out["mask"][n:], masks, left)
    loss = loss + losses.points(out["heat"][n:], out["points"][n:], out["visible"][n:], points)
    drawn_colour = known["palette"][:, 0, :3].clamp(min=0) ** (1 / 3)
    rows = slice(n, None) if mixed else slice(None)
    every = (torch.cat([labels, known["category"]])[rows], torch.cat([colour, drawn_colour])[rows])
    return loss + 0.2 * losses.alike(out["embedding"][rows], *every)


def person_loss(net, drawn, size):
    x, left, masks, points, _ = drawn.batch(size)
    out = run(net, x)
    return 2 * losses.regions(out["regions"], masks, left) + losses.points(out["heat"], out["points"], out["visible"], points)


@torch.no_grad()
def measure(net, real, held):
    """Accuracy on validation photos; IoU and points within 0.05 on held-out renders."""
    net.eval()
    said = []
    if real is not None:
        guess = torch.cat([run(net, x)["category"].float().softmax(-1) for x in real.held.split(128)])
        right = (guess.argmax(1) == real.held_labels).float().mean()
        said.append(f"validation accuracy {right:.4f}")
    if held is not None:
        key, marks = ("mask", "landmarks") if "mask" in held else ("regions", "key_points")
        outs = [run(net, x.float() / 255) for x in held["picture"].split(128)]
        cells = torch.cat([o["mask" if key == "mask" else "regions"].float() for o in outs])
        masks = held[key].float() / 255
        masks = masks[:, None] if key == "mask" else masks
        found = F.interpolate(cells, masks.shape[2:], mode="bilinear") > 0
        masks = masks > 0.5
        both, any_ = (found & masks).sum((2, 3)).float(), (found | masks).sum((2, 3)).float()
        iou = torch.where(any_ > 0, both / any_.clamp(min=1), torch.ones_like(any_)).mean(0)
        apart = (torch.cat([o["points"] for o in outs]) - held[marks][..., :2]).norm(dim=-1)
        said.append(f"IoU {' '.join(f'{v:.3f}' for v in iou)}, PCK {(apart[held[marks][..., 2] > 1] < 0.05).float().mean():.3f}")
        if key == "mask":
            said.append(f"drawn categories {(torch.cat([o['category'] for o in outs]).argmax(1) == held['category']).float().mean():.3f}")
    net.train()
    return ", ".join(said)


def compact(state):
    """Convolutions in half precision: what a checkpoint weighs, and less than int8 rounds away."""
    return {k: v.half() if v.ndim == 4 else v.float() if v.is_floating_point() else v for k, v in state.items()}


def load_net(path, device):
    """(net with the checkpoint's weights, the checkpoint)."""
    found = torch.load(path, map_location="cpu", weights_only=True)
    net = build(found["net"])
    net.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in found["weights"].items()})
    return net.to(device, memory_format=torch.channels_last), found


def train(name, args, device):
    torch.manual_seed(args.seed + list(PLANS).index(name))
    path = pathlib.Path(args.out) / f"{name}.pt"
    before = 0
    if path.exists() and not args.fresh:
        net, found = load_net(path, device)
        before = found["steps"]
        print(f"{name}: going on from {before} steps", flush=True)
    else:
        net = build(name).to(device, memory_format=torch.channels_last)
    real = None if name == "person" else Photos(args.photos, device)
    drawn = Renders(args.renders, "figure" if name == "person" else "garment", device, args.people if name == "person" else args.garments)
    decayed = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": args.decay}, {"params": others, "weight_decay": 0.0}],
        lr=args.rate,
        betas=(0.9, 0.99),
        fused=device == "cuda",
    )
    smooth = build(name).to(device, memory_format=torch.channels_last).eval()
    smooth.load_state_dict(net.state_dict())
    pairs = [(a, b) for a, b in zip(smooth.state_dict().values(), net.state_dict().values(), strict=True) if a.is_floating_point()]
    net.train()
    started = told = kept = time.time()
    steps, counted, total = 0, 0, torch.zeros((), device=device)
    sizes = (args.batch * 5 // 8, args.batch - args.batch * 5 // 8)
    held = None

    def keep():
        notes = {
            "seed": args.seed,
            "steps": before + steps,
            "batch": args.batch,
            "renders": drawn.shards * renders.SHARD,
            "torch": str(torch.__version__),
            "device": torch.cuda.get_device_name() if device == "cuda" else "cpu",
        }
        pathlib.Path(args.out).mkdir(parents=True, exist_ok=True)
        torch.save({"net": name, **notes, "weights": compact(smooth.state_dict())}, path.with_suffix(".part"))
        os.replace(path.with_suffix(".part"), path)

    while True:
        done = (time.time() - started) / (args.minutes * 60)
        if args.steps:
            done = max(done, steps / args.steps)
        if done >= 1:
            break
        rate = args.rate * min(1.0, done / 0.04 + 0.01) * (0.5 * (1 + math.cos(math.pi * done)) * 0.99 + 0.01)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = person_loss(net, drawn, args.batch) if name == "person" else garment_loss(net, real, drawn, sizes)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        steps += 1
        total += loss.detach()
        share = min(0.998, 1 - 1 / (1 + steps / 8))
        torch._foreach_lerp_([a for a, _ in pairs], [b for _, b in pairs], 1 - share)
        if time.time() - told > args.report:
            held = held or drawn.held()
            print(
                f"{name} {100 * done:.0f} %: step {steps}, loss {total.item() / (steps - counted):.3f}, {steps / (time.time() - started):.1f} steps/s, "
                f"{drawn.shards * renders.SHARD} renders; {measure(smooth, real, held)}",
                flush=True,
            )
            told, counted, total = time.time(), steps, total * 0
            if time.time() - kept > 40:
                keep()
                kept = time.time()
    keep()
    print(f"{name}: {steps} steps in {time.time() - started:.0f} s; {measure(smooth, real, held or drawn.held())}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    work = ROOT / "build/training/vision"
    parser.add_argument("--only", choices=["photos", "renders", "garment", "person"])
    parser.add_argument("--out", default=str(work), help="folder of checkpoints")
    parser.add_argument("--photos", default=str(work / "photos.npz"), help="the packed photos; packed if missing")
    parser.add_argument("--renders", default=str(work / "renders"))
    parser.add_argument("--garments", type=int, default=20480, help="garments to draw")
    parser.add_argument("--people", type=int, default=7168, help="figures to draw")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--minutes", type=float, default=3.0, help="for each net")
    parser.add_argument("--steps", type=int, default=0, help="stop after so many steps, if earlier")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=float, default=20.0, help="seconds between lines")
    parser.add_argument("--fresh", action="store_true", help="start over, whatever checkpoints there are")
    args = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    if not pathlib.Path(args.photos).exists():
        photos.pack(DATA, args.photos)
    if args.only in (None, "renders"):
        renders.draw_all(args.renders, args.garments, args.people, {"train": photos.pieces(*photos.unpack(args.photos, "train"))}, args.processes)
    for name in PLANS:
        if args.only in (None, name):
            train(name, args, device)


if __name__ == "__main__":
    main()
