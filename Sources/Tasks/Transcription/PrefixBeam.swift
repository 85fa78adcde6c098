import Networks
import Platform

/// Finds the symbols that are most probable over all their ways through the steps, of those that are kept after each step: prefix
/// beam search (Graves & Jaitly 2014, section 4; Hannun, Maas, Jurafsky & Ng 2014). With a width of 1 it follows the most probable class of
/// each step instead, which is called greedy.
package struct PrefixBeam: Sendable {
  /// How many beginnings are kept.
  private let width: Int
  private var kept: [Beginning] = [Beginning(symbols: [], afterBlank: 0, afterSymbol: -.infinity)]
  /// The class of the last step, and the probability of all classes so far, where the most probable ones are followed.
  private var last = CTCHead.blank

  /// Symbols, and the logarithms of the probabilities of their ways so far that end with a blank, and with their last symbol.
  private struct Beginning: Sendable {
    let symbols: [Int]
    var afterBlank: Double
    var afterSymbol: Double

    var all: Double { sum(afterBlank, afterSymbol) }
  }

  /// - Parameter width: how many beginnings are kept, at least 1.
  package init(width: Int) { self.width = max(1, width) }

  /// The symbols found so far, counted from 0, and the logarithm of their probability.
  package var best: (symbols: [Int], logarithm: Double) { (kept[0].symbols, kept[0].all) }

  /// Takes in a step.
  ///
  /// - Parameter probabilities: of the blank and of each symbol.
  package mutating func read(_ probabilities: some RandomAccessCollection<Float>) {
    let logs = probabilities.map { $0 > 0 ? log(Double($0)) : -.infinity }
    if width == 1 { return follow(logs) }
    var places: [[Int]: Int] = [:]
    var next: [Beginning] = []
    func place(_ symbols: [Int], _ next: inout [Beginning]) -> Int {
      if let known = places[symbols] { return known }
      places[symbols] = next.count
      next.append(Beginning(symbols: symbols, afterBlank: -.infinity, afterSymbol: -.infinity))
      return next.count - 1
    }
    for beginning in kept {
      let same = place(beginning.symbols, &next)
      next[same].afterBlank = sum(next[same].afterBlank, beginning.all + logs[0])
      if let symbol = beginning.symbols.last {
        next[same].afterSymbol = sum(next[same].afterSymbol, beginning.afterSymbol + logs[symbol + 1])
      }
      for symbol in 0..<logs.count - 1 where logs[symbol + 1] > -.infinity {
        // Without a blank between them, two equal symbols are one.
        let before = symbol == beginning.symbols.last ? beginning.afterBlank : beginning.all
        if before == -.infinity { continue }
        let longer = place(beginning.symbols + [symbol], &next)
        next[longer].afterSymbol = sum(next[longer].afterSymbol, before + logs[symbol + 1])
      }
    }
    // Equal ones stay in the order in which they were found, so that the result depends on the numbers alone.
    let order = next.indices.map { ($0, next[$0].all) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    kept = order.prefix(width).map { next[$0.0] }
  }

  private mutating func follow(_ logs: [Double]) {
    let best = logs.indices.reduce(0) { logs[$1] > logs[$0] ? $1 : $0 }
    let isNew = best != CTCHead.blank && best != last
    last = best
    kept = [
      Beginning(
        symbols: kept[0].symbols + (isNew ? [best - 1] : []), afterBlank: kept[0].afterBlank + logs[best],
        afterSymbol: -.infinity)
    ]
  }
}

/// The logarithm of a sum, from the logarithms of its two terms.
private func sum(_ left: Double, _ right: Double) -> Double {
  let (larger, smaller) = left > right ? (left, right) : (right, left)
  return smaller == -.infinity ? larger : larger + log1p(exp(smaller - larger))
}
