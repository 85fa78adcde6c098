/// A sequence of numbers, and the symbols that stand in it, in their order and without their places.
package struct TranscribedSequence: Sendable, Hashable {
  /// The line of the file, or the sequence's number; counted from 1.
  package let line: Int
  /// `[T, width]`
  package let values: [Float]
  /// The number of steps, T.
  package let steps: Int
  /// Nil if they are not known.
  package let symbols: [String]?

  package init(line: Int, values: [Float], steps: Int, symbols: [String]?) {
    (self.line, self.values, self.steps, self.symbols) = (line, values, steps, symbols)
  }

  /// The fewest steps that the symbols take: one each, and one between equal ones, without which they would be one.
  package static func fewestSteps(_ symbols: [String]) -> Int {
    symbols.count + zip(symbols, symbols.dropFirst()).count { $0 == $1 }
  }
}

/// What can be wrong with one sequence of a file whose others are right.
package enum TranscriptFault: Sendable, Hashable {
  /// There are no steps.
  case noSteps
  /// A step, counted from 1, has more or fewer numbers than the first one of the file.
  case width(step: Int, numbers: Int, expected: Int)
  /// A step has a number that is not finite.
  case notFinite(step: Int)
  /// There are no symbols.
  case noSymbols
  /// The symbols take more steps than there are.
  case tooLong(symbols: Int, fewest: Int, steps: Int)

  package enum Kind: String, Sendable, CaseIterable {
    case noSteps = "no_steps"
    case width
    case notFinite = "not_finite"
    case noSymbols = "no_symbols"
    case tooLong = "too_long"
  }

  package var kind: Kind {
    switch self {
    case .noSteps: .noSteps
    case .width: .width
    case .notFinite: .notFinite
    case .noSymbols: .noSymbols
    case .tooLong: .tooLong
    }
  }

  /// What is wrong, and what to do.
  ///
  /// - Parameters:
  ///   - numbers: what the file calls the numbers.
  ///   - symbols: what it calls the symbols.
  package func sentence(_ numbers: String, _ symbols: String) -> String {
    switch self {
    case .noSteps: "“\(numbers)” has no steps; give it at least one, or leave the sequence out"
    case .width(let step, let count, let expected):
      "step \(step) of “\(numbers)” has \(Self.count(count, "number")), and the first step of all has \(expected); give all steps equally many"
    case .notFinite(let step): "step \(step) of “\(numbers)” has a number that is not finite; give finite ones"
    case .noSymbols: "“\(symbols)” is empty; give the sequence its symbols, or leave it out"
    case .tooLong(let count, let fewest, let steps):
      "its \(Self.count(count, "symbol")) \(count == 1 ? "takes" : "take") at least \(fewest) steps, one each and one between equal ones, and there \(steps == 1 ? "is 1" : "are \(steps)"); give it more steps, or leave it out"
    }
  }

  private static func count(_ count: Int, _ thing: String) -> String { count == 1 ? "1 \(thing)" : "\(count) \(thing)s" }

  /// What is wrong with a sequence; nil if nothing is.
  package init?(_ sequence: TranscribedSequence, width: Int) {
    if sequence.steps == 0 {
      self = .noSteps
    } else if let place = sequence.values.firstIndex(where: { !$0.isFinite }) {
      self = .notFinite(step: place / width + 1)
    } else if let symbols = sequence.symbols, symbols.isEmpty {
      self = .noSymbols
    } else if let symbols = sequence.symbols, TranscribedSequence.fewestSteps(symbols) > sequence.steps {
      self = .tooLong(symbols: symbols.count, fewest: TranscribedSequence.fewestSteps(symbols), steps: sequence.steps)
    } else {
      return nil
    }
  }
}
