// What an app needs that only runs networks: cells, the engine, networks, streams and model files. It links neither zlib nor Foundation.

@_exported public import CellLanguage
@_exported public import Engine
@_exported public import Models
@_exported public import Networks
@_exported public import Sequences
@_exported public import Support
