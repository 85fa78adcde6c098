public import Engine
public import Networks
import Platform
import Sequences
public import Support
import Tables
public import TaskKit
import Models

/// A trained network that says which symbols stand in a sequence of numbers, in their order.
///
///     let transcriber = try Transcriber(contentsOf: "runs/digits-lstm")
///     print(try transcriber.transcribe([[0.5, 1], [0.25, 2], [0, 3]]).symbols)
public struct Transcriber: TrainedModel {
  /// What such models are trained for.
  public typealias Task = TranscribeTask

  /// The network, which carries what its numbers stand for.
  public let network: Network
  package let description: TranscriptionDescription

  /// What is found in a sequence.
  public struct Transcript: Sendable, Hashable {
    /// The symbols, in their order.
    public let symbols: [String]
    /// The steps at which each symbol stands on the most probable of its ways through the sequence.
    public let steps: [Range<Int>]
    /// The logarithm of the probability of these symbols, over all their ways through the sequence.
    public let logarithm: Double
  }

  /// The transcriber that a network is.
  ///
  /// - Parameter path: of the network's file, for messages.
  /// - Throws: ``RecurrentError`` if the network does not transcribe sequences.
  public init(_ network: Network, path: String) throws(RecurrentError) {
    self.network = network
    description = try TranscriptionDescription(of: network, path: path)
  }

  /// The most probable symbols of a sequence.
  ///
  /// - Parameters:
  ///   - sequence: `[T][width]`
  ///   - beam: how many beginnings are kept after each step; 1 follows the most probable symbol, or none, of each step.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if a step has another number of numbers than the network reads.
  public func transcribe(_ sequence: [[Float]], beam: Int = 1, machine: Machine? = nil) throws -> Transcript {
    try transcribe([sequence], beam: beam, machine: machine)[0]
  }

  /// The most probable symbols of several sequences, of any lengths.
  ///
  /// - Parameters:
  ///   - sequences: `[B][T][width]`
  ///   - beam: how many beginnings are kept after each step; 1 follows the most probable symbol, or none, of each step.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if a step has another number of numbers than the network reads.
  public func transcribe(_ sequences: [[[Float]]], beam: Int = 1, machine: Machine? = nil) throws -> [Transcript] {
    let width = description.scaling.count
    for (place, sequence) in sequences.enumerated() {
      guard let step = sequence.firstIndex(where: { $0.count != width }) else { continue }
      throw RecurrentError(
        .shape,
        "step \(step) of sequence \(place), counted from 0, has \(sequence[step].count) numbers; the network reads \(width)")
    }
    let runner = TranscriberRunner(self, machine: try machine ?? Machine())
    return try stride(from: 0, to: sequences.count, by: TranscriberRunner.defaultCount).flatMap { start in
      try runner.transcripts(
        sequences[start..<min(start + TranscriberRunner.defaultCount, sequences.count)].map { Array($0.joined()) }, beam: beam)
    }
  }

  /// The sequences of a file, with their symbols.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read, a sequence in it is wrong, or its steps are not such as the network
  ///   reads.
  package func transcripts(_ path: String) throws(RecurrentError) -> Transcripts {
    try Transcripts(contentsOf: path, TranscriptRequest(description.form)).checked(description)
  }

  /// The name of a symbol by its number.
  func name(_ symbol: Int) -> String { description.symbols[symbol] }
}

/// Runs a transcriber over sequences. Only one thread may use it at a time.
package final class TranscriberRunner {
  private let transcriber: Transcriber
  private let runner: NetworkRunner

  /// The number of sequences in a batch: enough to keep the threads busy, in little memory.
  package static let defaultCount = 64

  package init(_ transcriber: Transcriber, machine: Machine) {
    self.transcriber = transcriber
    runner = NetworkRunner(transcriber.network, machine: machine, trains: false)
  }

  /// What the network gives at each step of some sequences, the probabilities of the blank and of each symbol.
  ///
  /// - Parameter sequences: as files have them, `[T, width]` each, in any order.
  /// - Returns: `[T, symbols + 1]` of each.
  package func probabilities(_ sequences: [[Float]]) throws(RecurrentError) -> [[Float]] {
    let description = transcriber.description
    let width = description.scaling.count
    let order = sequences.indices.filter { !sequences[$0].isEmpty }.sorted {
      (sequences[$1].count, $0) < (sequences[$0].count, $1)
    }
    var given = [[Float]](repeating: [], count: sequences.count)
    if order.isEmpty { return given }
    let (lengths, inputs) = TranscriptionSource.packed(order.map { description.features(sequences[$0]) }, width: width)
    let outputs = try runner.outputs(inputs, lengths: lengths)
    let count = description.symbols.count + 1
    for (place, sequence) in order.enumerated() {
      given[sequence] = lengths.rows(ofSequence: place).flatMap { outputs[$0 * count..<($0 + 1) * count] }
    }
    return given
  }

  /// What is found in some sequences.
  package func transcripts(_ sequences: [[Float]], beam: Int) throws(RecurrentError) -> [Transcriber.Transcript] {
    let count = transcriber.description.symbols.count + 1
    return try probabilities(sequences).map { given in
      var search = PrefixBeam(width: beam)
      for start in stride(from: 0, to: given.count, by: count) { search.read(given[start..<start + count]) }
      let symbols = search.best.symbols
      let (logarithm, steps) = Self.alignment(of: symbols, to: given, width: count)
      return Transcriber.Transcript(symbols: symbols.map(transcriber.name), steps: steps ?? [], logarithm: logarithm)
    }
  }

  /// The logarithm of the probability of symbols, and where they stand on their most probable way; nil if there is none.
  ///
  /// - Parameter given: the probabilities of the blank and of each symbol, `[T, width]`.
  package static func alignment(
    of symbols: [Int], to given: [Float], width: Int
  ) -> (logarithm: Double, steps: [Range<Int>]?) {
    if given.isEmpty { return (symbols.isEmpty ? 0 : -.infinity, symbols.isEmpty ? [] : nil) }
    // The logarithms of probabilities are outputs with the same softmax.
    let logs = given.map { log($0) }
    let lattice = CTCLattice(logs, steps: given.count / width, width: width, symbols: symbols.map { Int32($0) })
    return (-lattice.loss, lattice.alignment())
  }
}
