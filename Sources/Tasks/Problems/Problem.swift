import Engine
package import Sequences
package import Support

/// A problem that makes its own sequences, to show what a cell can remember.
package protocol Problem: Sendable {
  /// The name under which commands know it, such as `adding`.
  var name: String { get }
  /// What has to be done, in a sentence, with the source.
  var summary: String { get }
  /// What a step reads.
  var input: ProblemInput { get }
  /// What a step gives.
  var output: ProblemOutput { get }
  /// The loss of the best answer that remembers nothing: in nats for classes, mean squared error for values. A network
  /// that gets below it remembers something.
  var memorylessLoss: Double { get }
  /// When the problem counts as solved.
  var goal: ProblemGoal { get }
  /// Whether a step asks for what the next one reads, so that a network that reads from the end would see its answer.
  var asksForTheNextInput: Bool { get }

  /// `count` new sequences, packed longest first. The same state of `random` gives the same batch.
  func batch(of count: Int, using random: inout Random) -> Batch

  /// Which sequences of a batch are answered right, in all steps that ask for something.
  ///
  /// - Parameter outputs: `[rows, outputs]`: probabilities of classes (or anything that grows with them), or values.
  func areRight(_ outputs: [Float], for batch: Batch) -> [Bool]
}

/// What a step of a problem reads.
package enum ProblemInput: Sendable, Hashable {
  /// One of these symbols.
  case tokens(Vocabulary)
  /// A number of values.
  case features(Int)
}

/// What a step of a problem gives.
package enum ProblemOutput: Sendable, Hashable {
  /// One of these classes.
  case classes([String])
  /// A number of values.
  case values(Int)
}

/// When a problem counts as solved.
package enum ProblemGoal: Sendable, Hashable {
  /// The mean loss of fresh sequences is below the number.
  case loss(below: Double)
  /// At least this fraction of fresh sequences is answered right from the beginning to the end.
  case sequencesRight(atLeast: Double)
}

extension Problem {
  package var asksForTheNextInput: Bool { false }

  /// A step that asks for a class is right if no other class has a larger output; one that asks for values if each is off by less
  /// than 0.04, the margin of Hochreiter & Schmidhuber 1997.
  package func areRight(_ outputs: [Float], for batch: Batch) -> [Bool] {
    batch.lengths.perSequence.indices.map { sequence in
      batch.rows(of: sequence).allSatisfy { isRight(outputs, row: $0, of: batch) ?? true }
    }
  }

  /// Whether a row's output is right; nil if the row asks for nothing.
  func isRight(_ outputs: [Float], row: Int, of batch: Batch) -> Bool? {
    let width = output.width
    let given = outputs[row * width..<(row + 1) * width]
    switch batch.targets {
    case .classes(let classes), .weightedClasses(let classes, _):
      return classes[row] < 0 ? nil : given.firstIndex(of: given.max() ?? 0) == row * width + Int(classes[row])
    case .values(let values, let counted):
      return counted?[row] == false ? nil : given.indices.allSatisfy { abs(given[$0] - values[$0]) < 0.04 }
    case .symbols: return nil
    }
  }
}

extension ProblemInput {
  /// Symbols, or numbers a step.
  package var width: Int {
    switch self {
    case .tokens(let vocabulary): vocabulary.count
    case .features(let count): count
    }
  }
}

extension ProblemOutput {
  /// Classes, or numbers a step.
  package var width: Int {
    switch self {
    case .classes(let classes): classes.count
    case .values(let count): count
    }
  }
}
