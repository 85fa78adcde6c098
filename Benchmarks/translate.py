#!/usr/bin/env python3
"""Sets `recurrent train translate` beside an encoder and a decoder with attention in PyTorch: the same cells, sizes, pieces and batches.

    python Benchmarks/translate.py time TRAIN.tsv --rounds 3
    python Benchmarks/translate.py quality TRAIN.tsv VALID.tsv TEST.tsv … --epochs 20 [--peer-epochs 6]

`time` trains both alternately, a part of an epoch at a time (--part 1 for whole ones), and prints the symbols to write that each trains on
in a second. `quality` trains the command to its end and prints
BLEU and chrF on each test file, greedy and with a beam of five; with --peer-epochs the peer, too.

The network: embeddings and layers of --units, a GRU that reads both ways, a GRU with additive attention that writes, a layer from
what was read last to its first state, the output tied to the embedding. A pair is a source, a tab and a target a line.
"""

import argparse
import json
import math
import pathlib
import random
import struct
import subprocess
import tempfile
import time
import unicodedata

import torch


# MARK: The pieces of the command's model


class Pieces:
    """Cuts texts as the command does, into the pieces of a vocabulary."""

    begin = 257

    def __init__(self, symbols):
        self.symbols = symbols
        self.whole = {symbol: place for place, symbol in enumerate(symbols) if place >= self.begin}
        self.merges = {}
        for symbol, place in self.whole.items():
            for cut in range(1, len(symbol)):
                if symbol[:cut] in self.whole and symbol[cut:] in self.whole:
                    self.merges[self.whole[symbol[:cut]], self.whole[symbol[cut:]]] = place

    @staticmethod
    def kind(scalar):
        if scalar == " ":
            return "space"
        if scalar.isspace():
            return "blank"
        category = unicodedata.category(scalar)
        return "digit" if category == "Nd" else "letters" if category[0] in "LM" else "marks"

    def words(self, text):
        word, last = " ", "space"
        for scalar in text:
            kind = self.kind(scalar)
            joins = kind not in ("space", "blank") if last == "space" else kind == last and kind not in ("digit", "blank")
            if joins:
                word += scalar
            else:
                yield word
                word = scalar
            last = kind
        yield word

    def encode(self, text):
        tokens = []
        for word in self.words(text):
            word = word.replace(" ", "\u2581")
            if word in self.whole:
                tokens.append(self.whole[word])
                continue
            own = []
            for scalar in word:
                own += [self.whole[scalar]] if scalar in self.whole else [byte + 1 for byte in scalar.encode()]
            while True:
                found = [(self.merges[pair], place) for place, pair in enumerate(zip(own, own[1:])) if pair in self.merges]
                if not found:
                    break
                symbol, place = min(found)
                own[place:place + 2] = [symbol]
            tokens += own
        return tokens

    def decode(self, tokens):
        data = b"".join(
            bytes([t - 1]) if 0 < t < self.begin else self.symbols[t].replace("\u2581", " ").encode() for t in tokens if t)
        return data.decode(errors="replace").removeprefix(" ")


