package import ChartPictures
package import Engine
package import Networks
import Support
package import Training

/// What a network is trained on, and what can be said of it.
package protocol TaskData: Sendable {
  associatedtype Training: BatchSource
  associatedtype Validation: BatchSource

  /// The batches to train on.
  var training: Training { get }
  /// Those held out to choose the best weights; nil if nothing is.
  var validation: Validation? { get }
  /// By which the data are told apart from others; nil of data that can't change.
  var digest: String? { get }
  /// The files that were read, for messages.
  var files: [String] { get }
  /// What the network reads, for the report: `1,234 characters`.
  var subject: String { get }
  /// What a step is, for rates: `characters`.
  var unit: String { get }

  /// Whether a network is for these data; those of a run that goes on are asked when they are known to be the same as before.
  func fits(_ network: Network) -> Bool
  /// A file like the one trained on, to measure a network on.
  func batches(of file: String) throws -> any BatchSource
  /// The fraction of what is held out that a network answers right; nil where the task does not count that.
  ///
  /// - Parameter path: the network's file, for messages.
  func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double?
  /// What is measured first of a network on a file like the one trained on, beside its loss.
  func figures(of network: Network, from path: String, on file: String, loss: Double, machine: Machine) throws -> [Figure: Double]
  /// Adds to a model's file what can be known of it only when its training has come to its end.
  func complete(_ path: String, machine: Machine) throws
  /// What the network writes as it is now, for the report.
  func samples(_ network: Network, seed: UInt64) throws -> [String]
  /// What the best weights give beside what was held out, for the report.
  func charts(_ path: String, machine: Machine) throws -> [LineChart]
  /// What is said when a training has come to its end: results, and which command to try next.
  ///
  /// - Parameters:
  ///   - path: of the best model.
  ///   - folder: of the run, as a shell takes it.
  func conclusion(_ path: String, folder: String, machine: Machine) throws -> (results: [String], advice: [String])
}

extension TaskData {
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
  package func complete(_ path: String, machine: Machine) throws {}
  package func samples(_ network: Network, seed: UInt64) throws -> [String] { [] }
  package func charts(_ path: String, machine: Machine) throws -> [LineChart] { [] }
}

extension TaskData {
  /// Whether anything is held out.
  package var hasValidation: Bool { validation != nil }
}
