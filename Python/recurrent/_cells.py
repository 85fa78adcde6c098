from __future__ import annotations

import ctypes

from ._library import CellInfo, Owned, check, lib, text_of


class Cell:
    """The equations of one time step, checked.

    ``Cell("lstm")`` is a cell of the library; a text of several lines is read as equations::

        cell = Cell('''
        cell leaky
        input x
        state h
        g = sigmoid(W_g x + U_g h + b_g)
        h' = g * h + (1 - g) * (W x + b)
        ''')

    Raises :class:`RecurrentError` with the line, the column and what to write instead if the text is wrong.
    """

    def __init__(self, text_or_name: str) -> None:
        if not isinstance(text_or_name, str):
            raise TypeError(f"a cell is a text of equations or a name of the library, and not {type(text_or_name).__name__}")
        if "\n" in text_or_name:
            self._open("cell", lib.recurrent_cell_open, text_or_name.encode(), b"cell")
        else:
            self._open("cell", lib.recurrent_cell_open_named, text_or_name.encode())

    def _open(self, *call) -> None:
        self._owned = Owned(*call)
        info = CellInfo()
        check(lib.recurrent_cell_describe, self._owned.pointer, ctypes.byref(info))
        self.name: str = info.name.decode()
        #: The equations, printed from what they were understood to be.
        self.text: str = info.text.decode()
        #: What is allowed but probably a mistake.
        self.warnings: list[str] = info.warnings.decode().splitlines()
        self.states: list[str] = self._names(lib.recurrent_cell_state, info.states)
        self.parameters: list[str] = self._names(lib.recurrent_cell_parameter, info.parameters)
        #: Sizes of its own beside the input's and the units.
        self.sizes: list[str] = self._names(lib.recurrent_cell_size, info.sizes)

    def _names(self, function, count: int) -> list[str]:
        return [text_of(function, self._owned.pointer, index) for index in range(count)]

    def __repr__(self) -> str:
        return f"<Cell {self.name}: {', '.join(self.states)}>"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cell) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self):
        return (Cell, (self.text,))


def cells() -> list[str]:
    """The names of the library's cells."""

    def name(index: int) -> str:
        owned = Owned("cell", lib.recurrent_library_cell, index)
        info = CellInfo()
        check(lib.recurrent_cell_describe, owned.pointer, ctypes.byref(info))
        return info.name.decode()

    return [name(index) for index in range(lib.recurrent_library_count())]
