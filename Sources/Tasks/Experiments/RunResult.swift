package import TaskKit

/// The result of one training among several. It is kept in the folder of its run.
package struct RunResult: Sendable, Hashable, Codable {
  /// The name that the user gave the cell: one of the library, or a file.
  package let cell: String
  package let seed: UInt64
  package let units: Int
  /// The number of weights of the whole network.
  package let weights: Int
  /// The number of iterations done.
  package let iterations: Int
  /// The best held-out loss, and the iteration after which it was measured.
  package let validation: Double?
  package let bestIteration: Int?
  /// The loss of the best weights on the test file.
  package let test: Double?
  /// What else the task measures on the test file, by the keys of ``TaskKit/Figure``; nil in results of versions that measured
  /// nothing else.
  package let testFigures: [String: Double]?
  /// The fraction of the held-out answers that is right; nil if the task does not count that.
  package let score: Double?
  /// Seconds of training.
  package let seconds: Double
  /// The number of iterations in an epoch; nil for data that never ends.
  package let iterationsPerEpoch: Int?
  /// Why the training failed; nil if it did not.
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

  /// Seconds for an epoch, or for a thousand iterations where the data never ends.
  package var secondsPerEpoch: Double {
    seconds / Double(max(iterations, 1)) * Double(iterationsPerEpoch ?? 1000)
  }
}
