"""RTNeural, built for each size from the checkout that RTNEURAL_DIR names, with whichever of its backends is faster."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy

from . import layouts

# Keras's orders of gates, in the order of the stack.
ORDER = {"lstm": (0, 1, 2, 3), "gru": (1, 0, 2)}
LAYERS = {"lstm": "LSTMLayerT", "gru": "GRULayerT"}
SOURCE = Path(__file__).with_name("rtneural.cpp")


def backends(checkout):
    """The compiler's options for each backend that the checkout holds."""
    modules = Path(checkout) / "modules"
    found = {}
    if (modules / "Eigen/Eigen").is_dir():
        # Eigen would refuse layers of more than 128 KB.
        options = ["-DRTNEURAL_USE_EIGEN=1", "-DEIGEN_STACK_ALLOCATION_LIMIT=0", "-DRTNEURAL_DEFAULT_ALIGNMENT=32"]
        found["Eigen"] = [*options, f"-I{modules / 'Eigen'}"]
    if (modules / "xsimd/include").is_dir():
        found["xsimd"] = ["-DRTNEURAL_USE_XSIMD=1", "-DRTNEURAL_DEFAULT_ALIGNMENT=64", f"-I{modules / 'xsimd/include'}"]
    return found


def build(checkout, work, options, target):
    compiler = os.environ.get("CXX") or shutil.which("clang++") or shutil.which("g++")
    if not compiler:
        raise SystemExit("Benchmarks/run: RTNEURAL_DIR is set, but there is no C++ compiler: install one or name it in CXX")
    command = [
        compiler, "-std=c++17", "-w", "-O3", "-march=native", "-DNDEBUG", f"-I{checkout}",
        f"-I{checkout}/modules/json", f"-DCELL={LAYERS[work.cell]}", f"-DINPUTS={work.inputs}", f"-DUNITS={work.units}",
        *options, str(SOURCE), "-o", str(target),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"Benchmarks/run: RTNeural does not build:\n{done.stderr[:2000]}")


class Process:
    """A program built for one backend."""

    def __init__(self, program, folder, backend, work):
        self.file = Path(folder) / f"{backend}.outputs"
        self.process = subprocess.Popen(
            [program, Path(folder) / "rtneural.numbers", self.file, str(work.steps)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, runs):
        self.process.stdin.write(f"{runs}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"Benchmarks/run: RTNeural stopped with exit code {self.process.wait()}")
        return float(answer)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class RTNeural:
    name = "RTNeural"

    def __init__(self, work, tensors, checkout, folder):
        self.work = work
        stack = layouts.stacked(work.cell, tensors)
        order = lambda values: numpy.concatenate([numpy.split(values, len(ORDER[work.cell]))[g] for g in ORDER[work.cell]])
        biases = [order(stack["bias"])]
        if work.cell == "gru":
            hidden = numpy.zeros_like(stack["bias"])
            hidden[2 * work.units:] = stack["hidden_bias"]
            biases.append(order(hidden))
        arrays = [order(stack["input"]).T, order(stack["hidden"]).T, *biases, tensors["input"]]
        with open(Path(folder) / "rtneural.numbers", "wb") as file:
            for array in arrays:
                file.write(numpy.ascontiguousarray(array, "<f4").tobytes())
        processes = {}
        for backend, options in backends(checkout).items():
            program = Path(folder) / f"rtneural-{backend}"
            build(checkout, work, options, program)
            processes[backend] = Process(program, folder, backend, work)
        if not processes:
            raise SystemExit(f"Benchmarks/run: {checkout} holds neither modules/Eigen nor modules/xsimd: is it RTNeural?")
        times = {backend: min(process.seconds(100_000) for _ in range(5)) for backend, process in processes.items()}
        self.backend = min(times, key=times.get)
        self.process = processes.pop(self.backend)
        for process in processes.values():
            process.close()

    def seconds(self, runs):
        return self.process.seconds(runs)

    def results(self):
        outputs = numpy.fromfile(self.process.file, "<f4")
        return {"output": outputs.reshape(self.work.steps, 1, self.work.units)}

    def close(self):
        self.process.close()
