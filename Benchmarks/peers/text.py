"""A language model trained end to end: `recurrent train text` and the same training in PyTorch, in turn."""

import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import torch

from .pytorch import MODULES
from .rounds import Mismatch, ratio

BATCH, SEQUENCE, UNITS, RATE, CLIP, HELD_OUT = 50, 50, 128, 0.002, 5.0, 0.05
# Validation losses of trainings that differ in their seeds alone lie within a few hundredths of a nat after some hundred
# iterations; a model or a training that is another one shows here.
MARGIN = 0.1


def windows(tokens, batch, sequence):
    """Parallel streams of the text cut into windows that follow each other: tokens and the ones behind them, `[T, B]`."""
    length = (len(tokens) - 1) // batch
    inputs = tokens[:length * batch].view(batch, length).t()
    targets = tokens[1:length * batch + 1].view(batch, length).t()
    return [(inputs[start:start + sequence], targets[start:start + sequence]) for start in range(0, length, sequence)]


class Model(torch.nn.Module):
    """Characters as vectors with a single 1, one recurrent layer, and a linear layer to the logits."""

    def __init__(self, cell, characters, seed):
        super().__init__()
        torch.manual_seed(seed)
        self.characters = characters
        self.recurrent = MODULES[cell](characters, UNITS)
        self.head = torch.nn.Linear(UNITS, characters)
        torch.nn.init.xavier_uniform_(self.head.weight)
        torch.nn.init.zeros_(self.head.bias)
        for name, weights in self.recurrent.named_parameters():
            for gate in weights.data.chunk(weights.shape[0] // UNITS):
                initialize = torch.nn.init.orthogonal_ if "hh" in name else torch.nn.init.xavier_uniform_
                torch.nn.init.zeros_(gate) if "bias" in name else initialize(gate)
        if cell == "lstm":
            self.recurrent.bias_ih_l0.data[UNITS:2 * UNITS] = 1

    def forward(self, tokens, states):
        inputs = torch.nn.functional.one_hot(tokens, self.characters).float()
        outputs, states = self.recurrent(inputs, states)
        return self.head(outputs), states


def loss_of(model, tokens, states):
    logits, states = model(tokens[0], states)
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[1].flatten()), states


def detached(states):
    return tuple(state.detach() for state in states) if isinstance(states, tuple) else states.detach()


def pytorch(text, cell, iterations, seed):
    """Characters a second behind the first hundred iterations, and the loss on what is held out."""
    alphabet = {character: index for index, character in enumerate(sorted(set(text)))}
    tokens = torch.tensor([alphabet[character] for character in text])
    split = len(tokens) - int(len(tokens) * HELD_OUT)
    batches = windows(tokens[:split], BATCH, SEQUENCE)
    model = Model(cell, len(alphabet), seed)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    states = begin = None
    for iteration in range(iterations):
        if iteration == 100:
            begin, characters = time.perf_counter(), 0
        batch = batches[iteration % len(batches)]
        states = None if iteration % len(batches) == 0 else detached(states)
        optimizer.zero_grad()
        loss, states = loss_of(model, batch, states)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP)
        optimizer.step()
        if begin:
            characters += batch[0].numel()
    rate = characters / (time.perf_counter() - begin)
    with torch.inference_mode():
        total, states = 0.0, None
        validation = windows(tokens[split:], 16, 250)
        for batch in validation:
            loss, states = loss_of(model, batch, states)
            total += loss.item() * batch[0].numel()
    return rate, total / sum(batch[0].numel() for batch in validation)


def ours(root, file, cell, iterations, seed, threads):
    with tempfile.TemporaryDirectory() as folder:
        command = [
            root / ".build/release/recurrent", "train", "text", file, "--cell", cell, "--units", UNITS, "--batch", BATCH,
            "--sequence", SEQUENCE, "--iterations", iterations, "--validate-every", iterations, "--validation", HELD_OUT,
            "--learning-rate", RATE, "--clip", CLIP, "--embedding", 0, "--seed", seed, "--threads", threads, "--json",
            "--output", Path(folder) / "run",
        ]
        subprocess.run([str(word) for word in command], check=True, capture_output=True)
        lines = [json.loads(line) for line in open(Path(folder) / "run/log.jsonl")]
    first, last = next(line for line in lines if line["iteration"] == 100), lines[-1]
    seconds = last["seconds"] - first["seconds"]
    return (iterations - 100) * BATCH * SEQUENCE / seconds, last["validation"]


def race(root, file, cell, rounds, iterations, threads):
    """A row: characters a second of both, in each round."""
    torch.set_num_threads(threads)
    text = Path(file).read_text(encoding="utf-8")
    rates, losses = {"recurrent": [], "PyTorch": []}, {"recurrent": [], "PyTorch": []}
    for turn in range(rounds):
        for name in list(rates)[::1 if turn % 2 == 0 else -1]:
            result = ours(root, file, cell, iterations, turn, threads) if name == "recurrent" else pytorch(text, cell, iterations, turn)
            rates[name].append(result[0])
            losses[name].append(result[1])
    means = {name: statistics.mean(values) for name, values in losses.items()}
    if abs(means["recurrent"] - means["PyTorch"]) > MARGIN:
        raise Mismatch(f"train text, {cell}: the validation losses are {means}, more than {MARGIN} apart")
    return {"cell": cell, "iterations": iterations, "characters_per_second": rates, "validation": means}


def text_line(row):
    rates = {name: statistics.median(values) for name, values in row["characters_per_second"].items()}
    times = ratio(row["characters_per_second"]["recurrent"], row["characters_per_second"]["PyTorch"])
    return (
        f"train text {row['cell']:21} {rates['recurrent'] / 1000:6.0f} k/s   PyTorch {rates['PyTorch'] / 1000:.0f} k/s "
        f"({times:.2f} ×)   validation {row['validation']['recurrent']:.3f} and {row['validation']['PyTorch']:.3f} nats")
