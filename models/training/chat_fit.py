"""Trains encoders on labelled texts: many augmented views of few sentences, the average of the weights on the way.

On a GPU the whole step is captured as one graph: at these sizes launching kernels would take longer than running them.
"""

import dataclasses
import time

import torch
from torch.nn import functional

import checkpoint
from chat_corpus import SPELLINGS
from chat_network import Classifier, Encoder

LOOK = 25  # steps between two looks at the clock
WARM = 300  # steps until the rate is full
GUESSES = 1024  # most hidden units guessed a step


@dataclasses.dataclass(frozen=True)
class Settings:
    """How one encoder is made; the defaults are what ships."""

    table: int = 128
    dim: int = 256
    heads: int = 4
    layers: int = 3
    inner: int = 768
    dropout: float = 0.3
    steps: int = 8000
    batch: int = 256
    rate: float = 1e-3
    decay: float = 0.05
    smoothing: float = 0.1
    misspelt: float = 0.05  # part of the units that are misspelt
    hidden: float = 0.15  # part of the units whose subwords are hidden
    twice: float = 1.0  # weight of the disagreement of two views of a text (R-Drop, Liang et al. 2021)
    mixed: float = 0.0  # weight of what is between two texts: mixed embeddings, mixed intents (mixup, Zhang et al. 2018)
    halves: float = 0.0  # weight of halves of two texts put together, which no intent answers
    guesses: float = 0.1  # weight of guessing hidden units (masked language model over the batch's units)
    taught: float = 0.0  # weight of a teacher's probabilities
    average: float = 0.998  # decay of the moving average of the weights
    scale: float = 16.0


class Model(torch.nn.Module):
    def __init__(self, settings, classes):
        super().__init__()
        s = settings
        self.encoder = Encoder(s.table, s.dim, s.heads, s.layers, s.inner, s.dropout)
        self.classifier = Classifier(s.dim, classes, s.scale)


