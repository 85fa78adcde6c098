"""Recurrent, driven through `recurrent bench --serve`."""

import json
import subprocess
from pathlib import Path

import numpy


class Ours:
    """One piece of work in a process of its own. Its numbers are what the peers run on and are compared with."""

    name = "recurrent"

    def __init__(self, root, work, threads, folder):
        file = Path(folder) / "work.safetensors"
        command = [
            root / ".build/release/recurrent", "bench", "--cell", work.cell, "--mode", work.mode, "--inputs", work.inputs,
            "--units", work.units, "--batch", work.batch, "--time", work.steps, "--threads", threads, "--serve", file,
        ]
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.operations = int(self._answer())
        self.tensors = read_safetensors(file)

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("Benchmarks/run: recurrent stopped; its reason is above")
        return line

    def seconds(self, runs):
        """Seconds that so many runs take."""
        self.process.stdin.write(f"{runs}\n")
        self.process.stdin.flush()
        return float(self._answer())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def read_safetensors(path):
    """The tensors of a file, all of them in 32-bit floating point, by name."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    return {
        name: numpy.frombuffer(data[start + tensor["data_offsets"][0]:start + tensor["data_offsets"][1]], "<f4")
        .reshape(tensor["shape"]).copy()
        for name, tensor in header.items()
    }
