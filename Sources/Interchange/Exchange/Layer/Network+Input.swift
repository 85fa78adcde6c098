import Networks
import Support

/// What other systems can't hold of what a network reads and gives. A kind of input says which forms its parts have, and a kind of
/// output what function it is; whatever another system doesn't have is refused by name.
extension Network {
  /// - Parameters:
  ///   - others: what is to hold the network, for messages.
  ///   - holdsNames: whether they know of symbols beside numbers.
  ///   - holdsShortcuts: whether their output may read the input beside the last layer.
  ///   - holdsBranches: whether their layers may read something else than the layer below.
  ///   - holdsContexts: whether they know what a network knows of each sequence before its first step.
  /// - Throws: ``RecurrentError`` if the network reads or gives something that others don't have.
  func checkEnds(
    for others: String, holdsNames: Bool = false, holdsShortcuts: Bool = false, holdsBranches: Bool = false,
    holdsContexts: Bool = false
  ) throws(RecurrentError) {
    try checkInput(for: others, holdsNames: holdsNames, holdsContexts: holdsContexts)
    if let branch = architecture.firstBranch, !holdsBranches {
      throw RecurrentError(
        .interchange,
        "\(branch.reader) reads \(branch.reading.text), and not just what is below it, which \(others) can't hold as it is written here: "
          + "convert it to ONNX")
    }
    if architecture.outputReadsInput, !holdsShortcuts {
      throw RecurrentError(
        .interchange,
        "the network's output reads the input beside the last layer, which \(others) can't hold as it is written here: convert it to ONNX or "
          + "PyTorch")
    }
    guard case .special(let what) = architecture.output.head.function else { return }
    throw RecurrentError(.interchange, "the network's output is \(what), which \(others) can't hold")
  }

  /// - Throws: ``RecurrentError`` if the network reads something that others don't have.
  ///
  /// - Parameter holdsVectors: whether cells may read several inputs.
  func checkInput(
    for others: String, holdsNames: Bool = false, holdsVectors: Bool = false, holdsContexts: Bool = false
  ) throws(RecurrentError) {
    if let context = architecture.context, !holdsContexts {
      throw RecurrentError(
        .interchange,
        "the network begins each sequence with \(context.summary), which \(others) can't hold as it is written here")
    }
    let forms = inputForms
    let vectors = architecture.input.encoding.vectors.map(\.name)
    if !vectors.isEmpty {
      if holdsVectors { return }
      throw RecurrentError(
        .interchange,
        "the network's cells read \(vectors.joined(separator: ", ")) beside what is below them, which \(others) can't hold as it is written "
          + "here: `recurrent run` runs it")
    }
    for form in forms {
      guard case .special(let what) = form else { continue }
      throw RecurrentError(
        .interchange, "the network reads \(what), which \(others) can't hold: `recurrent predict` runs it")
    }
    if forms.count == 1 || holdsNames { return }
    throw RecurrentError(
      .interchange,
      naming:
        "the network reads the name of a series beside its numbers, which \(others) can't hold as it is written here: convert it to ONNX, or "
        + "train without \(Setting("series-embedding"))")
  }

  /// The forms of the parts of what the network reads.
  var inputForms: [InputForm] { graph.inputParts.map(\.form) }
}
