"""ONNX Runtime: the operators LSTM, GRU and RNN, over whole sequences or one step at a time."""

import numpy
import onnx
import onnxruntime

from . import layouts

# The order of the operators' gates in the order of the stack.
ORDER = {"lstm": (0, 3, 1, 2), "lstm-peephole": (0, 3, 1, 2), "gru": (1, 0, 2), "rnn": (0,)}
OPERATORS = {"lstm": "LSTM", "lstm-peephole": "LSTM", "gru": "GRU", "rnn": "RNN"}


def model(work, stack):
    """A model of one operator, its weights inside."""
    cell, units = work.cell, work.units
    order = lambda values: numpy.concatenate([numpy.split(values, len(ORDER[cell]))[gate] for gate in ORDER[cell]])
    hidden_bias = numpy.zeros_like(stack["bias"])
    if cell == "gru":
        hidden_bias[2 * units:] = stack["hidden_bias"]
    weights = {
        "W": order(stack["input"])[None], "R": order(stack["hidden"])[None],
        "B": numpy.concatenate([order(stack["bias"]), order(hidden_bias)])[None],
    }
    states = ["initial_" + name for name in layouts.STATES[cell]]
    inputs = ["X", "W", "R", "B", "", *states]
    if cell == "lstm-peephole":
        i, f, o = stack["peepholes"]
        weights["P"] = numpy.concatenate([i, o, f])[None]
        inputs.append("P")
    outputs = ["Y", *("Y_" + name for name in layouts.STATES[cell])]
    attributes = {"linear_before_reset": 1} if cell == "gru" else {}
    node = onnx.helper.make_node(OPERATORS[cell], inputs, outputs, hidden_size=units, **attributes)
    value = lambda name: onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None)
    graph = onnx.helper.make_graph(
        [node], work.cell, [value("X"), *map(value, states)], list(map(value, outputs)),
        [onnx.numpy_helper.from_array(numpy.ascontiguousarray(array), name) for name, array in weights.items()])
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)


class ONNXRuntime:
    name = "ONNX Runtime"

    def __init__(self, work, tensors, threads):
        self.work = work
        options = onnxruntime.SessionOptions()
        # One row gives two threads nothing to share.
        options.intra_op_num_threads = threads if work.mode == "infer" else 1
        bytes = model(work, layouts.stacked(work.cell, tensors)).SerializeToString()
        self.session = onnxruntime.InferenceSession(bytes, options, providers=["CPUExecutionProvider"])
        self.inputs = tensors["input"]
        self.steps = [numpy.ascontiguousarray(self.inputs[step:step + 1]) for step in range(work.steps)]
        self.names = ["initial_" + name for name in layouts.STATES[work.cell]]
        self.states = [numpy.ascontiguousarray(state[None]) for state in layouts.states(work.cell, tensors)]

    def _run(self, inputs, states):
        return self.session.run(None, {"X": inputs, **dict(zip(self.names, states))})

    def run(self, runs):
        if self.work.mode == "infer":
            for _ in range(runs):
                self._run(self.inputs, self.states)
        else:
            states = self.states
            for step in range(runs):
                _, *states = self._run(self.steps[step % self.work.steps], states)

    def results(self):
        if self.work.mode == "infer":
            return {"output": self._run(self.inputs, self.states)[0][:, 0]}
        outputs, states = [], self.states
        for inputs in self.steps:
            output, *states = self._run(inputs, states)
            outputs.append(output[:, 0])
        return {"output": numpy.concatenate(outputs)}
