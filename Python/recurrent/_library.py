"""The C library: its structures and functions, as recurrent.h declares them."""

from __future__ import annotations

import ctypes
import os
import pathlib
from ctypes import POINTER, c_char, c_char_p, c_double, c_int, c_int32, c_int64, c_uint64, c_void_p

Handle = c_void_p


class RecurrentError(Exception):
    """What could not be done, as a sentence. ``status`` is that of recurrent.h."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


class ErrorText(ctypes.Structure):
    _fields_ = [("message", c_char * 2048)]


class ModelInfo(ctypes.Structure):
    _fields_ = [
        ("inputs", c_int64), ("symbols", c_int64), ("outputs", c_int64), ("passes", c_int64), ("weights", c_int64),
        ("gives_steps", c_int32), ("gives_classes", c_int32), ("streams", c_int32),
        ("reads", c_char_p), ("network", c_char_p), ("meaning", c_char_p),
    ]  # fmt: skip


class PassInfo(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("cell", c_char_p), ("text", c_char_p), ("states", c_int64)]


class TensorInfo(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("rank", c_int64), ("shape", c_int64 * 2), ("count", c_int64), ("fixed", c_int32)]


class Batch(ctypes.Structure):
    _fields_ = [
        ("sequences", c_int64), ("steps", c_int64), ("lengths", c_void_p), ("input", c_void_p), ("symbols", c_void_p),
    ]  # fmt: skip


class QuantityInfo(ctypes.Structure):
    _fields_ = [("pass_", c_int64), ("name", c_char_p), ("label", c_char_p), ("role", c_char_p), ("width", c_int64)]


class CellInfo(ctypes.Structure):
    _fields_ = [
        ("name", c_char_p), ("text", c_char_p), ("warnings", c_char_p),
        ("states", c_int64), ("parameters", c_int64), ("sizes", c_int64),
    ]  # fmt: skip


class LayerInfo(ctypes.Structure):
    _fields_ = [
        ("inputs", c_int64), ("units", c_int64), ("outputs", c_int64),
        ("states", c_int64), ("parameters", c_int64), ("weights", c_int64),
    ]  # fmt: skip


class LayerCall(ctypes.Structure):
    _fields_ = [
        ("sequences", c_int64), ("steps", c_int64), ("lengths", c_void_p), ("reverse", c_int32),
        ("parameters", c_void_p), ("input", c_void_p), ("initial_states", c_void_p), ("zoneouts", c_void_p),
        ("output", c_void_p), ("final_states", c_void_p),
    ]  # fmt: skip


class Gradients(ctypes.Structure):
    _fields_ = [
        ("output", c_void_p), ("final_states", c_void_p), ("input", c_void_p),
        ("input_gradient", c_void_p), ("initial_states", c_void_p), ("parameters", c_void_p),
    ]  # fmt: skip


class ReferenceCall(ctypes.Structure):
    _fields_ = [
        ("sequences", c_int64), ("steps", c_int64), ("lengths", c_void_p), ("reverse", c_int32),
        ("parameters", c_void_p), ("input", c_void_p), ("initial_states", c_void_p), ("zoneouts", c_void_p),
        ("output", c_void_p), ("final_states", c_void_p), ("output_gradient", c_void_p), ("final_gradients", c_void_p),
        ("input_gradient", c_void_p), ("initial_gradients", c_void_p), ("parameter_gradients", c_void_p),
    ]  # fmt: skip


_error = POINTER(ErrorText)
_opened = POINTER(Handle)
_text = POINTER(c_char_p)

# The arguments of each function that returns a status.
_calls = {
    "model_open": [c_char_p, _opened, _error],
    "model_open_bytes": [c_char_p, c_int64, _opened, _error],
    "model_describe": [Handle, POINTER(ModelInfo), _error],
    "model_symbol": [Handle, c_int64, _text, _error],
    "model_pass": [Handle, c_int64, POINTER(PassInfo), _error],
    "model_state": [Handle, c_int64, c_int64, POINTER(TensorInfo), _error],
    "stream_open": [Handle, _opened, _error],
    "stream_process": [Handle, c_void_p, c_void_p, c_int64],
    "stream_read": [Handle, c_void_p, c_void_p, c_void_p, c_int64],
    "stream_outputs": [Handle, c_void_p],
    "stream_reset": [Handle],
    "stream_clone": [Handle, _opened, _error],
    "stream_get_state": [Handle, c_int64, c_int64, c_void_p, _error],
    "stream_set_state": [Handle, c_int64, c_int64, c_void_p, _error],
    "runner_open": [Handle, c_int64, _opened, _error],
    "runner_run": [Handle, POINTER(Batch), c_void_p, _error],
    "trace_open": [Handle, POINTER(Batch), _opened, _error],
    "trace_count": [Handle, POINTER(c_int64)],
    "trace_describe": [Handle, c_int64, POINTER(QuantityInfo), _error],
    "trace_copy": [Handle, c_int64, c_void_p, _error],
    "cell_open": [c_char_p, c_char_p, _opened, _error],
    "cell_open_named": [c_char_p, _opened, _error],
    "cell_describe": [Handle, POINTER(CellInfo), _error],
    "cell_state": [Handle, c_int64, _text, _error],
    "cell_parameter": [Handle, c_int64, _text, _error],
    "cell_size": [Handle, c_int64, _text, _error],
    "library_cell": [c_int64, _opened, _error],
    "layer_open": [Handle, c_int64, c_int64, POINTER(c_char_p), POINTER(c_int64), c_int64, c_int64, _opened, _error],
    "layer_describe": [Handle, POINTER(LayerInfo), _error],
    "layer_parameter": [Handle, c_int64, POINTER(TensorInfo), _error],
    "layer_state": [Handle, c_int64, POINTER(TensorInfo), _error],
    "layer_zoneout": [Handle, c_int64, POINTER(c_double), _error],
    "layer_initialize": [Handle, c_uint64, c_void_p, _error],
    "layer_run_reference": [Handle, POINTER(ReferenceCall), _error],
    "layer_run": [Handle, POINTER(LayerCall), _opened, _error],
    "tape_run_back": [Handle, POINTER(Gradients), _error],
}


def _load() -> ctypes.CDLL:
    path = os.environ.get("RECURRENT_LIBRARY") or str(pathlib.Path(__file__).with_name("librecurrent.so"))
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"the library {path} can't be loaded ({error}): install the wheel, or set RECURRENT_LIBRARY to the "
            "librecurrent.so that script/build-c-library makes"
        ) from error
    for name, arguments in _calls.items():
        function = getattr(library, "recurrent_" + name)
        function.argtypes, function.restype = arguments, c_int
    for name in ["model", "stream", "runner", "trace", "cell", "layer", "tape"]:
        function = getattr(library, f"recurrent_{name}_close")
        function.argtypes, function.restype = [Handle], None
    library.recurrent_version.argtypes, library.recurrent_version.restype = [], c_char_p
    library.recurrent_library_count.argtypes, library.recurrent_library_count.restype = [], c_int64
    return library


lib = _load()

# After a fork the library's threads are those of the parent.
is_forked = False


def _after_fork() -> None:
    global is_forked
    is_forked = True


os.register_at_fork(after_in_child=_after_fork)


def check(function, *arguments) -> None:
    """Makes a call that takes an error last, and raises what it says."""
    error = ErrorText()
    status = function(*arguments, ctypes.byref(error))
    if status != 0:
        raise RecurrentError(error.message.decode(), status)


class Owned:
    """A handle that is closed when nothing refers to it any more."""

    __slots__ = ("pointer", "_close")

    def __init__(self, kind: str, function, *arguments) -> None:
        self._close = getattr(lib, f"recurrent_{kind}_close")
        self.pointer = Handle()
        check(function, *arguments, ctypes.byref(self.pointer))

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self._close(self.pointer)


def thread_count(threads: int | None) -> int:
    """What the library calls a number of threads: 0 for one a processor."""
    if threads is None:
        return 1 if is_forked else 0
    if threads < 1:
        raise RecurrentError(f"{threads} threads: give their number, or None for one a processor")
    return threads


def text_of(function, *arguments) -> str:
    """A text that a call gives."""
    place = c_char_p()
    check(function, *arguments, ctypes.byref(place))
    return (place.value or b"").decode()
