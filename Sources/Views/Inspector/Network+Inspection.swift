public import Engine
public import Networks
import Sequences
import Support

extension Network {
  /// What happens inside the network while it reads a sequence of vectors of features.
  ///
  ///     let report = try network.inspection(of: [[0.5, 1], [0.25, 2], [0, 3]])  // three steps of two features
  ///     let page = String(decoding: report.html, as: UTF8.self)
  ///
  /// - Parameters:
  ///   - sequence: `[T][features]`, at least one step.
  ///   - title: of the report.
  ///   - clamps: what is held while the network runs.
  ///   - machine: nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if a step has another number of features than the network reads, it reads something else, or a
  ///   clamp names what the network has not.
  public func inspection(
    of sequence: [[Float]], title: String = "network", clamps: [Clamp] = [], machine: Machine? = nil
  ) throws -> InspectionReport {
    guard let width = architecture.features else {
      throw RecurrentError(.shape, "the network does not read vectors of features: inspect it on what it reads")
    }
    try check(steps: sequence.count)
    if let step = sequence.firstIndex(where: { $0.count != width }) {
      throw RecurrentError(
        .shape,
        "step \(step), counted from 0, has \(sequence[step].count) features; the network reads \(width) at each step")
    }
    let columns = (0..<width).map { feature in
      InspectedInput.Column(name: "feature \(feature + 1)", values: sequence.map { $0[feature] })
    }
    return try report(InspectedInput(.features(columns)), title, clamps, machine)
  }

  /// What happens inside the network while it reads a sequence of symbols of its vocabulary.
  ///
  ///     let report = try network.inspection(ofTokens: vocabulary.encode("to be"))
  ///
  /// - Parameters:
  ///   - tokens: `[T]`, at least one, as ``Vocabulary/encode(_:)`` gives them.
  ///   - title: of the report.
  ///   - clamps: what is held while the network runs.
  ///   - machine: nil for the fastest kernels and all processors.
  /// - Throws: ``RecurrentError`` if the vocabulary has no such symbol, the network reads something else, or a clamp names what the
  ///   network has not.
  public func inspection(
    ofTokens tokens: [Int32], title: String = "network", clamps: [Clamp] = [], machine: Machine? = nil
  ) throws -> InspectionReport {
    guard let vocabulary = architecture.vocabulary else {
      throw RecurrentError(.shape, "the network does not read symbols of a vocabulary: inspect it on what it reads")
    }
    try check(steps: tokens.count)
    if let step = tokens.firstIndex(where: { $0 < 0 || Int($0) >= vocabulary.count }) {
      throw RecurrentError(
        .shape,
        "step \(step), counted from 0, is the symbol \(tokens[step]); the vocabulary has \(vocabulary.count), counted from 0")
    }
    return try report(InspectedInput(.tokens(tokens, vocabulary)), title, clamps, machine)
  }

  private func check(steps: Int) throws(RecurrentError) {
    if steps == 0 { throw RecurrentError(.shape, "there is nothing to inspect: give the network at least one step") }
  }

  private func report(
    _ input: InspectedInput, _ title: String, _ clamps: [Clamp], _ machine: Machine?
  ) throws -> InspectionReport {
    let machine = if let machine { machine } else { try Machine() }
    return try InspectionReport(
      [Inspection(self, name: title, on: input, clamps: clamps, machine: machine)], title: title)
  }
}
