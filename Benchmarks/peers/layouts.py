"""Recurrent's parameters as stacked matrices, gate above gate, and gradients back again.

The stack's columns read the input, `input` `[G H, I]`, and the hidden state, `hidden` `[G H, H]`.
"""

import numpy

# The gates of each cell in the order of PyTorch's built-in layers, by the letters of Recurrent's parameters. PyTorch has
# none of peepholes; they use the order of the LSTM.
GATES = {"lstm": "ifgo", "lstm-peephole": "ifzo", "gru": "rzn", "rnn": ""}
PEEPHOLES = "ifo"
STATES = {"lstm": "hc", "lstm-peephole": "hc", "gru": "h", "rnn": "h"}


def names(cell):
    """For each gate the names of its matrix of the input, its matrix of the hidden state, and its bias. The LSTM has both
    matrices side by side in one, the hidden state's first."""
    if cell == "rnn":
        return [("W_x", "W_h", "b")]
    hidden = {"lstm": "W_", "lstm-peephole": "R_", "gru": "U_"}[cell]
    return [("W_" + gate, hidden + gate, "b_" + gate) for gate in GATES[cell]]


def stacked(cell, tensors):
    """The parameters by the names `input`, `hidden`, `bias`, and where there are such `hidden_bias` `[H]`, of the
    candidate of a GRU, and `peepholes` `[3, H]`."""
    units = tensors["output"].shape[-1]
    parameter = lambda name: tensors["parameter." + name]
    inputs, hiddens = [], []
    for of_input, of_hidden, _ in names(cell):
        joined = of_input == of_hidden
        inputs.append(parameter(of_input)[:, units:] if joined else parameter(of_input))
        hiddens.append(parameter(of_hidden)[:, :units])
    stack = {
        "input": numpy.concatenate(inputs), "hidden": numpy.concatenate(hiddens),
        "bias": numpy.concatenate([parameter(bias) for _, _, bias in names(cell)]),
    }
    if cell == "gru":
        stack["hidden_bias"] = parameter("b_hn")
    if cell == "lstm-peephole":
        stack["peepholes"] = numpy.stack([parameter("p_" + gate) for gate in PEEPHOLES])
    return stack


def unstacked(cell, stack):
    """The reverse, for gradients: by the names that `recurrent bench --serve` writes."""
    result = {}
    count = len(names(cell))
    parts = {key: numpy.split(numpy.asarray(stack[key]), count) for key in ("input", "hidden", "bias")}
    for gate, (of_input, of_hidden, bias) in enumerate(names(cell)):
        if of_input == of_hidden:
            result[of_input] = numpy.concatenate([parts["hidden"][gate], parts["input"][gate]], axis=1)
        else:
            result[of_input] = parts["input"][gate]
            result[of_hidden] = parts["hidden"][gate]
        result[bias] = parts["bias"][gate]
    if cell == "gru":
        result["b_hn"] = numpy.asarray(stack["hidden_bias"])
    if cell == "lstm-peephole":
        for index, gate in enumerate(PEEPHOLES):
            result["p_" + gate] = numpy.asarray(stack["peepholes"])[index]
    return {"gradient.parameter." + name: value for name, value in result.items()}


def states(cell, tensors):
    """The states before the first step, the hidden state first."""
    return [tensors["state." + name] for name in STATES[cell]]