def vocabularies(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    network = json.loads(header["__metadata__"]["network"])
    return (Pieces(find(network["context"]["encoder"]["input"], "symbols")), Pieces(find(network["input"], "symbols")))


def find(value, key):
    if isinstance(value, dict):
        if key in value:
            return value[key]
        value = list(value.values())
    if isinstance(value, list):
        return next((found for found in (find(item, key) for item in value) if found is not None), None)
    return None


# MARK: The peer


class Attention(torch.nn.Module):
    """A GRU whose input is a symbol's vector and what additive attention finds (Bahdanau, Cho & Bengio 2015)."""

    def __init__(self, embedding, units, width):
        super().__init__()
        self.cell = torch.nn.GRUCell(embedding + width, units)
        self.keys = torch.nn.Linear(width, units, bias=False)
        self.query = torch.nn.Linear(units, units)
        self.score = torch.nn.Parameter(torch.empty(units).uniform_(-0.1, 0.1))

    def step(self, vector, state, memory, keys, mask):
        scores = torch.tanh(keys + self.query(state)[:, None]) @ self.score
        weights = scores.masked_fill(mask, -math.inf).softmax(1)
        context = torch.bmm(weights[:, None], memory)[:, 0]
        return self.cell(torch.cat([vector, context], 1), state)


class Model(torch.nn.Module):
    def __init__(self, sources, targets, units, dropout):
        super().__init__()
        self.source = torch.nn.Embedding(sources, units)
        self.target = torch.nn.Embedding(targets, units)
        for table in (self.source, self.target):
            torch.nn.init.normal_(table.weight, std=0.1)
        self.encoder = torch.nn.GRU(units, units, bidirectional=True, batch_first=True)
        self.bridge = torch.nn.Linear(2 * units, units)
        self.decoder = Attention(units, units, 2 * units)
        self.bias = torch.nn.Parameter(torch.zeros(targets))
        self.dropout = torch.nn.Dropout(dropout)

    def read(self, sources):
        lengths = torch.tensor([len(source) for source in sources])
        padded = torch.nn.utils.rnn.pad_sequence([torch.tensor(s) for s in sources], batch_first=True)
        packed = torch.nn.utils.rnn.pack_padded_sequence(
            self.source(padded), lengths, batch_first=True, enforce_sorted=False)
        rows, last = self.encoder(packed)
        memory = self.dropout(torch.nn.utils.rnn.pad_packed_sequence(rows, batch_first=True)[0])
        mask = torch.arange(memory.shape[1])[None] >= lengths[:, None]
        state = torch.tanh(self.bridge(self.dropout(torch.cat([last[0], last[1]], 1))))
        return state, memory, self.decoder.keys(memory), mask

    def output(self, rows):
        return torch.nn.functional.linear(self.dropout(rows), self.target.weight, self.bias)

    def forward(self, sources, targets):
        state, memory, keys, mask = self.read(sources)
        padded = torch.nn.utils.rnn.pad_sequence([torch.tensor([0] + t) for t in targets], batch_first=True)
        vectors, rows = self.target(padded), []
        for step in range(padded.shape[1]):
            state = self.decoder.step(vectors[:, step], state, memory, keys, mask)
            rows.append(state)
        live = torch.arange(padded.shape[1])[None] < torch.tensor([len(t) + 1 for t in targets])[:, None]
        wanted = torch.tensor([symbol for target in targets for symbol in target + [0]])
        return self.output(torch.stack(rows, 1)[live]), wanted

    @torch.no_grad()
    def translate(self, sources, longest):
        state, memory, keys, mask = self.read(sources)
        symbols = torch.zeros(len(sources), dtype=torch.long)
        given, done = [[] for _ in sources], torch.zeros(len(sources), dtype=torch.bool)
        for _ in range(longest):
            state = self.decoder.step(self.target(symbols), state, memory, keys, mask)
            symbols = self.output(state).argmax(1)
            done |= symbols == 0
            if done.all():
                break
            for place, symbol in enumerate(symbols.tolist()):
                if not done[place]:
                    given[place].append(symbol)
        return given


class Peer:
    def __init__(self, pairs, pieces, options):
        torch.manual_seed(options.seed)
        torch.set_num_threads(options.threads)
        self.options, self.pieces = options, pieces
        self.model = Model(len(pieces[0].symbols), len(pieces[1].symbols), options.units, options.dropout)
        self.optimizer = torch.optim.Adam(self.model.parameters(), options.rate)
        self.random = random.Random(options.seed)
        # Pairs of about the same length, and batches of about equally many pieces.
        pairs = sorted(((pieces[0].encode(a) + [0], pieces[1].encode(b)) for a, b in pairs), key=lambda p: (-len(p[1]), -len(p[0])))
        share = sum(len(a) + len(b) + 1 for a, b in pairs) * options.batch // len(pairs)
        self.batches, own, size = [], [], 0
        for pair in pairs:
            if size and size + len(pair[0]) + len(pair[1]) + 1 > share:
                self.batches.append(own)
                own, size = [], 0
            own.append(pair)
            size += len(pair[0]) + len(pair[1]) + 1
        self.batches.append(own)
        self.order = []

    def step(self):
        """Trains on a batch; returns how many symbols there were to write."""
        if not self.order:
            self.order = list(range(len(self.batches)))
            self.random.shuffle(self.order)
        batch = self.batches[self.order.pop()]
        given, wanted = self.model([a for a, _ in batch], [b for _, b in batch])
        loss = torch.nn.functional.cross_entropy(given, wanted, label_smoothing=self.options.smoothing)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5)
        self.optimizer.step()
        return len(wanted)

    def translations(self, texts):
        self.model.eval()
        found = []
        for start in range(0, len(texts), 64):
            some = [self.pieces[0].encode(text) + [0] for text in texts[start:start + 64]]
            found += [self.pieces[1].decode(tokens) for tokens in self.model.translate(some, 100)]
        self.model.train()
        return found


# MARK: Both


def read(path):
    return [tuple(line.split("\t")) for line in pathlib.Path(path).read_text().splitlines()]


