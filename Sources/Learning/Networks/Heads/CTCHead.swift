package import Engine
package import Sequences
package import Support

/// Symbols that stand somewhere in a sequence, in their order: at each step the probabilities of a blank, which is class 0, and of the
/// symbols. The loss is that of connectionist temporal classification, the negative log-likelihood of all ways to lay the
/// target out over the steps (``CTCLattice``), or, where the class of each step is known, the cross-entropy.
package struct CTCHead: OutputHead {
  /// The number of symbols, without the blank.
  package let symbols: Int

  package static let keys: (required: Set<String>, optional: Set<String>) = (["ctc"], [])
  package static let title = "transcriptions"

  private enum CodingKeys: String, CodingKey { case symbols = "ctc" }

  package init(symbols: Int) { self.symbols = symbols }

  /// The class of no symbol.
  package static let blank = 0

  package var outputs: Int? { symbols + 1 }
  package var function: HeadFunction { .softmax }
  package var unit: LossUnit { LossUnit("nats", digits: (3, 3), per: .symbol) }
  package var scoresSequences: Bool { true }

  package func resolved(reading input: any InputEncoding) throws(RecurrentError) -> CTCHead {
    // Before the width, which is one more.
    try Architecture.check(symbols, "output")
    return self
  }

  /// The head of which the classes of single steps are scored.
  private var ofSteps: ClassesHead { ClassesHead(classes: symbols + 1) }

  package func fault(in targets: Batch.Targets, rows: Int, width: Int) -> String? {
    switch targets {
    case .symbols(let lists):
      lists.joined().first { $0 < 0 || Int($0) >= symbols }.map {
        "the target has symbol \($0); the network gives \(symbols) symbols, counted from 0"
      }
    case .classes: ofSteps.fault(in: targets, rows: rows, width: width)
    case .weightedClasses, .values: "the network gives symbols, and the batch has none for each sequence"
    }
  }

  package func loss(
    _ outputs: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, of targets: Batch.Targets, _ terms: LossTerms
  ) -> Double {
    guard case .symbols(let lists) = targets, let symbols = lists.first else {
      return ofSteps.loss(outputs, width: width, rows: rows, of: targets, terms)
    }
    let lattice = CTCLattice(outputs, steps: rows.count, width: width, symbols: symbols)
    if terms.gradient == nil { return lattice.loss }
    let (loss, gradient) = lattice.lossAndGradient()
    for (place, value) in gradient.enumerated() { outputs[place] = Float(Double(terms.scale) * value) }
    return loss
  }

  package func finish(
    _ outputs: UnsafeMutablePointer<Float>, rows: Int, width: Int, weights: UnsafePointer<Float>, on kernels: InstructionSet
  ) {
    ofSteps.finish(outputs, rows: rows, width: width, weights: weights, on: kernels)
  }

  package func probe(_ rows: [ArraySlice<Float>?], width: Int, known: [Int32?]) -> Batch.Targets {
    ofSteps.probe(rows, width: width, known: known)
  }
}
