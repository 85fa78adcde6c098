from __future__ import annotations

import ctypes
import json
import os
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._library import (
    Batch, ModelInfo, Owned, PassInfo, QuantityInfo, RecurrentError, TensorInfo, check, lib, text_of, thread_count,
)  # fmt: skip

Floats = NDArray[np.float32]


def load(path: str | os.PathLike[str]) -> Model:
    """Opens a model file, or the folder of a run, which stands for the best model in it."""
    return Model(path)


class Model:
    """A trained network: :meth:`run` it over sequences, :meth:`stream` it step by step, or :meth:`trace` its gates."""

    def __init__(self, path_or_bytes: str | os.PathLike[str] | bytes) -> None:
        if isinstance(path_or_bytes, bytes):
            self._owned = Owned("model", lib.recurrent_model_open_bytes, path_or_bytes, len(path_or_bytes))
        else:
            self._owned = Owned("model", lib.recurrent_model_open, os.fsencode(path_or_bytes))
        info = ModelInfo()
        check(lib.recurrent_model_describe, self._owned.pointer, ctypes.byref(info))
        #: The numbers that a step reads.
        self.inputs: int = info.inputs
        #: The names of the symbols of which a step reads one; none if it reads none.
        self.symbols: list[str] = [
            text_of(lib.recurrent_model_symbol, self._owned.pointer, index) for index in range(info.symbols)
        ]
        #: The numbers that it gives: for classes, their probabilities.
        self.outputs: int = info.outputs
        #: Whether it gives something at each step; otherwise once for each sequence.
        self.gives_steps: bool = bool(info.gives_steps)
        #: Whether it gives probabilities of classes.
        self.gives_classes: bool = bool(info.gives_classes)
        #: Whether :meth:`stream` can run it.
        self.streams: bool = bool(info.streams)
        #: What it reads, in words.
        self.reads: str = info.reads.decode()
        #: The network, its cells' equations included.
        self.network: dict[str, Any] = json.loads(info.network)
        #: What its numbers stand for, such as columns, labels and their scaling; None if the file does not say.
        self.meaning: dict[str, Any] | None = json.loads(info.meaning) if info.meaning else None
        self._passes = [self._pass(index) for index in range(info.passes)]
        self._runners: dict[int | None, Owned] = {}

    @property
    def layers(self) -> list[str]:
        """What traces and states call each layer, or each direction of one: ``layer 1``, ``layer 2, reverse``."""
        return [name for name, _ in self._passes]

    def _pass(self, index: int) -> tuple[str, dict[str, tuple[int, int]]]:
        info = PassInfo()
        check(lib.recurrent_model_pass, self._owned.pointer, index, ctypes.byref(info))
        states: dict[str, tuple[int, int]] = {}
        for state in range(info.states):
            tensor = TensorInfo()
            check(lib.recurrent_model_state, self._owned.pointer, index, state, ctypes.byref(tensor))
            states[tensor.name.decode()] = (state, tensor.count)
        return info.name.decode(), states

    def __repr__(self) -> str:
        return f"<Model: {self.reads}, {self.outputs} numbers {'at each step' if self.gives_steps else 'a sequence'}>"

    def run(
        self, input: ArrayLike | None = None, *, symbols: ArrayLike | None = None, lengths: ArrayLike | None = None,
        threads: int | None = None,
    ) -> Floats:  # fmt: skip
        """Runs whole sequences.

        Args:
            input: ``[T, inputs]`` of one sequence or ``[B, T, inputs]`` of several; None if the model reads symbols only.
            symbols: ``[T]`` or ``[B, T]``, numbers of symbols as in :attr:`symbols`.
            lengths: ``[B]``, the steps of each sequence; None if all have ``T``.
            threads: None for one a processor.

        Returns:
            ``[T, outputs]`` or ``[B, T, outputs]``, zeros after a sequence's last step; of a model that gives something once for
            each sequence ``[outputs]`` or ``[B, outputs]``.
        """
        given = _Given(self, input, symbols, lengths)
        shape = (given.batch.sequences, given.batch.steps) if self.gives_steps else (given.batch.sequences,)
        output = np.empty((*shape, self.outputs), np.float32)
        check(lib.recurrent_runner_run, self._runner(threads).pointer, ctypes.byref(given.batch), output.ctypes.data)
        return output[0] if given.is_one else output

    def trace(
        self, input: ArrayLike | None = None, *, symbols: ArrayLike | None = None, lengths: ArrayLike | None = None,
        threads: int | None = None,
    ) -> dict[str, dict[str, Floats]]:  # fmt: skip
        """Runs whole sequences as :meth:`run` does and gives all that the cells' equations name.

        Returns:
            for each of :attr:`layers` the quantities by name, such as ``f`` or ``c'``, ``[T, width]`` or ``[B, T, width]``.
        """
        given = _Given(self, input, symbols, lengths)
        trace = Owned("trace", lib.recurrent_trace_open, self._runner(threads).pointer, ctypes.byref(given.batch))
        count = ctypes.c_int64()
        lib.recurrent_trace_count(trace.pointer, ctypes.byref(count))
        traces: dict[str, dict[str, Floats]] = {name: {} for name in self.layers}
        for index in range(count.value):
            info = QuantityInfo()
            check(lib.recurrent_trace_describe, trace.pointer, index, ctypes.byref(info))
            values = np.empty((given.batch.sequences, given.batch.steps, info.width), np.float32)
            check(lib.recurrent_trace_copy, trace.pointer, index, values.ctypes.data)
            traces[self.layers[info.pass_]][info.name.decode()] = values[0] if given.is_one else values
        return traces

    def stream(self) -> Stream:
        """A stream at its initial states; all streams of a model share its weights."""
        return Stream(self, Owned("stream", lib.recurrent_stream_open, self._owned.pointer))

    def _runner(self, threads: int | None) -> Owned:
        if threads not in self._runners:
            self._runners[threads] = Owned(
                "runner", lib.recurrent_runner_open, self._owned.pointer, thread_count(threads)
            )
        return self._runners[threads]