def command(options, *words):
    done = subprocess.run([options.recurrent, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def settings(options):
    return [
        "--cell", options.cell, "--units", options.units, "--tie-embedding", "--batch", options.batch, "--vocabulary",
        options.vocabulary, "--learning-rate", options.rate, "--label-smoothing", options.smoothing, "--dropout",
        options.dropout, "--threads", options.threads, "--seed", options.seed]


def records(run):
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def measure(options):
    pairs = read(options.train)
    with tempfile.TemporaryDirectory() as folder:
        run = pathlib.Path(folder) / "run"
        command(
            options, "train", "translate", options.train, *settings(options), "--validation", 0, "--iterations", 1,
            "--validate-every", 1_000_000, "--output", run)
        peer = Peer(pairs, vocabularies(run / "model.safetensors"), options)
        first = records(run)[-1]
        batches, iterations = round(1 / first["epoch"]), max(1, round(options.part / first["epoch"]))
        count = sum(len(target) + 1 for batch in peer.batches for _, target in batch)
        print(f"{len(pairs):,} pairs, {count:,} symbols to write in {batches} batches of ours and {len(peer.batches)} of the peer")
        ours, theirs, done, seconds = [], [], 1, first["seconds"]
        for turn in range(options.rounds):
            done += iterations
            command(options, "train", "translate", "--resume", run, "--iterations", done)
            last = records(run)[-1]
            ours.append(iterations * count / batches / (last["seconds"] - seconds))
            seconds = last["seconds"]
            begin, symbols = time.perf_counter(), 0
            for _ in range(iterations):
                symbols += peer.step()
            theirs.append(symbols / (time.perf_counter() - begin))
            print(f"round {turn + 1}: {ours[-1]:,.0f} symbols a second, PyTorch {theirs[-1]:,.0f}", flush=True)
        ratios = sorted(a / b for a, b in zip(ours, theirs))
        print(f"{ratios[len(ratios) // 2]:.2f} times PyTorch's speed (median of {options.rounds} rounds, PyTorch {torch.__version__})")


def score(found, references):
    import sacrebleu

    bleu, chrf = sacrebleu.corpus_bleu(found, [references]), sacrebleu.corpus_chrf(found, [references])
    return f"BLEU {bleu.score:.1f}, chrF {chrf.score:.1f}"


def quality(options):
    run = pathlib.Path(options.output)
    begin = time.perf_counter()
    command(
        options, "train", "translate", options.train, *settings(options), "--validation-file", options.valid, "--epochs",
        options.epochs, "--output", run)
    print(f"ours: {(time.perf_counter() - begin) / 60:.1f} minutes, {records(run)[-1]['epoch']:.1f} epochs", flush=True)
    for test in options.test:
        for beam in (1, 5):
            result = json.loads(command(options, "evaluate", run, test, "--beam", beam, "--json"))
            print(f"{test}, beam {beam}: BLEU {result['bleu']:.1f}, chrF {result['chrf']:.1f}", flush=True)
    if not options.peer_epochs:
        return
    peer = Peer(read(options.train), vocabularies(run / "model.safetensors"), options)
    begin = time.perf_counter()
    for epoch in range(options.peer_epochs):
        for _ in peer.batches:
            peer.step()
        print(f"PyTorch: epoch {epoch + 1}, {(time.perf_counter() - begin) / 60:.1f} minutes", flush=True)
    for test in options.test:
        pairs = read(test)
        print(f"{test}, PyTorch, greedy: {score(peer.translations([a for a, _ in pairs]), [b for _, b in pairs])}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    timed = kinds.add_parser("time")
    timed.set_defaults(run=measure)
    timed.add_argument("train")
    timed.add_argument("--rounds", type=int, default=3)
    timed.add_argument("--part", type=float, default=1, help="of an epoch, in each round")
    whole = kinds.add_parser("quality")
    whole.set_defaults(run=quality)
    whole.add_argument("train")
    whole.add_argument("valid")
    whole.add_argument("test", nargs="+")
    whole.add_argument("--epochs", type=float, default=20)
    whole.add_argument("--peer-epochs", type=int, default=0)
    whole.add_argument("--output", default="runs/translate")
    for one in (timed, whole):
        one.add_argument("--recurrent", default=".build/release/recurrent")
        one.add_argument("--cell", default="gru-attention")
        one.add_argument("--units", type=int, default=256)
        one.add_argument("--vocabulary", type=int, default=4000)
        one.add_argument("--batch", type=int, default=64)
        one.add_argument("--rate", type=float, default=0.001)
        one.add_argument("--smoothing", type=float, default=0.1)
        one.add_argument("--dropout", type=float, default=0.3)
        one.add_argument("--threads", type=int, default=2)
        one.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.run(options)


main()
