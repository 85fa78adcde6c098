"""Layers for PyTorch whose forward and backward runs are compiled from a cell's equations.

>>> import recurrent.torch as rt
>>> layer = rt.Layer("lstm-peephole", 64, 128, num_layers=2, batch_first=True)
>>> output, (h, c) = layer(torch.randn(32, 100, 64))
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from ctypes import c_void_p
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from ._cells import Cell
from ._library import (
    Gradients, Handle, LayerCall, LayerInfo, Owned, RecurrentError, TensorInfo, check, lib, thread_count,
)  # fmt: skip
from ._modules import from_module, to_module
from ._reference import Reference, refuse_second_derivatives, say_slow

__all__ = ["Layer", "from_module", "to_module"]

State = Tensor | tuple[Tensor, ...]


class _Native:
    """A cell with sizes, ready to run."""

    def __init__(self, cell: Cell, inputs: int, units: int, sizes: Mapping[str, int], threads: int) -> None:
        names = (ctypes.c_char_p * len(sizes))(*(name.encode() for name in sizes))
        values = (ctypes.c_int64 * len(sizes))(*sizes.values())
        self.owned = Owned(
            "layer", lib.recurrent_layer_open, cell._owned.pointer, inputs, units, names, values, len(sizes), threads
        )
        info = LayerInfo()
        check(lib.recurrent_layer_describe, self.owned.pointer, ctypes.byref(info))
        self.outputs: int = info.outputs
        tensors = [self._tensor(lib.recurrent_layer_parameter, index) for index in range(info.parameters)]
        self.parameters = [(own.name.decode(), list(own.shape)[: own.rank]) for own in tensors]
        self.fixed = {own.name.decode() for own in tensors if own.fixed}
        self.widths: list[int] = [self._tensor(lib.recurrent_layer_state, index).count for index in range(info.states)]
        self.zoneouts = [self._zoneout(index) for index in range(info.states)]
        self.shapes = [shape for _, shape in self.parameters]
        self.Pointers = c_void_p * max(len(self.parameters), 1)
        self.States = c_void_p * info.states
        # Where the parameters stood at the last call: they mostly stay there. Never changed, since other threads may be using it.
        self._own: tuple[list[int], Any] = ([], self.Pointers())

    def _tensor(self, function, index: int) -> TensorInfo:
        info = TensorInfo()
        check(function, self.owned.pointer, index, ctypes.byref(info))
        return info

    def _zoneout(self, state: int) -> float:
        fraction = ctypes.c_double()
        check(lib.recurrent_layer_zoneout, self.owned.pointer, state, ctypes.byref(fraction))
        return fraction.value

    def initialize(self, parameters: Sequence[Tensor], seed: int) -> None:
        check(lib.recurrent_layer_initialize, self.owned.pointer, seed, self._addresses(self.Pointers, parameters))

    @staticmethod
    def _addresses(kind, tensors: Sequence[Tensor | None]):
        return kind(*[None if tensor is None else tensor.data_ptr() for tensor in tensors])

    def _parameters(self, tensors: Sequence[Tensor]) -> Any:
        pointers = [tensor.data_ptr() for tensor in tensors]
        known, own = self._own
        if known != pointers:
            own = self.Pointers(*pointers)
            self._own = (pointers, own)
        return own

    def run(
        self, rows: _Rows, input: Tensor, states: Sequence[Tensor | None], zoneouts: Sequence[Tensor | None] | None,
        parameters: Sequence[Tensor], tape: Handle | None,
    ) -> list[Tensor]:  # fmt: skip
        """The output, with a row where the input has one, and the state after each sequence's last step, a row a sequence."""
        results = [input.new_empty((*rows.ends, width)) for width in self.widths]
        output = input.new_empty((*rows.shape, self.outputs))
        call = LayerCall(
            rows.sequences, rows.steps, rows.lengths, rows.reverse,
            ctypes.addressof(own := self._parameters(parameters)), input.data_ptr(),
            ctypes.addressof(before := self._addresses(self.States, states)), None, output.data_ptr(),
            ctypes.addressof(after := self._addresses(self.States, results)),
        )  # fmt: skip
        if zoneouts is not None:
            kept = self._addresses(self.States, zoneouts)
            call.zoneouts = ctypes.addressof(kept)
        check(
            lib.recurrent_layer_run, self.owned.pointer, ctypes.byref(call), None if tape is None else ctypes.byref(tape)
        )
        del own, before, after
        return [output, *results]


