@_exported public import CellLanguage
