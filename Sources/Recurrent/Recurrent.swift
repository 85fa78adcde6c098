// The library that a user imports: what it re-exports is all there is.

@_exported public import CSource
@_exported public import CellAnalysis
@_exported public import CellLanguage
@_exported public import CellNotation
@_exported public import Classification
@_exported public import Engine
@_exported public import Exchange
@_exported public import Experiments
@_exported public import Forecasting
@_exported public import Inspector
@_exported public import Labelling
@_exported public import LanguageModels
@_exported public import Mapping
@_exported public import Models
@_exported public import Networks
@_exported public import Problems
@_exported public import Sequences
@_exported public import Support
@_exported public import Tables
@_exported public import Tagging
@_exported public import TaskKit
@_exported public import TensorFiles
@_exported public import Training
@_exported public import Transcription
@_exported public import Translating
