import CellCompiler
import Engine
import Sequences

// What doesn't fit would be read or written outside of the memory that it is meant for, so it ends the program with a sentence.
extension NetworkRunner {
  func check(_ inputs: Batch.Inputs, _ lengths: Lengths) {
    switch (inputs, architecture.input) {
    case (.tokens(let tokens), .tokens(let vocabulary, _)):
      precondition(tokens.count == lengths.rows, "the batch has \(tokens.count) symbols for \(lengths.rows) rows")
      let bad = tokens.first { $0 < 0 || Int($0) >= vocabulary.count }
      precondition(bad == nil, "the vocabulary has no symbol \(bad ?? 0); it has \(vocabulary.count)")
    case (.features(let values), .features(let width)):
      precondition(
        values.count == lengths.rows * width,
        "the batch has \(values.count) features; \(lengths.rows) rows of \(width) are \(lengths.rows * width)")
    case (.features, .tokens): preconditionFailure("the network reads symbols, and the batch has features")
    case (.tokens, .features): preconditionFailure("the network reads features, and the batch has symbols")
    }
  }

  func check(_ targets: Batch.Targets, _ lengths: Lengths) {
    let (width, rows) = (architecture.targetWidth, architecture.outputRows(lengths))
    if case .weightedClasses(let classes, let weights) = targets {
      precondition(weights.count == classes.count, "the batch must say of each row what it counts")
    }
    switch (targets, architecture.output) {
    case (.classes(let classes), .classes), (.weightedClasses(let classes, _), .classes):
      precondition(classes.count == rows, "the batch has \(classes.count) targets for \(rows) rows")
      let bad = classes.first { Int($0) >= width }
      precondition(bad == nil, "the target is class \(bad ?? 0); the network gives \(width) classes, counted from 0")
    case (.values(let values, let counted), .values), (.values(let values, let counted), .lastLayer),
      (.values(let values, let counted), .distribution):
      precondition(
        values.count == rows * width,
        "the batch has \(values.count) target values; \(rows) rows of \(width) are \(rows * width)")
      precondition(counted.map { $0.count == rows } ?? true, "the batch must say of each row whether it has a target")
    case (.values, .classes): preconditionFailure("the network gives classes, and the batch has target values")
    case (.classes, .values), (.classes, .lastLayer), (.classes, .distribution), (.weightedClasses, .values),
      (.weightedClasses, .lastLayer), (.weightedClasses, .distribution):
      preconditionFailure("the network gives values, and the batch has target classes")
    }
  }

  /// Whether the carried states fit sequences of that number.
  func checkCarriedStates(sequences: Int) {
    for (runner, states) in zip(runners, carriedStates) {
      for (state, values) in states.enumerated() {
        precondition(
          values.count == sequences * runner.plan.width(ofState: state),
          "a batch of \(sequences) sequences can't go on where a batch of another number of sequences ended")
      }
    }
  }
}
