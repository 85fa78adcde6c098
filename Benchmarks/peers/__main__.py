"""Compares Recurrent with its peers and prints one line for each piece of work."""

import argparse
import json
import os
import re
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(prog="Benchmarks/run", description=__doc__)
    parser.add_argument("--only", default="", metavar="PATTERN", help="only work whose name matches, such as 'train lstm'")
    parser.add_argument("--rounds", type=int, default=15, help="rounds, each with one sample of each contender (15)")
    parser.add_argument("--threads", type=int, default=2, help="threads of each contender (2)")
    parser.add_argument("--compile", action="store_true", help="add torch.compile where PyTorch has no built-in cell; it takes minutes")
    parser.add_argument("--text", type=Path, metavar="FILE", help="train language models on this text too, end to end")
    parser.add_argument("--iterations", type=int, default=500, help="iterations of such a training, more than 100 (500)")
    parser.add_argument("--output", type=Path, default=ROOT / ".build/benchmarks/results", help="folder of results.json and chart.svg")
    return parser.parse_args()


def limit(threads):
    """Holds this process and those that it starts to so many processors. Some peers know no other limit."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:threads]))
    os.environ["OMP_NUM_THREADS"] = str(threads)
    os.environ["JAX_PLATFORMS"] = "cpu"


def contenders(work, tensors, options, folder):
    from .onnx_runtime import ONNXRuntime
    from .pytorch import MODULES, PyTorch
    from .rtneural import LAYERS, RTNeural
    from .xla import JAX

    found = [PyTorch(work, tensors, options.threads)]
    if options.compile and work.cell not in MODULES and work.mode != "step":
        found.append(PyTorch(work, tensors, options.threads, compiles=True))
    if work.mode != "step":
        found.append(JAX(work, tensors))
    if work.mode != "train":
        found.append(ONNXRuntime(work, tensors, options.threads))
    checkout = os.environ.get("RTNEURAL_DIR")
    if checkout and work.mode == "step" and work.cell in LAYERS:
        found.append(RTNeural(work, tensors, Path(checkout).resolve(), folder))
    return found


def run(work, options):
    """One row: the seconds of each round, for each contender."""
    from .ours import Ours
    from .rounds import compare, measure

    with tempfile.TemporaryDirectory() as folder:
        ours = Ours(ROOT, work, options.threads, folder)
        others = contenders(work, ours.tensors, options, folder)
        for other in others:
            compare(work, other.name, other.results(), ours.tensors)
        seconds = measure([ours, *others], options.rounds)
        for contender in [ours, *others]:
            if hasattr(contender, "close"):
                contender.close()
    return {"work": asdict(work), "title": str(work), "operations": ours.operations, "seconds": seconds}


def main():
    options = arguments()
    limit(options.threads)
    from .pytorch import MODULES, product_rate
    from .report import chart, line
    from .rounds import Mismatch
    from .text import race, text_line
    from .work import ALL

    rows, texts = [], []
    print(f"{options.threads} threads, {options.rounds} rounds in turn; figures are medians. (×): how many times as long as "
          "Recurrent they take, in the median of the rounds and comparing each one's best round")
    peak = product_rate(options.threads)
    print(f"PyTorch's matrix product of 2,048 × 2,048 reaches {peak:.0f} GF/s here")
    try:
        for work in ALL:
            if re.search(options.only, str(work)):
                rows.append(run(work, options))
                print(line(rows[-1]), flush=True)
        for cell in MODULES if options.text else []:
            texts.append(race(ROOT, options.text, cell, max(3, options.rounds // 3), options.iterations, options.threads))
            print(text_line(texts[-1]), flush=True)
    except Mismatch as mismatch:
        sys.exit(f"Benchmarks/run: {mismatch}")
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "results.json").write_text(json.dumps({"threads": options.threads, "product_gigaflops": peak, "rows": rows, "texts": texts}, indent=1) + "\n")
    (options.output / "chart.svg").write_text(chart(rows))
    print(f"wrote {options.output}/results.json and chart.svg", file=sys.stderr)


main()
