package import ChartPictures
package import Engine
package import Networks
package import Pages
import Support
package import Training

/// The data that a network is trained on, and what can be said of it.
package protocol TaskData: Sendable {
  associatedtype Training: BatchSource
  associatedtype Validation: BatchSource

  /// The batches to train on.
  var training: Training { get }
  /// The batches held out to choose the best weights; nil if there are none.
  var validation: Validation? { get }
  /// What says which weights a training keeps, where that is not the held-out loss; nil for the loss.
  var judge: Judge? { get }
  /// A digest that identifies the data; nil for data that can't change.
  var digest: String? { get }
  /// The files that were read, for messages.
  var files: [String] { get }
  /// What the network reads, for the report: `1,234 characters`.
  var subject: String { get }
  /// What a step is, for rates: `characters`.
  var unit: String { get }

  /// Whether a network fits these data; asked for a resumed run once the data are known to be the same as before.
  func fits(_ network: Network) -> Bool
  /// The batches of a file like the one trained on, to measure a network on.
  func batches(of file: String) throws -> any BatchSource
  /// The fraction of the held-out data that a network answers right; nil if the task does not count that.
  ///
  /// - Parameter path: the network's file, for messages.
  func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double?
  /// How many held-out answers there are, if they are independent of each other, so that how many are right says by itself how sure that is.
  var independentAnswers: Int? { get }
  /// What is measured of a network on a file like the one trained on, beside its loss.
  func figures(of network: Network, from path: String, on file: String, loss: Double, machine: Machine) throws -> [Figure: Double]
  /// The error on the held-out data by which a search judges a network, where losses of different settings can't be compared; nil to judge
  /// it by its held-out loss.
  func searchError(of network: Network, from path: String, machine: Machine) throws -> Double?
  /// Adds to a model's file what can be known only once the training has ended.
  func complete(_ path: String, machine: Machine) throws
  /// Samples of the network's output at this point, for the report.
  func samples(_ network: Network, seed: UInt64) throws -> [String]
  /// What the best weights make of what was held out, for the report.
  func passages(_ path: String, machine: Machine) throws -> [TrainingReport.Passage]
  /// Charts of the outputs of the best weights beside the held-out data, for the report.
  func charts(_ path: String, machine: Machine) throws -> [LineChart]
  /// What is said at the end of a training: results, and which command to try next.
  ///
  /// - Parameters:
  ///   - path: of the best model.
  ///   - folder: of the run, quoted for a shell.
  func conclusion(_ path: String, folder: String, machine: Machine) throws -> (results: [String], advice: [String])
}

/// What says which weights a training keeps.
package struct Judge: Sendable {
  /// What the scores count.
  package let figure: Figure
  /// How good a network is on what is held out: the higher, the better.
  package let score: @Sendable (_ network: Network, _ machine: Machine) throws -> Double

  package init(_ figure: Figure, score: @escaping @Sendable (_ network: Network, _ machine: Machine) throws -> Double) {
    (self.figure, self.score) = (figure, score)
  }

  /// A score as it is said: `, chrF 40.5`; nothing if there is none.
  package static func text(_ score: Double?, of judge: Judge?) -> String {
    guard let score, let figure = judge?.figure else { return "" }
    return ", \(figure.title) \((figure.factor * score).fixed(figure.digits))"
  }
}

extension TaskData {
  package var judge: Judge? { nil }
  package var digest: String? { nil }
  package var files: [String] { [] }
  package var unit: String { "steps" }
  package func batches(of file: String) throws -> any BatchSource {
    throw RecurrentError(.unsuitable, "\(file): the task does not measure networks on files")
  }
  package func conclusion(_ path: String, folder: String, machine: Machine) throws -> (results: [String], advice: [String]) {
    ([], [])
  }
  package func fits(_ network: Network) -> Bool { true }
  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] { [:] }
  package func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double? { nil }
  package var independentAnswers: Int? { nil }
  package func searchError(of network: Network, from path: String, machine: Machine) throws -> Double? { nil }
  package func complete(_ path: String, machine: Machine) throws {}
  package func samples(_ network: Network, seed: UInt64) throws -> [String] { [] }
  package func passages(_ path: String, machine: Machine) throws -> [TrainingReport.Passage] { [] }
  package func charts(_ path: String, machine: Machine) throws -> [LineChart] { [] }
}

extension TaskData {
  /// Whether anything is held out.
  package var hasValidation: Bool { validation != nil }
}
