"""PyTorch: the built-in layers, and the peephole LSTM as a cell of one's own."""

import time

import numpy
import torch

from . import layouts

MODULES = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}


class PeepholeLSTM(torch.nn.Module):
    """What one writes where no layer is built in: the input's products at once, then step by step."""

    def __init__(self, inputs, units):
        super().__init__()
        self.weight_ih_l0 = torch.nn.Parameter(torch.empty(4 * units, inputs))
        self.weight_hh_l0 = torch.nn.Parameter(torch.empty(4 * units, units))
        self.bias_ih_l0 = torch.nn.Parameter(torch.empty(4 * units))
        self.peepholes = torch.nn.Parameter(torch.empty(3, units))

    def forward(self, x, states):
        h, c = states[0][0], states[1][0]
        p_i, p_f, p_o = self.peepholes
        outputs = []
        recurrent = self.weight_hh_l0.t()
        for gates in torch.nn.functional.linear(x, self.weight_ih_l0, self.bias_ih_l0).unbind(0):
            i, f, z, o = torch.addmm(gates, h, recurrent).chunk(4, 1)
            i = torch.sigmoid(i + p_i * c)
            f = torch.sigmoid(f + p_f * c)
            c = f * c + i * torch.tanh(z)
            h = torch.sigmoid(o + p_o * c) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs), (h[None], c[None])


def product_rate(threads, size=2048, samples=9):
    """10⁹ operations a second of one large matrix product, the best of several: a roof that is no work of ours."""
    torch.set_num_threads(threads)
    left, right = torch.rand(size, size), torch.rand(size, size)
    torch.mm(left, right)
    times = []
    for _ in range(samples):
        begin = time.perf_counter()
        torch.mm(left, right)
        times.append(time.perf_counter() - begin)
    return 2 * size**3 / min(times) * 1e-9


class PyTorch:
    def __init__(self, work, tensors, threads, compiles=False):
        # One row gives two threads nothing to share.
        torch.set_num_threads(1 if work.mode == "step" else threads)
        self.name = "torch.compile" if compiles else "PyTorch"
        self.work = work
        self.inputs = torch.tensor(tensors["input"], requires_grad=work.mode == "train")
        states = [torch.tensor(state)[None] for state in layouts.states(work.cell, tensors)]
        self.states = [state.requires_grad_(work.mode == "train") for state in states]
        self.module = MODULES.get(work.cell, PeepholeLSTM)(work.inputs, work.units)
        stack = layouts.stacked(work.cell, tensors)
        self._load(stack)
        self.call = torch.compile(self.module) if compiles else self.module
        if work.mode == "train":
            self.gradient = torch.tensor(tensors["gradient.output"])

    def _load(self, stack):
        module, units = self.module, self.work.units
        with torch.no_grad():
            module.weight_ih_l0.copy_(torch.tensor(stack["input"]))
            module.weight_hh_l0.copy_(torch.tensor(stack["hidden"]))
            module.bias_ih_l0.copy_(torch.tensor(stack["bias"]))
            if self.work.cell in MODULES:
                module.bias_hh_l0.zero_()
            if self.work.cell == "gru":
                module.bias_hh_l0[2 * units:] = torch.tensor(stack["hidden_bias"])
            if self.work.cell == "lstm-peephole":
                module.peepholes.copy_(torch.tensor(stack["peepholes"]))

    def _forward(self, inputs, states):
        return self.call(inputs, tuple(states) if len(states) > 1 or self.work.cell == "lstm-peephole" else states[0])

    def run(self, runs):
        if self.work.mode == "train":
            for _ in range(runs):
                self._train()
        elif self.work.mode == "infer":
            with torch.inference_mode():
                for _ in range(runs):
                    self._forward(self.inputs, self.states)
        else:
            self._stream(runs)

    def _train(self):
        for tensor in [self.inputs, *self.states, *self.module.parameters()]:
            tensor.grad = None
        outputs, _ = self._forward(self.inputs, self.states)
        outputs.backward(self.gradient)
        return outputs

    def _stream(self, steps):
        outputs = []
        with torch.inference_mode():
            states = self.states
            for step in range(steps):
                at = step % self.work.steps
                output, states = self._forward(self.inputs[at:at + 1], states)
                states = states if isinstance(states, tuple) else (states,)
                if steps <= self.work.steps:
                    outputs.append(output)
        return outputs

    def results(self):
        if self.work.mode == "step":
            return {"output": torch.cat(self._stream(self.work.steps)).numpy()}
        if self.work.mode == "infer":
            with torch.inference_mode():
                return {"output": self._forward(self.inputs, self.states)[0].numpy()}
        outputs = self._train()
        module, units = self.module, self.work.units
        stack = {
            "input": module.weight_ih_l0.grad, "hidden": module.weight_hh_l0.grad, "bias": module.bias_ih_l0.grad,
        }
        if self.work.cell == "gru":
            stack["hidden_bias"] = module.bias_hh_l0.grad[2 * units:]
        if self.work.cell == "lstm-peephole":
            stack["peepholes"] = module.peepholes.grad
        results = {"output": outputs.detach().numpy(), "gradient.input": self.inputs.grad.numpy()}
        for name, state in zip(layouts.STATES[self.work.cell], self.states):
            results["gradient.state." + name] = state.grad[0].numpy()
        return results | layouts.unstacked(self.work.cell, {key: value.numpy() for key, value in stack.items()})
