import Foundation
import Support
import Testing
import Transcription

struct PrefixBeamTests {
  /// The probability of each sequence of symbols, over all classes that steps may have.
  private func all(_ rows: [[Float]]) -> [[Int]: Double] {
    var paths: [(classes: [Int], probability: Double)] = [([], 1)]
    for row in rows {
      paths = paths.flatMap { path in row.enumerated().map { (path.classes + [$0.offset], path.probability * Double($0.element)) }
      }
    }
    var found: [[Int]: Double] = [:]
    for path in paths {
      let classes = path.classes
      let symbols = classes.indices.filter { classes[$0] > 0 && ($0 == 0 || classes[$0 - 1] != classes[$0]) }.map {
        classes[$0] - 1
      }
      found[symbols, default: 0] += path.probability
    }
    return found
  }

  private func rows(_ random: inout Random, steps: Int) -> [[Float]] {
    (0..<steps).map { _ in
      let row = (0..<3).map { _ in random.uniformFloat() + 0.01 }
      let sum = row.reduce(0, +)
      return row.map { $0 / sum }
    }
  }

  /// With all beginnings kept, what is found is the most probable of all, and so is its probability.
  @Test func aWideBeamFindsTheMostProbableSymbols() {
    var random = Random(seed: 3)
    for _ in 0..<30 {
      let rows = rows(&random, steps: 6)
      var search = PrefixBeam(width: 4096)
      for row in rows { search.read(row) }
      let best = all(rows).max { $0.value < $1.value }
      #expect(search.best.symbols == best?.key)
      #expect(abs(exp(search.best.logarithm) - (best?.value ?? 0)) < 1e-12)
    }
  }

  /// A blank at each of two steps is more probable than each way of the symbol, and all ways of that together are more probable.
  @Test func aBeamAddsUpWhatGreedySearchDoesNot() {
    let rows: [[Float]] = [[0.6, 0.4], [0.6, 0.4]]
    for (width, expected) in [(1, []), (2, [0])] {
      var search = PrefixBeam(width: width)
      for row in rows { search.read(row) }
      #expect(search.best.symbols == expected)
    }
  }

  @Test func aSymbolStandsAgainOnlyAfterABlank() {
    var search = PrefixBeam(width: 1)
    for best in [1, 1, 0, 1, 2, 2, 0, 0, 2] { search.read((0..<3).map { $0 == best ? 1 : 0 }) }
    #expect(search.best.symbols == [0, 0, 1, 1])
  }

  @Test(arguments: [1, 3])
  func numbersThatAreNoneEndNothing(width: Int) {
    var search = PrefixBeam(width: width)
    search.read([Float.nan, .nan])
    search.read([0, 0])
    #expect(search.best.symbols.isEmpty)
  }
}
