@_exported public import CellCompiler
@_exported public import CellLanguage
@_exported public import Engine
@_exported public import Inspector
@_exported public import ModelFiles
@_exported public import Networks
@_exported public import Sequences
@_exported public import Training
