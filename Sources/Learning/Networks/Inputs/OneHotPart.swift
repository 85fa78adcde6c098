package import Engine
package import Sequences

/// A symbol as a vector with a 1 at its place and 0 elsewhere.
package struct OneHotPart: InputPart {
  private let names: [String]

  package init(_ vocabulary: Vocabulary) { names = vocabulary.symbols }

  package var width: Int { names.count }
  package var axis: WeightAxis { .named(names) }
  package var form: InputForm { .oneHot(symbols: width) }

  package func fault(in rows: any InputRows, count: Int) -> String? { symbolFault(in: rows, count: count, symbols: width) }

  package func encoder(machine: Machine, trains: Bool, dropout: Double, isTied: Bool) -> any PartEncoder {
    OneHotEncoder(width: width)
  }
}

private final class OneHotEncoder: PartEncoder {
  private let width: Int
  private var symbols: [Int32] = []

  init(width: Int) { self.width = width }

  func begin(_ rows: any InputRows, _ lengths: PackedLengths, seed: UInt64?) { symbols = rows.read(as: SymbolRows.self).symbols }

  func write(_ rows: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int) {
    for (place, symbol) in symbols[rows].enumerated() {
      (target + place * stride).update(repeating: 0, count: width)
      target[place * stride + Int(symbol)] = 1
    }
  }
}

/// What is wrong with rows that should each have one of a number of symbols, as the end of the sentence `the batch …`.
func symbolFault(in rows: any InputRows, count: Int, symbols: Int, of what: String = "symbol") -> String? {
  guard let rows = rows as? SymbolRows else { return "has no \(what)s, and the network reads one at each step" }
  if rows.symbols.count != count { return "has \(rows.symbols.count) \(what)s for \(count) rows" }
  return rows.symbols.first { $0 < 0 || Int($0) >= symbols }.map {
    "has the \(what) \($0); the vocabulary has \(symbols), counted from 0"
  }
}
