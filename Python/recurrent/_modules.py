"""Weights from PyTorch's own modules, and back."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

# For each cell the parameter that takes each of PyTorch's gates, in PyTorch's order: matrices of the input and of the state (the
# same name where they stand side by side in one matrix, the state's first) and the biases of both (None if both are one).
_gates: dict[str, list[tuple[str, str, str, str | None]]] = {
    "lstm": [(f"W_{gate}", f"W_{gate}", f"b_{gate}", None) for gate in "ifgo"],
    "gru": [("W_r", "U_r", "b_r", None), ("W_z", "U_z", "b_z", None), ("W_n", "U_n", "b_n", "b_hn")],
    "rnn": [("W_x", "W_h", "b", None)],
}


def from_module(module: nn.RNNBase, threads: int | None = None) -> Any:
    """A :class:`Layer` with the weights of an ``nn.LSTM``, ``nn.GRU`` or ``nn.RNN``, which gives the same numbers."""
    from .torch import Layer

    cell = {nn.LSTM: "lstm", nn.GRU: "gru", nn.RNN: "rnn"}.get(type(module))
    if cell is None:
        raise TypeError(f"{type(module).__name__} is neither an nn.LSTM, an nn.GRU nor an nn.RNN")
    if getattr(module, "nonlinearity", "tanh") != "tanh":
        raise ValueError(f"an nn.RNN with {module.nonlinearity} is another cell: write its equations")
    if module.proj_size:
        raise ValueError("an nn.LSTM with proj_size has one more matrix: use the cell lstm-projected with weights of its own")
    layer = Layer(
        cell, module.input_size, module.hidden_size, module.num_layers, batch_first=module.batch_first,
        dropout=module.dropout, bidirectional=module.bidirectional, threads=threads,
    )  # fmt: skip
    with torch.no_grad():
        for own, suffix in _places(layer):
            values = _split(cell, [getattr(module, f"{name}_{suffix}", None) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")])
            for name, value in values.items():
                own._parameters[name].copy_(value)
    return layer.train(module.training)


def to_module(layer: Any) -> nn.RNNBase:
    """An ``nn.LSTM``, ``nn.GRU`` or ``nn.RNN`` with the weights of a layer of that cell, which gives the same numbers."""
    from ._cells import Cell

    kinds = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
    cell = next((name for name in kinds if Cell(name) == layer.cell), None)
    if cell is None:
        raise ValueError(f"the cell {layer.cell.name} is neither lstm, gru nor rnn, which are all that PyTorch has")
    module = kinds[cell](
        layer.input_size, layer.hidden_size, layer.num_layers, batch_first=layer.batch_first, dropout=layer.dropout,
        bidirectional=layer.bidirectional,
    )  # fmt: skip
    with torch.no_grad():
        for own, suffix in _places(layer):
            for name, value in zip(("weight_ih", "weight_hh", "bias_ih", "bias_hh"), _joined(cell, own._parameters)):
                getattr(module, f"{name}_{suffix}").copy_(value)
    return module.train(layer.training)


def _places(layer: Any) -> list[tuple[Any, str]]:
    places = []
    for index, own in enumerate(layer.layers):
        places.append((own, f"l{index}"))
        if layer.bidirectional:
            places.append((own.reverse, f"l{index}_reverse"))
    return places


def _split(cell: str, tensors: list[torch.Tensor | None]) -> dict[str, torch.Tensor]:
    gates = _gates[cell]
    ofInput, ofState, *biases = [None if tensor is None else tensor.chunk(len(gates)) for tensor in tensors]
    values: dict[str, torch.Tensor] = {}
    for index, (x, h, bias, second) in enumerate(gates):
        if x == h:
            values[x] = torch.cat([ofState[index], ofInput[index]], 1)
        else:
            values[x], values[h] = ofInput[index], ofState[index]
        first, other = (torch.zeros(len(ofInput[index])) if own is None else own[index] for own in biases)
        values[bias] = first if second else first + other
        if second:
            values[second] = other
    return values


def _joined(cell: str, own: dict[str, torch.Tensor]) -> list[torch.Tensor]:
    gates = _gates[cell]
    units = len(own[gates[0][2]])
    ofInput, ofState, first, other = [], [], [], []
    for x, h, bias, second in gates:
        ofInput.append(own[x][:, units:] if x == h else own[x])
        ofState.append(own[h][:, :units] if x == h else own[h])
        first.append(own[bias])
        other.append(own[second] if second else torch.zeros_like(own[bias]))
    return [torch.cat(parts) for parts in (ofInput, ofState, first, other)]
