package import TaskKit

/// What came of one training among several. It stands in the folder of its run.
package struct RunResult: Sendable, Hashable, Codable {
  /// As whoever compares named it: a cell of the library, or a file.
  package let cell: String
  package let seed: UInt64
  package let units: Int
  /// Weights of the whole network.
  package let weights: Int
  /// Iterations done.
  package let iterations: Int
  /// The best held-out loss, and the iteration after which it was measured.
  package let validation: Double?
  package let bestIteration: Int?
  /// The loss of the best weights on a file that nothing was chosen by.
  package let test: Double?
  /// What the task counts there beside a loss, by the keys of ``TaskKit/Figure``; nil in results of versions that measured nothing else.
  package let testFigures: [String: Double]?
  /// What the task counts beside a loss, a share of what was answered right.
  package let score: Double?
  /// Seconds of training.
  package let seconds: Double
  /// Iterations that go through the data once; nil for data that never ends.
  package let iterationsPerEpoch: Int?
  /// Why the training ended before its time.
  package let failure: String?

  package init(
    cell: String, seed: UInt64, units: Int, weights: Int, iterations: Int, validation: Double?, bestIteration: Int?,
    test: Double?, testFigures: [Figure: Double] = [:],
    score: Double?, seconds: Double, iterationsPerEpoch: Int?, failure: String?
  ) {
    self.cell = cell
    self.seed = seed
    self.units = units
    self.weights = weights
    self.iterations = iterations
    self.validation = validation
    self.bestIteration = bestIteration
    self.test = test
    self.testFigures = Dictionary(uniqueKeysWithValues: testFigures.map { ($0.key.key, $0.value) })
    self.score = score
    self.seconds = seconds
    self.iterationsPerEpoch = iterationsPerEpoch
    self.failure = failure
  }

  /// Seconds that go through the data once, or a thousand iterations where the data never ends.
  package var secondsPerEpoch: Double {
    seconds / Double(max(iterations, 1)) * Double(iterationsPerEpoch ?? 1000)
  }
}