class _Rows:
    """How the rows of a batch lie: packed, as in a PackedSequence, which for equal lengths is time-major.

    `shape` is that of the rows, such as `[T, B]`, and `ends` that of what there is for each sequence, such as `[B]`.
    """

    __slots__ = ("sequences", "steps", "shape", "ends", "lengths", "reverse", "_kept")

    def __init__(self, sequences: int, steps: int, shape: tuple[int, ...], ends: tuple[int, ...], lengths: Tensor | None = None) -> None:
        self.sequences, self.steps, self.shape, self.ends = sequences, steps, shape, ends
        self._kept = lengths
        self.lengths = None if lengths is None else lengths.data_ptr()
        self.reverse = 0

    @classmethod
    def packed(cls, batch_sizes: Tensor, rows: int, ends: tuple[int, ...]) -> _Rows:
        sequences = int(batch_sizes[0])
        # A sequence goes on for as many steps as have more sequences than come before it.
        lengths = (batch_sizes.unsqueeze(0) > torch.arange(sequences).unsqueeze(1)).sum(1).contiguous()
        return cls(sequences, len(batch_sizes), (rows,), (*ends, sequences), lengths)

    def reversed(self) -> _Rows:
        rows = _Rows(self.sequences, self.steps, self.shape, self.ends, self._kept)
        rows.reverse = 1
        return rows


class _Tape:
    __slots__ = ("handle",)

    def __init__(self) -> None:
        self.handle = Handle()

    def __del__(self) -> None:
        if self.handle:
            lib.recurrent_tape_close(self.handle)


class _Run(torch.autograd.Function):
    """One pass over the sequences. The arguments after `zoneouts` are the states and then the parameters."""

    @staticmethod
    def forward(ctx: Any, native: _Native, rows: _Rows, zoneouts: Any, input: Tensor, *tensors: Tensor | None) -> Any:
        count = len(native.widths)
        ctx.set_materialize_grads(False)
        ctx.native, ctx.rows, ctx.tape = native, rows, _Tape()
        ctx.save_for_backward(input)
        return tuple(native.run(rows, input, tensors[:count], zoneouts, tensors[count:], ctx.tape.handle))

    @staticmethod
    def backward(ctx: Any, output: Tensor | None, *final: Tensor | None) -> Any:
        refuse_second_derivatives()
        if ctx.tape is None:
            raise RecurrentError(
                "this graph of a recurrent.torch.Layer has been run back, which uses it up: retain_graph does not keep it, "
                "so run the layer forward again"
            )
        native, rows, tape = ctx.native, ctx.rows, ctx.tape
        ctx.tape = None
        (input,) = ctx.saved_tensors
        needs = ctx.needs_input_grad[3:]
        states = [
            input.new_empty((*rows.ends, width)) if needed else None for needed, width in zip(needs[1:], native.widths)
        ]
        parameters = [
            input.new_empty(shape) if needed else None for needed, shape in zip(needs[1 + len(states) :], native.shapes)
        ]
        ofInput = torch.empty_like(input) if needs[0] else None
        output = None if output is None else output.contiguous()
        final = [None if gradient is None else gradient.contiguous() for gradient in final]
        call = Gradients(
            None if output is None else output.data_ptr(), ctypes.addressof(given := native._addresses(native.States, final)),
            input.data_ptr(), None if ofInput is None else ofInput.data_ptr(),
            ctypes.addressof(first := native._addresses(native.States, states)),
            ctypes.addressof(own := native._addresses(native.Pointers, parameters)),
        )  # fmt: skip
        check(lib.recurrent_tape_run_back, tape.handle, ctypes.byref(call))
        del given, first, own
        return (None, None, None, ofInput, *states, *parameters)


class _Pass(nn.Module):
    """The parameters of one direction of one layer, by the names of its cell's equations."""

    def __init__(self, cell: Cell, inputs: int, units: int, sizes: Mapping[str, int], threads: int | None) -> None:
        super().__init__()
        self.cell, self.inputs, self.units, self.sizes, self.threads = cell, inputs, units, dict(sizes), threads
        self._native: _Native | None = None
        for name, shape in self.native.parameters:
            # What the equations name may be the name of a method of modules, too.
            self._parameters[name] = nn.Parameter(torch.empty(shape), requires_grad=name not in self.native.fixed)

    @property
    def native(self) -> _Native:
        if self._native is None:
            threads = self.threads or thread_count(None) or torch.get_num_threads()
            self._native = _Native(self.cell, self.inputs, self.units, self.sizes, threads)
        return self._native

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_native": None}

    def forward(self, rows: _Rows, input: Tensor, states: Sequence[Tensor | None]) -> list[Tensor]:
        native = self.native
        dtype = input.dtype
        parameters = [_plain(parameter, name, dtype) for name, parameter in self._parameters.items()]
        zoneouts = None
        if self.training and any(native.zoneouts):
            zoneouts = [
                input.new_full((*rows.shape, width), fraction).bernoulli_() if fraction else None
                for fraction, width in zip(native.zoneouts, native.widths)
            ]
        if dtype is torch.float64:
            say_slow()
            return list(Reference.apply(native, rows, zoneouts, input, *states, *parameters))
        if torch.is_grad_enabled() and any(
            tensor is not None and tensor.requires_grad for tensor in [input, *states, *parameters]
        ):
            return list(_Run.apply(native, rows, zoneouts, input, *states, *parameters))
        return native.run(rows, input, states, zoneouts, parameters, None)


