import Engine
import Networks
package import Sequences
import Support
import Training

/// Batches of labelled sequences, in a new order in each epoch, or always in the same.
package struct SequenceSource: BatchSource {
  private let sequences: EncodedSequences
  /// What messages and pages call each sequence: its text, the name of its group, or its line.
  private let titles: [String]
  private let lengths: [Int]
  /// The indices of each sequence's labels.
  private let labels: [[Int]]
  private let labelCount: Int
  private let isMultiple: Bool
  /// The weight of a sequence of each label; nil for 1.
  private let weights: [Float]?
  private let batch: Int
  /// The seed of the orders; nil for the same order in each epoch.
  private let seed: UInt64?
  /// The order if it is the same in each epoch: the longest first.
  private let order: [Int]

  /// Batches whose sequences are sorted by length together: a batch then has sequences of about the same length, whose late steps
  /// have as many rows as their early ones, and is still another one in each epoch.
  private static let pool = 16

  init(
    _ sequences: EncodedSequences, titles: [String], labels: [[Int]], of labelCount: Int, isMultiple: Bool, weights: [Float]?,
    batch: Int,
    seed: UInt64?
  ) {
    self.sequences = sequences
    self.titles = titles
    self.labels = labels
    self.labelCount = labelCount
    self.isMultiple = isMultiple
    self.weights = weights
    self.batch = batch
    self.seed = seed
    let lengths = sequences.lengths
    self.lengths = lengths
    order = seed == nil ? lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) } : []
  }

  package var count: Int { lengths.count }
  /// The number of steps of all sequences together.
  var steps: Int { lengths.reduce(0, +) }
  package var iterationsPerEpoch: Int? { max(1, (count + batch - 1) / batch) }
  package var stepsPerBatch: Int { max(1, steps / (iterationsPerEpoch ?? 1)) }
  package func continues(at iteration: Int) -> Bool { false }

  package func batch(at iteration: Int) -> Batch {
    let places = places(at: iteration)
    let (lengths, inputs) = sequences.packed(places)
    return Batch(lengths: lengths, inputs: inputs, targets: targets(places))
  }

  /// The sequences of a batch, the longest first.
  private func places(at iteration: Int) -> [Int] {
    let perEpoch = iterationsPerEpoch ?? 1
    let (epoch, number) = iteration.quotientAndRemainder(dividingBy: perEpoch)
    guard let seed else { return Array(order[number * batch..<min((number + 1) * batch, count)]) }
    var random = Random(.sequenceOrder, epoch, seed: seed)
    var order = Array(0..<count)
    random.shuffle(&order)
    var batches = Array(0..<perEpoch)
    random.shuffle(&batches)
    let (pool, place) = batches[number].quotientAndRemainder(dividingBy: Self.pool)
    let size = Self.pool * batch
    let members = order[pool * size..<min((pool + 1) * size, count)].sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    return Array(members[place * batch..<min((place + 1) * batch, members.count)])
  }

  /// How often a classifier finds the labels of all sequences.
  func scores(of classifier: Classifier, machine: Machine) throws -> ClassificationScores {
    var scores = ClassificationScores(labels: classifier.description.labels, isMultiple: isMultiple)
    try run(classifier, machine: machine) { place, probabilities in
      scores.add(expected: labels[place], found: classifier.labels(probabilities))
    }
    return scores
  }

  /// Some sequences with the labels that a classifier gives them, and those that they have: first those that it gets wrong, the surest first.
  func examples(of classifier: Classifier, most: Int, machine: Machine) throws -> [Example] {
    var (wrong, right): ([Example], [Example]) = ([], [])
    let names = classifier.description.labels
    func shown(_ labels: [Int]) -> String { labels.isEmpty ? "no label" : labels.map { names[$0] }.joined(separator: ", ") }
    try run(classifier, machine: machine) { place, probabilities in
      let found = classifier.labels(probabilities)
      let example = Example(
        title: titles[place], given: shown(found), expected: shown(labels[place]),
        probability: found.map { probabilities[$0] }.max() ?? 1 - (probabilities.max() ?? 0))
      if Set(found) == Set(labels[place]) { right.append(example) } else { wrong.append(example) }
    }
    wrong.sort { $0.probability > $1.probability }
    let shownWrong = wrong.prefix(right.isEmpty ? most : most * 3 / 4)
    return Array(shownWrong) + right.prefix(most - shownWrong.count)
  }

  /// A sequence and what a classifier makes of it.
  struct Example {
    let title: String
    let given: String
    let expected: String
    /// How probable what is given is.
    let probability: Double
  }

  /// Runs a classifier over all sequences, and hands the place of each to `body` with the probabilities of the labels.
  private func run(_ classifier: Classifier, machine: Machine, _ body: (Int, [Double]) -> Void) throws {
    let runner = NetworkRunner(classifier.network, machine: machine, trains: false)
    let width = classifier.network.architecture.outputWidth
    for index in 0..<(iterationsPerEpoch ?? 1) {
      let places = places(at: index)
      let (lengths, inputs) = sequences.packed(places)
      let outputs = try runner.outputs(inputs, lengths: lengths)
      for (row, place) in places.enumerated() {
        body(place, classifier.probabilities(outputs[row * width..<(row + 1) * width]))
      }
    }
  }

  private func targets(_ places: [Int]) -> Batch.Targets {
    if isMultiple {
      var values = [Float](repeating: 0, count: places.count * labelCount)
      for (row, place) in places.enumerated() { for label in labels[place] { values[row * labelCount + label] = 1 } }
      return .values(values)
    }
    let classes = places.map { labels[$0].first.map(Int32.init) ?? -1 }
    guard let weights else { return .classes(classes) }
    return .weightedClasses(classes, weights: classes.map { $0 < 0 ? 0 : weights[Int($0)] })
  }
}
