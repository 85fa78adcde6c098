import Networks
package import Support
import Tables
package import TaskKit

/// Sequences with their symbols, split into those that are trained on and those held out to choose the best weights.
package struct TranscriptionData: Sendable {
  package let description: TranscriptionDescription
  package let training: TranscriptionSource
  package let validation: TranscriptionSource?
  /// The sequences that are held out; nil if none are.
  package let heldOut: Transcripts?
  /// A digest that identifies the data.
  package let digest: String?
  /// The files that are trained and validated on; none for sequences in memory.
  package let files: [String]
  /// What was read, before it was split.
  let all: Transcripts

  /// - Parameters:
  ///   - heldOut: sequences of another file to validate on; nil to hold out some of the first.
  ///   - known: what a model says that the network is to go on from; nil to learn symbols and scaling from what is trained on.
  /// - Throws: ``RecurrentError`` if a part is empty, or has a symbol that the part to train on lacks.
  package init(
    _ file: Transcripts, heldOut: Transcripts?, known: TranscriptionDescription? = nil, split: DataSplit
  ) throws(RecurrentError) {
    let (training, validation) = try Self.parts(file, heldOut: heldOut, split)
    if let heldOut, heldOut.width != file.width {
      throw RecurrentError(
        .data, "\(heldOut.source) has \(heldOut.width) numbers a step, and \(file.source) \(file.width); they should be equal")
    }
    let description =
      known
      ?? TranscriptionDescription(
        form: file.form, symbols: Set(training.sequences.flatMap { $0.symbols ?? [] }).sorted(),
        scaling: Self.scaling(training))
    self.description = description
    self.training = try TranscriptionSource(training, description, batch: split.batch, seed: split.seed)
    self.validation = try validation.map { file throws(RecurrentError) in
      try TranscriptionSource(file, description, batch: split.batch, seed: nil)
    }
    self.heldOut = validation
    digest = file.digest + (heldOut?.digest ?? "")
    files = [file, heldOut].compactMap { $0 }.filter(\.isFile).map(\.source)
    all = file
  }

  /// The scaling of each number of a step, over all steps.
  private static func scaling(_ file: Transcripts) -> [Scaling] {
    (0..<file.width).map { column in
      Scaling(
        of: file.sequences.lazy.flatMap { sequence in
          stride(from: column, to: sequence.values.count, by: file.width).map { Double(sequence.values[$0]) }
        })
    }
  }

  private static func parts(
    _ file: Transcripts, heldOut: Transcripts?, _ split: DataSplit
  ) throws(RecurrentError) -> (training: Transcripts, validation: Transcripts?) {
    if let heldOut { return (file, heldOut) }
    if split.validation == 0 { return (file, nil) }
    var order = Array(file.sequences.indices)
    var random = Random(.heldOutTranscripts, seed: split.seed)
    random.shuffle(&order)
    let count = max(1, Int(Double(order.count) * split.validation))
    // A sequence with a symbol that no other remaining one has is trained on, since a symbol must be seen to be learned.
    let symbols = file.sequences.map { Set($0.symbols ?? []) }
    var left: [String: Int] = [:]
    for symbol in symbols.joined() { left[symbol, default: 0] += 1 }
    var held: Set<Int> = []
    for place in order where held.count < count && symbols[place].allSatisfy({ left[$0, default: 0] > 1 }) {
      held.insert(place)
      for symbol in symbols[place] { left[symbol, default: 0] -= 1 }
    }
    guard !held.isEmpty, held.count < order.count else {
      throw RecurrentError(
        .data,
        naming:
          "\(file.source) has \(order.count == 1 ? "a single sequence" : "in each sequence a symbol that no other has"), so that none can be held out: give more, or hold out nothing with \(Setting("validation")) 0"
      )
    }
    return (file.taking(order.indices.filter { !held.contains($0) }), file.taking(held.sorted()))
  }
}
