"""What is compared: cells at their sizes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    mode: str
    cell: str
    inputs: int
    units: int
    batch: int
    steps: int

    def __str__(self):
        if self.mode == "step":
            return f"step {self.cell} {self.inputs}→{self.units}"
        return f"{self.mode} {self.cell} {self.units}, {self.batch}, {self.steps}"


SEQUENCES = [(128, 32, 64), (256, 32, 64), (512, 64, 50)]
STREAMS = [(1, 8), (1, 16), (1, 32), (1, 64), (128, 128)]
CELLS = ["lstm", "gru", "rnn", "lstm-peephole"]

ALL = [
    *(Work(mode, cell, units, units, batch, steps)
      for mode in ("train", "infer") for cell in CELLS for units, batch, steps in SEQUENCES),
    *(Work("step", cell, inputs, units, 1, 64) for cell in ("lstm", "gru") for inputs, units in STREAMS),
]