class _Given:
    """What a caller gives of sequences, as the library takes it."""

    def __init__(self, model: Model, input: Any, symbols: Any, lengths: Any) -> None:
        own, shape = _rows(model, input, symbols, {"[T, …]": 1, "[B, T, …]": 2})
        self.is_one = len(shape) == 1
        sequences, steps = (1, *shape) if self.is_one else shape
        self._kept = own
        self.batch = Batch(sequences=sequences, steps=steps, input=_address(own[0]), symbols=_address(own[1]))
        if lengths is not None:
            given = np.asarray(lengths)
            if given.shape != (sequences,) or given.dtype.kind not in "iu":
                raise RecurrentError(f"lengths has the shape {list(given.shape)} of {given.dtype}; it needs {sequences} whole numbers")
            kept = np.ascontiguousarray(given, np.int64)
            self._kept = (*own, kept)
            self.batch.lengths = kept.ctypes.data


def _address(array: Any) -> int | None:
    return None if array is None else array.ctypes.data


def _rows(model: Model, input: Any, symbols: Any, forms: dict[str, int]) -> tuple[tuple[Any, Any], tuple[int, ...]]:
    """Arrays of a model's rows, contiguous, and the shape of what has them."""
    shapes = []
    if (input is not None) != (model.inputs > 0) or (symbols is not None) != bool(model.symbols):
        raise RecurrentError(f"the model reads {model.reads}: give it just that, as input or symbols")
    if input is not None:
        given = np.asarray(input)
        if given.dtype.kind not in "fiub":
            raise RecurrentError(f"the input is an array of {given.dtype}; it must be numbers")
        if given.ndim - 1 not in forms.values() or given.shape[-1] != model.inputs:
            ways = " or ".join(form.replace("…", str(model.inputs)) for form in forms)
            raise RecurrentError(f"the input has the shape {list(given.shape)}; the model reads {ways}")
        input = np.ascontiguousarray(given, np.float32)
        shapes.append(input.shape[:-1])
    if symbols is not None:
        given = np.asarray(symbols)
        if given.dtype.kind not in "iu" or given.ndim not in forms.values():
            ways = " or ".join(form.replace(", …", "") for form in forms)
            raise RecurrentError(f"symbols has the shape {list(given.shape)} of {given.dtype}; it must be whole numbers, {ways}")
        if given.size and not (0 <= given.min() and given.max() < len(model.symbols)):
            raise RecurrentError(f"symbols go from {given.min()} to {given.max()}; the model has {len(model.symbols)}, counted from 0")
        symbols = np.ascontiguousarray(given, np.int32)
        shapes.append(symbols.shape)
    if len(shapes) == 2 and shapes[0] != shapes[1]:
        raise RecurrentError(f"the input is for {list(shapes[0])} steps and symbols for {list(shapes[1])}")
    return (input, symbols), shapes[0]


