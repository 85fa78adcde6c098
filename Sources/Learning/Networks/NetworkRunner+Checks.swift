import CellCompiler
import Engine
import Sequences
import Support

// What doesn't fit would be read or written outside of the memory that it is meant for, so it ends the program with a sentence.
extension NetworkRunner {
  func check(_ inputs: Batch.Inputs, _ lengths: PackedLengths) {
    switch (inputs, architecture.input) {
    case (.tokens(let tokens), .tokens(let vocabulary, _)):
      ensure(tokens.count == lengths.rows, "the batch has \(tokens.count) symbols for \(lengths.rows) rows")
      let bad = tokens.first { $0 < 0 || Int($0) >= vocabulary.count }
      ensure(bad == nil, "the vocabulary has no symbol \(bad ?? 0); it has \(vocabulary.count)")
    case (.features(let values), .features(let width)):
      ensure(
        values.count == lengths.rows * width,
        "the batch has \(values.count) features; \(lengths.rows) rows of \(width) are \(lengths.rows * width)")
    case (.namedFeatures(let values, let names), .namedFeatures(let width, let vocabulary, _)):
      ensure(
        values.count == lengths.rows * width && names.count == lengths.rows,
        "the batch has \(values.count) features and \(names.count) names for \(lengths.rows) rows of \(width) with one each")
      let bad = names.first { $0 < 0 || Int($0) >= vocabulary.count }
      ensure(bad == nil, "the vocabulary has no name \(bad ?? 0); it has \(vocabulary.count)")
    case (.words(let read), .words(let input)): check(read, input, rows: lengths.rows)
    case (_, .tokens): fatalError("the network reads symbols, and the batch has something else")
    case (_, .features): fatalError("the network reads features, and the batch has something else")
    case (_, .namedFeatures): fatalError("the network reads features with names, and the batch has something else")
    case (_, .words): fatalError("the network reads words, and the batch has something else")
    }
  }

  private func check(_ read: Batch.Words, _ input: WordInput, rows: Int) {
    ensure(
      read.tokens.count == rows && read.spellings.count == rows,
      "the batch has \(read.tokens.count) words with \(read.spellings.count) spellings for \(rows) rows")
    let bad = read.tokens.first { $0 < 0 || Int($0) >= input.vocabulary.count }
    ensure(bad == nil, "the vocabulary has no word \(bad ?? 0); it has \(input.vocabulary.count)")
    let words = read.lengths.batch
    let odd = read.spellings.first { $0 < 0 || Int($0) >= words }
    ensure(odd == nil, "the batch has no spelling \(odd ?? 0); it has \(words)")
    ensure(
      read.shapes.count == words * input.shapes.count,
      "the batch has \(read.shapes.count) shapes; \(words) words have \(input.shapes.count) each")
  }

  func check(_ targets: Batch.Targets, _ lengths: PackedLengths) {
    let (width, rows) = (architecture.targetWidth, architecture.outputRows(lengths))
    if case .weightedClasses(let classes, let weights) = targets {
      ensure(weights.count == classes.count, "the batch must say of each row what it counts")
    }
    switch (targets, architecture.output) {
    case (.classes(let classes), .classes), (.weightedClasses(let classes, _), .classes):
      ensure(classes.count == rows, "the batch has \(classes.count) targets for \(rows) rows")
      let bad = classes.first { Int($0) >= width }
      ensure(bad == nil, "the target is class \(bad ?? 0); the network gives \(width) classes, counted from 0")
    case (.values(let values, let counted), .values), (.values(let values, let counted), .lastLayer),
      (.values(let values, let counted), .distribution):
      ensure(
        values.count == rows * width,
        "the batch has \(values.count) target values; \(rows) rows of \(width) are \(rows * width)")
      ensure(counted.map { $0.count == rows } ?? true, "the batch must say of each row whether it has a target")
    case (.values, .classes): fatalError("the network gives classes, and the batch has target values")
    case (.classes, .values), (.classes, .lastLayer), (.classes, .distribution), (.weightedClasses, .values),
      (.weightedClasses, .lastLayer), (.weightedClasses, .distribution):
      fatalError("the network gives values, and the batch has target classes")
    }
  }

  func checkTrains() {
    ensure(trains, "a runner that was not made to train computes no gradients: make it with trains: true")
  }

  /// Whether the carried states fit sequences of that number.
  func checkCarriedStates(sequences: Int) {
    for (runner, states) in zip(runners, carriedStates) {
      for (state, values) in states.enumerated() {
        ensure(
          values.count == sequences * runner.plan.width(ofState: state),
          "a batch of \(sequences) sequences can't go on where a batch of another number of sequences ended")
      }
    }
  }
}
