"""Networks with memory, described by equations: cells, models to run, stream and trace, and layers for PyTorch.

>>> import recurrent
>>> recurrent.Cell("lstm").states
['h', 'c']

``recurrent.torch`` has :class:`recurrent.torch.Layer`, a module of PyTorch whose forward and backward runs are compiled from
a cell's equations.
"""

from ._cells import Cell, cells
from ._library import RecurrentError, lib as _lib
from ._models import Model, Stream, load

__all__ = ["Cell", "Model", "RecurrentError", "Stream", "cells", "load"]
__version__: str = _lib.recurrent_version().decode()
