"""Layers in double precision, by the interpreter of the equations that the kernels are held to."""

from __future__ import annotations

import ctypes
import warnings
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ._library import RecurrentError, ReferenceCall, check, lib

_isSaid = False


def say_slow() -> None:
    """Warns once that this is no way to train."""
    global _isSaid
    if not _isSaid:
        _isSaid = True
        warnings.warn(
            "a recurrent.torch.Layer in torch.float64 runs operation by operation, thousands of times slower: it is for checking "
            "gradients; train in torch.float32",
            stacklevel=4,
        )


class Reference(torch.autograd.Function):
    """One pass over the sequences. The arguments after `zoneouts` are the states and then the parameters."""

    @staticmethod
    def forward(ctx: Any, native: Any, rows: Any, zoneouts: Any, input: Tensor, *tensors: Tensor | None) -> Any:
        ctx.set_materialize_grads(False)
        ctx.native, ctx.rows, ctx.zoneouts = native, rows, zoneouts
        ctx.save_for_backward(input, *tensors)
        output = input.new_empty((*rows.shape, native.outputs))
        final = [input.new_empty((*rows.ends, width)) for width in native.widths]
        _run(native, rows, zoneouts, input, tensors, output, final)
        return (output, *final)

    @staticmethod
    def backward(ctx: Any, output: Tensor | None, *final: Tensor | None) -> Any:
        refuse_second_derivatives()
        native, rows = ctx.native, ctx.rows
        input, *tensors = ctx.saved_tensors
        given = [None if gradient is None else gradient.contiguous() for gradient in (output, *final)]
        gradients = [torch.empty_like(own) if needed else None for own, needed in zip((input, *tensors), ctx.needs_input_grad[3:])]
        _run(
            native, rows, ctx.zoneouts, input, tensors, input.new_empty((*rows.shape, native.outputs)), None, given, gradients
        )
        return (None, None, None, *gradients)


def refuse_second_derivatives() -> None:
    if torch.is_grad_enabled():
        raise RecurrentError("second derivatives of a recurrent.torch.Layer don't exist: take gradients without create_graph")


def _run(
    native: Any, rows: Any, zoneouts: Sequence[Tensor | None] | None, input: Tensor, tensors: Sequence[Tensor | None], output: Tensor,
    final: Sequence[Tensor] | None, given: Sequence[Tensor | None] = (), gradients: Sequence[Tensor | None] = (),
) -> None:  # fmt: skip
    count = len(native.widths)
    arrays = []

    def place(tensor: Tensor | None) -> int | None:
        return None if tensor is None else tensor.data_ptr()

    def places(tensors: Sequence[Tensor | None] | None) -> int | None:
        if not tensors:
            return None
        arrays.append((ctypes.c_void_p * len(tensors))(*[place(tensor) for tensor in tensors]))
        return ctypes.addressof(arrays[-1])

    call = ReferenceCall(
        rows.sequences, rows.steps, rows.lengths, rows.reverse, places(tensors[count:]), place(input), places(tensors[:count]),
        places(zoneouts), place(output), places(final),
    )  # fmt: skip
    if given:
        call.output_gradient, call.final_gradients = place(given[0]), places(given[1:])
        call.input_gradient, call.initial_gradients = place(gradients[0]), places(gradients[1 : 1 + count])
        call.parameter_gradients = places(gradients[1 + count :])
    check(lib.recurrent_layer_run_reference, native.owned.pointer, ctypes.byref(call))