class Stream:
    """A model that is run step by step and keeps its states from call to call. It belongs to one thread at a time."""

    def __init__(self, model: Model, owned: Owned) -> None:
        self.model = model
        self._owned = owned

    def process(self, input: ArrayLike | None = None, *, symbols: ArrayLike | None = None) -> Floats:
        """Runs a block of steps.

        Args:
            input: ``[T, inputs]``; None if the model reads symbols only.
            symbols: ``[T]``

        Returns:
            ``[T, outputs]``, what the model gives after each step.
        """
        (numbers, own), (steps,) = _rows(self.model, input, symbols, {"[T, …]": 1})
        output = np.empty((steps, self.model.outputs), np.float32)
        if own is None:
            status = lib.recurrent_stream_process(self._owned.pointer, numbers.ctypes.data, output.ctypes.data, steps)
        else:
            status = lib.recurrent_stream_read(
                self._owned.pointer, own.ctypes.data, _address(numbers), output.ctypes.data, steps
            )
        if status != 0:
            raise RecurrentError("the stream does not take these steps", status)
        return output

    @property
    def outputs(self) -> Floats:
        """What the last step gave, ``[outputs]``; zeros before the first one."""
        output = np.empty(self.model.outputs, np.float32)
        lib.recurrent_stream_outputs(self._owned.pointer, output.ctypes.data)
        return output

    def reset(self) -> None:
        """Sets all states to what they are before the first step."""
        lib.recurrent_stream_reset(self._owned.pointer)

    def copy(self) -> Stream:
        """A stream of its own that goes on from where this one is."""
        return Stream(self.model, Owned("stream", lib.recurrent_stream_clone, self._owned.pointer))

    __copy__ = copy

    def __deepcopy__(self, memo: Any) -> Stream:
        return self.copy()

    @property
    def states(self) -> dict[str, dict[str, Floats]]:
        """A copy of the states, for each of the model's layers by name; what is assigned to it is what the stream goes on from."""
        states: dict[str, dict[str, Floats]] = {}
        for index, (layer, own) in enumerate(self.model._passes):
            states[layer] = {}
            for name, (state, width) in own.items():
                values = np.empty(width, np.float32)
                check(lib.recurrent_stream_get_state, self._owned.pointer, index, state, values.ctypes.data)
                states[layer][name] = values
        return states

    @states.setter
    def states(self, states: dict[str, dict[str, ArrayLike]]) -> None:
        known = {(layer, name): (index, *place) for index, (layer, own) in enumerate(self.model._passes) for name, place in own.items()}
        calls = []
        for layer, own in states.items():
            for name, values in own.items():
                if (layer, name) not in known:
                    raise RecurrentError(f"the model has no state {name} of {layer}; it has {', '.join(f'{n} of {l}' for l, n in known)}")
                pass_, state, width = known[layer, name]
                array = np.ascontiguousarray(values, np.float32)
                if array.shape != (width,):
                    raise RecurrentError(f"{name} of {layer} has {width} numbers, and not the shape {list(array.shape)}")
                calls.append((pass_, state, array))
        for pass_, state, array in calls:
            check(lib.recurrent_stream_set_state, self._owned.pointer, pass_, state, array.ctypes.data)