class Step:
    """One step of training, on whatever rows stand in `self.rows`."""

    def __init__(self, model, corpus, settings, optimiser, teachers=()):
        self.model, self.corpus, self.settings, self.optimiser, self.teachers = model, corpus, settings, optimiser, teachers
        device = corpus.labels.device
        self.rows = torch.zeros(settings.batch, dtype=torch.long, device=device)
        self.loss = torch.zeros((), device=device)
        self.averaged = [p.detach().clone() for p in model.parameters()]

    def views(self, units):
        """Units as they might have been typed, and which of them are hidden."""
        corpus, settings = self.corpus, self.settings
        spoilt = torch.rand(units.shape, device=units.device) < settings.misspelt
        which = torch.randint(SPELLINGS, units.shape, device=units.device)
        units = torch.where(spoilt, corpus.spellings[units, which], units)
        hidden = (torch.rand(units.shape, device=units.device) < settings.hidden) & (units != 0)
        return units, hidden

    def embed(self, model, units, hidden):
        with torch.autocast(units.device.type, torch.bfloat16, enabled=units.is_cuda, cache_enabled=False):
            return model.encoder(self.corpus.table[units], hidden)

    def run(self):
        corpus, s = self.corpus, self.settings
        units, labels, sets = corpus.sentences[self.rows], corpus.labels[self.rows], corpus.sets[self.rows]
        if not units.is_cuda:  # a captured graph has one shape; elsewhere nobody need work on padding
            units = units[:, :int((units != 0).sum(1).max())]
        times = 2 if s.twice else 1
        count = len(units)
        seen, hidden = self.views(units.repeat(times, 1))
        if s.halves:
            more, more_hidden = self.views(halves(units))
            seen, hidden = torch.cat([seen, more]), torch.cat([hidden, more_hidden])
        embeddings, states, bags = self.embed(self.model, seen, hidden)
        allowed = corpus.allowed[sets]
        labelled = (labels >= 0).float()
        logs = self.logs(self.model, embeddings[:times * count], allowed.repeat(times, 1))
        hard = (labels[:, None] == torch.arange(logs.shape[1], device=labels.device)).float()
        even = allowed.float() / allowed.float().sum(1, keepdim=True).clamp(min=1)
        goal = ((1 - s.smoothing) * hard + s.smoothing * even).repeat(times, 1)
        taught = None
        if self.teachers:
            with torch.no_grad():
                taught = torch.stack([self.logs(t, self.embed(t, seen, hidden)[0], allowed.repeat(len(seen) // count, 1)).exp() for t in self.teachers]).mean(0)
            goal = (1 - s.taught) * goal + s.taught * taught[:times * count]
        loss = _mean(-(goal * logs).sum(1), labelled.repeat(times))
        if s.twice:
            one, two = logs[:count], logs[count:]
            loss = loss + s.twice / 2 * _mean(((one.exp() - two.exp()) * (one - two)).sum(1), labelled)
        if s.halves:
            between = self.logs(self.model, embeddings[times * count:], allowed)
            usable = labelled * ((sets == sets.roll(1)) & (labels != labels.roll(1))).float()
            aim = corpus.nowhere[sets] if taught is None else taught[times * count:]
            loss = loss + s.halves * _mean(-(between * aim).sum(1), usable)
        if s.mixed:
            share = torch.rand(count, 1, device=units.device)
            share = torch.maximum(share, 1 - share)
            mixed = functional.normalize(share * embeddings[:count] + (1 - share) * embeddings[:count].roll(1, 0), dim=-1)
            mixed = self.logs(self.model, mixed, allowed | allowed.roll(1, 0))
            aim = share * goal[:count] + (1 - share) * goal[:count].roll(1, 0)
            loss = loss + s.mixed * _mean(-(aim * mixed).sum(1), labelled * labelled.roll(1))
        if s.guesses:
            loss = loss + s.guesses * self.guessed(states, bags, seen, hidden)
        self.optimiser.zero_grad(set_to_none=False)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.averaged, list(self.model.parameters()), 1 - s.average)
            self.loss.copy_(loss)

    @staticmethod
    def logs(model, embeddings, allowed):
        return model.classifier(embeddings).masked_fill(~allowed, -1e4).log_softmax(-1)

    def guessed(self, states, bags, units, hidden):
        """Cross-entropy of hidden units among the hidden units of the batch."""
        chosen = (torch.rand(units.shape, device=units.device) * hidden).flatten().topk(min(GUESSES, units.numel())).indices
        true = units.flatten()[chosen]
        guess = functional.normalize(self.model.encoder.guess(states.flatten(0, 1)[chosen].float()), dim=-1)
        found = functional.normalize(bags.flatten(0, 1)[chosen].float(), dim=-1)
        same = (true[:, None] == true) & ~torch.eye(len(true), dtype=torch.bool, device=true.device)
        scores = (10 * guess @ found.T).masked_fill(same, -1e4)
        return _mean(-scores.log_softmax(-1).diagonal(), hidden.flatten()[chosen].float())


def halves(units):
    """The beginning of each text and the end of the one before it."""
    other = units.roll(1, 0)
    at = torch.arange(units.shape[1], device=units.device)
    length, others = (units != 0).sum(1, keepdim=True), (other != 0).sum(1, keepdim=True)
    begin = (length + 1) // 2
    source = (at - begin + others // 2).clamp(0, units.shape[1] - 1)
    return torch.where(at < begin, units, other.gather(1, source.expand_as(units)))


def _mean(values, weights):
    return (values * weights).sum() / weights.sum().clamp(min=1)


def _captured(step):
    """Runs `step` as one graph of the device."""
    # Some steps before, so that all that is made once is made; the rate is still zero.
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step.run()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step.run()
    return graph.replay


class Kept:
    """What a training on a CPU goes on from when it is run again: `path`, of the settings and data of `mark`."""

    EVERY = 4 * LOOK

    def __init__(self, path, mark):
        self.path, self.mark = path, mark

    def load(self, step):
        """The number of steps that were done."""
        state = checkpoint.load(self.path, self.mark)
        if not state:
            return 0
        step.model.load_state_dict(state["model"])
        step.optimiser.load_state_dict(state["optimiser"])
        step.averaged = state["averaged"]
        return state["step"]

    def save(self, step, done):
        if done % self.EVERY == 0:
            checkpoint.save(self.path, mark=self.mark, step=done, model=step.model.state_dict(), optimiser=step.optimiser.state_dict(),
                            averaged=step.averaged)


def drawn(corpus, weights, batch):
    """[LOOK, batch]: the rows of the next steps. On a CPU those of a step are of like length, so that there is little padding."""
    rows = torch.multinomial(weights, LOOK * batch, replacement=True)
    if not rows.is_cuda:
        length = (corpus.sentences[rows] != 0).sum(1)
        rows = rows[length.argsort()].view(LOOK, batch)[torch.randperm(LOOK)]
    return rows.view(LOOK, batch)


def fit(corpus, weights, settings, seed, teachers=(), seconds=None, say=None, captured=True, start=None, kept=None):
    """An encoder with a classifier: the average of its weights, in evaluation mode.

    `weights` [n] say how often each text of the corpus is drawn. `teachers` are models over the same corpus, asked about
    the very views that are learned from (Beyer et al. 2022). With `seconds` it ends by then, however many steps are done:
    the rate falls with whichever is further. `captured` runs steps as one graph, on a GPU. `start` are weights to begin with, by
    name; `kept` is a `Kept`, for CPUs.
    """
    torch.manual_seed(seed)
    device = corpus.labels.device
    model = Model(settings, len(corpus.classes)).to(device)
    if start:
        model.load_state_dict(start, strict=False)
    plain = [p for p in model.parameters() if p.dim() < 2]
    heavy = [p for p in model.parameters() if p.dim() >= 2]
    rate = torch.tensor(0.0, device=device)
    optimiser = torch.optim.AdamW([{"params": heavy, "weight_decay": settings.decay}, {"params": plain, "weight_decay": 0.0}],
                                  lr=rate, betas=(0.9, 0.98), foreach=device.type == "cuda", capturable=device.type == "cuda")
    step = Step(model, corpus, settings, optimiser, teachers)
    weights = torch.as_tensor(weights, dtype=torch.float32, device=device)
    model.train()
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    run = _captured(step) if captured and device.type == "cuda" else step.run
    begun = kept.load(step) if kept else 0
    began, part, done = time.time(), 0.0, begun
    while part < 1:
        for chosen in drawn(corpus, weights, settings.batch):
            step.rows.copy_(chosen)
            part = max(done / settings.steps, (time.time() - began) / seconds if seconds else 0.0)
            rate.fill_(settings.rate * min(1.0, done / WARM) * max(0.0, 1 - part))
            run()
            done += 1
        loss = step.loss.item()  # waits for the device, so that the time is right
        if kept:
            kept.save(step, done)
        if say and done % (10 * LOOK) == 0:
            say(f"step {done}/{settings.steps}  loss {loss:.3f}  {(done - begun) / (time.time() - began):.2f} steps/s")
    with torch.no_grad():
        for p, averaged in zip(model.parameters(), step.averaged):
            p.copy_(averaged)
    return model.eval(), done


def classifier(encoder, corpus, settings, seed, texts=40_000, steps=300, rate=0.03):
    """The classifier that an encoder of these weights goes with, by its parameters' names: fitted to training texts drawn evenly."""
    torch.manual_seed(seed)
    model = Model(settings, len(corpus.classes)).eval()
    model.load_state_dict(encoder, strict=False)
    rows = torch.cat([torch.arange(rows.start, rows.stop) for (_, part), rows in corpus.rows.items() if part != "validation"])
    rows = rows[corpus.labels[rows] >= 0]
    rows = rows[torch.randperm(len(rows))[:texts]]
    rows = rows[(corpus.sentences[rows] != 0).sum(1).argsort()]
    vectors = embed(model, corpus, rows, 256)
    labels, allowed = corpus.labels[rows], corpus.allowed[corpus.sets[rows]]
    optimiser = torch.optim.Adam(model.classifier.parameters(), lr=rate)
    for _ in range(steps):
        batch = torch.randint(len(rows), (4096,))
        logs = Step.logs(model, vectors[batch], allowed[batch])
        loss = functional.nll_loss(logs, labels[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return {f"classifier.{name}": value.detach() for name, value in model.classifier.named_parameters()}


@torch.no_grad()
def embed(model, corpus, rows, batch=1024):
    """[len(rows), dim] on the CPU."""
    rows = torch.as_tensor(rows, device=corpus.labels.device)
    units = (corpus.sentences[part] for part in rows.split(batch))
    return torch.cat([model.encoder(corpus.table[of[:, :int((of != 0).sum(1).max())]])[0] for of in units])


@torch.no_grad()
def probabilities(model, corpus, rows, batch=1024):
    """[len(rows), classes]: over the classes of each row's own set."""
    rows = torch.as_tensor(rows, device=corpus.labels.device)
    found = model.classifier(embed(model, corpus, rows, batch))
    return found.masked_fill(~corpus.allowed[corpus.sets[rows]], -1e4).softmax(-1)
