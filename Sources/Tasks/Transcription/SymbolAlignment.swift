import Inspector
import Support
import Tables
import TaskKit

/// Where the symbols of a sequence stand: those that the file gives it, or else those that the network finds.
struct SymbolAlignment {
  /// The symbols that are found, and those that the file gives; nil if it gives none.
  private let found: [String]
  private let given: [String]?
  private let symbols: [String]
  /// The steps of each symbol on their most probable way; nil if there is none.
  private let ranges: [Range<Int>]?
  private let steps: Int
  private let loss: Double?

  /// - Parameter probabilities: of the blank and of each symbol, `[T, symbols + 1]`.
  /// - Throws: ``RecurrentError`` if the file gives a symbol that the network does not know.
  init(
    of sequence: TranscribedSequence, _ probabilities: [Float], _ transcriber: Transcriber, at place: String
  ) throws(RecurrentError) {
    let width = transcriber.description.symbols.count + 1
    var search = PrefixBeam(width: 1)
    for start in stride(from: 0, to: probabilities.count, by: width) { search.read(probabilities[start..<start + width]) }
    found = search.best.symbols.map(transcriber.name)
    given = sequence.symbols
    steps = sequence.steps
    var numbers = search.best.symbols
    if sequence.symbols != nil { numbers = try transcriber.description.numbers(of: sequence, at: place).map { Int($0) } }
    symbols = numbers.map(transcriber.name)
    let (logarithm, ranges) = TranscriberRunner.alignment(of: numbers, to: probabilities, width: width)
    self.ranges = ranges
    loss = given == nil || numbers.isEmpty ? nil : -logarithm / Double(numbers.count)
  }

  /// What a reader of the inspection wants to know of it.
  func notes(separator: String) -> [String] {
    var notes = ["found: \(found.isEmpty ? "no symbol" : found.joined(separator: separator))"]
    if let given {
      let loss = loss.map { ", \($0.fixed(3)) nats a symbol" } ?? ""
      notes.append("the file gives: \(given.joined(separator: separator))\(loss)")
    }
    guard let ranges, !ranges.isEmpty else { return notes }
    let shown = zip(symbols, ranges).map { symbol, range in
      range.count == 1
        ? "\(symbol) at step \(range.lowerBound)" : "\(symbol) at steps \(range.lowerBound) to \(range.upperBound - 1)"
    }
    return notes + ["alignment, steps counted from 0: \(shown.joined(separator: ", "))"]
  }

  /// The symbol that stands at each step; nil for a blank.
  private var perStep: [String?] {
    var perStep = [String?](repeating: nil, count: steps)
    for (symbol, range) in zip(symbols, ranges ?? []) { for step in range { perStep[step] = symbol } }
    return perStep
  }

  /// What steps are called: their number, and the symbol that stands there.
  var stepNames: [String] { perStep.enumerated().map { $1 == nil ? "\($0)" : "\($0) \($1 ?? "")" } }

  /// For each symbol, where it stands: 1 there and 0 elsewhere.
  var columns: [InspectedInput.Column] {
    let perStep = perStep
    let names = symbols.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    return names.map { name in InspectedInput.Column("symbol \(name)", numbers: perStep.map { $0 == name ? 1 : 0 }) }
  }
}
