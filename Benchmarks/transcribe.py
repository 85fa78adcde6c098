#!/usr/bin/env python3
"""Trains PyTorch's GRU with ctc_loss on a file for `recurrent train transcribe`, as the peer of a training of the same cell, size,
batch, epochs and rate, and prints the symbol error rate of greedy decoding and the time.

    python Benchmarks/transcribe.py TRAIN.npz TEST.npz --units 64 --epochs 10

beside

    recurrent train transcribe TRAIN.npz --cell gru --units 64 --epochs 10 --output runs/peer
    recurrent evaluate runs/peer TEST.npz

The files have the arrays `features`, `lengths`, `digits` and `digit_counts`, or those that --names says. A tenth of the sequences is
held out, and the weights of the best epoch are tested, as in the other training.
"""

import argparse
import copy
import time

import numpy
import torch


def read(path, names):
    arrays = numpy.load(path)
    steps, lengths, symbols, counts = (arrays[name] for name in names)
    steps = numpy.split(steps.astype(numpy.float32), numpy.cumsum(lengths)[:-1])
    symbols = numpy.split(symbols.astype(numpy.int64), numpy.cumsum(counts)[:-1])
    return [(torch.from_numpy(a), b.tolist()) for a, b in zip(steps, symbols)]


class Model(torch.nn.Module):
    def __init__(self, width, units, layers, symbols, both):
        super().__init__()
        self.recurrent = torch.nn.GRU(width, units, layers, bidirectional=both)
        self.output = torch.nn.Linear(units * (2 if both else 1), symbols + 1)

    def forward(self, packed):
        rows, lengths = torch.nn.utils.rnn.pad_packed_sequence(self.recurrent(packed)[0])
        return self.output(rows).log_softmax(2), lengths


def edits(actual, given):
    before = list(range(len(given) + 1))
    for row, symbol in enumerate(actual, 1):
        costs = [row]
        for column, other in enumerate(given, 1):
            costs.append(min(before[column - 1] + (symbol != other), before[column] + 1, costs[-1] + 1))
        before = costs
    return before[-1]


def error_rate(model, sequences, places):
    wrong = total = 0
    with torch.no_grad():
        for start in range(0, len(sequences), 64):
            some = sequences[start:start + 64]
            rows, lengths = model(torch.nn.utils.rnn.pack_sequence([a for a, _ in some], enforce_sorted=False))
            best = rows.argmax(2)
            for place, (_, symbols) in enumerate(some):
                path = torch.unique_consecutive(best[:lengths[place], place]).tolist()
                actual = [places[symbol] for symbol in symbols]
                wrong += edits(actual, [c for c in path if c])
                total += len(actual)
    return wrong / total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--names", default="features,lengths,digits,digit_counts")
    parser.add_argument("--units", type=int, default=64)
    parser.add_argument("--layers", type=int, default=1)
    parser.add_argument("--forward", action="store_true")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=0.002)
    parser.add_argument("--clip", type=float, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    names = options.names.split(",")
    sequences, test = read(options.train, names), read(options.test, names)
    order = torch.randperm(len(sequences)).tolist()
    held = [sequences[place] for place in order[:len(order) // 10]]
    training = [sequences[place] for place in order[len(order) // 10:]]
    rows = torch.cat([a for a, _ in training])
    mean, deviation = rows.mean(0), rows.std(0, unbiased=False)
    training, held, test = ([((a - mean) / deviation, b) for a, b in some] for some in (training, held, test))
    places = {symbol: place for place, symbol in enumerate(sorted({s for _, b in training for s in b}), 1)}
    model = Model(rows.shape[1], options.units, options.layers, len(places), not options.forward)
    optimizer = torch.optim.Adam(model.parameters(), options.rate)
    best, kept, begin = 2.0, None, time.time()
    for epoch in range(options.epochs):
        order = torch.randperm(len(training)).tolist()
        for start in range(0, len(order), options.batch):
            some = [training[place] for place in order[start:start + options.batch]]
            given, lengths = model(torch.nn.utils.rnn.pack_sequence([a for a, _ in some], enforce_sorted=False))
            symbols = torch.tensor([places[s] for _, b in some for s in b])
            counts = torch.tensor([len(b) for _, b in some])
            loss = torch.nn.functional.ctc_loss(given, symbols, lengths, counts, reduction="sum") / counts.sum()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), options.clip)
            optimizer.step()
        rate = error_rate(model, held, places)
        if rate < best:
            best, kept = rate, copy.deepcopy(model.state_dict())
        print(f"epoch {epoch + 1}: loss {loss.item():.3f}, held out {100 * rate:.2f} %, {time.time() - begin:.1f} s", flush=True)
    model.load_state_dict(kept)
    print(f"test: {100 * error_rate(model, test, places):.2f} % symbol errors after {time.time() - begin:.1f} s")


main()