def _plain(tensor: Tensor, name: str, dtype: torch.dtype) -> Tensor:
    """The tensor, contiguous, if it is what the layer computes with."""
    if tensor.is_cpu and tensor.dtype is dtype and tensor.layout is torch.strided and tensor.is_contiguous():
        return tensor
    if tensor.device.type != "cpu":
        raise RecurrentError(f"{name} is on the device {tensor.device}; the kernels run on cpu: move it with .cpu()")
    if tensor.dtype != dtype:
        raise RecurrentError(
            f"{name} is {tensor.dtype} and the input {dtype}: bring both to torch.float32, with .float(), or to torch.float64, which "
            "checks gradients, with .double()"
        )
    if tensor.layout != torch.strided:
        raise RecurrentError(f"{name} has the layout {tensor.layout}; the kernels read torch.strided: convert it with .to_dense()")
    return tensor.contiguous()


class Layer(nn.Module):
    """Recurrent layers of a cell, with the habits of :class:`torch.nn.LSTM`.

    Args:
        cell: the name of a cell of the library, a text of equations, or a :class:`recurrent.Cell`.
        input_size: the numbers that a step reads.
        hidden_size: the units: the length of states that the cell's text gives no other.
        num_layers: layers on top of each other, each with weights of its own.
        batch_first: whether input and output are ``[B, T, …]`` and not ``[T, B, …]``; it costs a copy of each.
        dropout: the fraction of what each layer but the last gives that is dropped in training.
        bidirectional: whether each layer reads in reverse, too, with other weights; outputs are side by side.
        sizes: values for the cell's own sizes, by name.
        threads: for each run; None for as many as PyTorch has.

    Inputs:
        ``input``: ``[T, B, input_size]``, ``[T, input_size]`` of one sequence, or a ``PackedSequence``; ``states``: what the layer
        starts from, a tensor ``[num_layers · directions, B, width]`` of a cell with one state, or a tuple of them in the order of
        the cell's states; zeros if they are left out.

    Outputs:
        the first state after each step, ``[T, B, directions · width]``, or as the input has it; and the states after the last step in
        the form in which they are given.

    Weights are called as in the project's own model files: ``layers.0.W_f``, and ``layers.0.reverse.W_f`` for the other direction.
    """

    def __init__(
        self, cell: str | Cell, input_size: int, hidden_size: int, num_layers: int = 1, *, batch_first: bool = False,
        dropout: float = 0.0, bidirectional: bool = False, sizes: Mapping[str, int] | None = None,
        threads: int | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        if num_layers < 1:
            raise ValueError(f"num_layers is {num_layers}; it must be at least 1")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout is {dropout}; it is a fraction from 0 to below 1")
        if threads is not None and threads < 1:
            raise ValueError(f"threads is {threads}; it must be at least 1, or None for as many as PyTorch has")
        self.cell = cell if isinstance(cell, Cell) else Cell(cell)
        self.input_size, self.hidden_size, self.num_layers = input_size, hidden_size, num_layers
        self.batch_first, self.dropout, self.bidirectional = batch_first, float(dropout), bidirectional
        self.sizes = dict(sizes or {})
        self.layers = nn.ModuleList()
        width = input_size
        for _ in range(num_layers):
            layer = _Pass(self.cell, width, hidden_size, self.sizes, threads)
            if bidirectional:
                layer.reverse = _Pass(self.cell, width, hidden_size, self.sizes, threads)
            self.layers.append(layer)
            width = layer.native.outputs * self._directions
        if len({tuple(layer.native.widths) for layer in self.layers}) > 1:
            raise ValueError(
                f"the states of cell {self.cell.name} are as long as its input, which differs from layer to layer: make a Layer for each"
            )
        #: The length of each state.
        self.state_sizes: dict[str, int] = dict(zip(self.cell.states, self.layers[0].native.widths))
        self.reset_parameters()

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def _passes(self) -> list[_Pass]:
        return [own for layer in self.layers for own in ([layer, layer.reverse] if self.bidirectional else [layer])]

    def reset_parameters(self) -> None:
        """Draws fresh weights, as the cell's text says or as is usual, with PyTorch's random numbers."""
        for own in self._passes:
            parameters = [torch.empty(parameter.shape) for parameter in own._parameters.values()]
            own.native.initialize(parameters, int(torch.randint(2**62, (1,))))
            with torch.no_grad():
                for parameter, fresh in zip(own._parameters.values(), parameters):
                    parameter.copy_(fresh)

    def extra_repr(self) -> str:
        text = f"{self.cell.name}, {self.input_size}, {self.hidden_size}"
        for name, default in [("num_layers", 1), ("batch_first", False), ("dropout", 0.0), ("bidirectional", False)]:
            if getattr(self, name) != default:
                text += f", {name}={getattr(self, name)}"
        return text

    # torch.compile can't look into the kernels: it compiles what stands before and after a layer.
    @torch.compiler.disable
    def forward(self, input: Tensor | PackedSequence, states: State | None = None) -> tuple[Any, State]:
        # What a single pass leaves is in the form of the results already; those of several are stacked.
        first = (1,) if len(self.layers) == 1 and not self.bidirectional else ()
        if isinstance(input, PackedSequence):
            data, batch_sizes, order, back = input
            data = self._checked(data, 2, "[rows, {}]")
            rows = _Rows.packed(batch_sizes, len(data), first)
            data, final = self._run(rows, data, self._given(states, rows, order, False, data.dtype))
            final = [state if back is None else state.index_select(1, back) for state in final]
            return PackedSequence(data, batch_sizes, order, back), self._form(final)
        if not isinstance(input, Tensor):
            raise TypeError(f"the input is {type(input).__name__}; it must be a tensor or a PackedSequence")
        isOne = input.dim() == 2
        form = "[T, {}] or [B, T, {}]" if self.batch_first else "[T, {}] or [T, B, {}]"
        data = self._checked(input, 2 if isOne else 3, form)
        turns = self.batch_first and not isOne
        if turns:
            data = data.transpose(0, 1)
        steps, *batch, _ = data.shape
        rows = _Rows(batch[0] if batch else 1, steps, (steps, *batch), (*first, *batch))
        data, final = self._run(rows, data, self._given(states, rows, None, isOne, data.dtype))
        return data.transpose(0, 1) if turns else data, self._form(final)

    def _checked(self, input: Tensor, dimensions: int, form: str) -> Tensor:
        if input.dim() != dimensions or input.shape[-1] != self.input_size:
            raise RecurrentError(
                f"the input has the shape {list(input.shape)}; the layer reads {form.replace('{}', str(self.input_size))}"
            )
        return input

    def _run(self, rows: _Rows, data: Tensor, states: list[list[Tensor | None]]) -> tuple[Tensor, list[Tensor]]:
        """`states` and what comes of them: for each pass, those of the cell."""
        if data.dtype is not torch.float32 and data.dtype is not torch.float64:
            raise RecurrentError(f"the input is {data.dtype}; the kernels compute with torch.float32: convert it with .float()")
        data = _plain(data, "the input", data.dtype)
        back = rows.reversed() if self.bidirectional else rows
        final: list[list[Tensor]] = []
        for index, layer in enumerate(self.layers):
            if index > 0 and self.dropout > 0:
                data = nn.functional.dropout(data, self.dropout, self.training)
            outputs = []
            for own in [layer, layer.reverse] if self.bidirectional else [layer]:
                way = back if outputs else rows
                output, *after = own(way, data, states[len(final)])
                outputs.append(output)
                final.append(after)
            data = torch.cat(outputs, -1) if self.bidirectional else outputs[0]
        if len(final) == 1:
            return data, final[0]
        return data, [torch.stack(own) for own in zip(*final)]

    def _given(
        self, states: State | None, rows: _Rows, order: Tensor | None, isOne: bool, dtype: torch.dtype
    ) -> list[list[Tensor | None]]:
        names, count = list(self.state_sizes), self.num_layers * self._directions
        if states is None:
            return [[None] * len(names) for _ in range(count)]
        own = (states,) if isinstance(states, Tensor) else tuple(states)
        if len(own) != len(names):
            raise RecurrentError(f"the cell {self.cell.name} has the states {', '.join(names)}, and {len(own)} came")
        split = []
        for name, state in zip(names, own):
            state = _plain(state, f"state {name}", dtype)
            shape = [count, self.state_sizes[name]] if isOne else [count, rows.sequences, self.state_sizes[name]]
            if list(state.shape) != shape:
                raise RecurrentError(f"state {name} has the shape {list(state.shape)}; it must be {shape}")
            if order is not None:
                state = state.index_select(1, order)
            split.append(state.unbind(0) if count > 1 else [state])
        return [list(of) for of in zip(*split)]

    def _form(self, final: list[Tensor]) -> State:
        return final[0] if len(final) == 1 else tuple(final)
