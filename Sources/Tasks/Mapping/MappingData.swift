import Support
import Tables
package import TaskKit

/// Sequences with numbers to give at each step, cut into what is trained on and what is held out to choose the best weights.
package struct MappingData: Sendable {
  package let description: MapDescription
  package let training: StepWindows
  package let validation: StepWindows?
  package let digest: String?
  package let files: [String]
  let table: StepTable
  /// What is held out, and of which table; nil if nothing is.
  let held: (table: StepTable, parts: [StepPart])?
  let split: StepSplit
  let cut: StepCut

  /// What is read, and how it is to be learned.
  struct Source {
    let material: StepMaterial
    /// How sound is read; nil of tables.
    let audio: AudioForm?
    /// The files that were read.
    let files: [String]

    /// The same with what cells read of rows as inputs of their own.
    func read(by inputs: [FurtherInput]) -> Source {
      Source(material: material.read(by: inputs), audio: audio, files: files)
    }
  }

  /// Learns scaling from what is trained on.
  ///
  /// - Parameters:
  ///   - known: the description of the network of a run that is resumed; nil for a new one.
  ///   - start: that of the model that the training starts from, if there is one: numbers that it knows by name stay scaled as they
  ///     are there.
  ///   - fraction: how much is held out.
  /// - Throws: ``RecurrentError`` if an output is always the same, or nothing is left to train on.
  init(
    _ source: Source, known: MapDescription? = nil, from start: MapDescription? = nil, cut: StepCut, validation fraction: Double,
    seed: UInt64
  ) throws(RecurrentError) {
    let (material, table) = (source.material, source.material.table)
    let lengths = table.sequences.map(\.count)
    let split = try StepSplit(lengths, fraction: material.heldOut == nil ? fraction : 0, seed: seed) { _ in [] }
    let description: MapDescription
    if let known {
      description = known
    } else {
      description = try MapDescription(table, split.training, source.audio, from: start)
    }
    func windows(_ table: StepTable, _ parts: [StepPart], window: Int, seed: UInt64?) -> StepWindows {
      description.windows(table, parts, window: cut.readsInReverse ? nil : window, batch: cut.batch, seed: seed)
    }
    training = windows(table, cut.parts(of: split.training, lengths: lengths), window: cut.window, seed: seed)
    let other = material.heldOut ?? table
    let heldOut =
      material.heldOut.map { $0.sequences.enumerated().map { StepRun(sequence: $0, steps: 0..<$1.count) } } ?? split.heldOut
    let parts = heldOut.map { cut.part(of: $0.sequence, scored: $0.steps, length: other.sequences[$0.sequence].count) }
    // Where nothing is learned, windows only bound the memory.
    validation = parts.isEmpty ? nil : windows(other, parts, window: max(cut.window, 1024), seed: nil)
    held = parts.isEmpty ? nil : (other, parts)
    digest = table.digest + (material.heldOut?.digest ?? "")
    files = source.files
    self.description = description
    (self.table, self.split, self.cut) = (table, split, cut)
  }
}

extension MapDescription {
  /// What can be learned of numbers before a training.
  ///
  /// - Parameter runs: the steps that are trained on.
  fileprivate init(
    _ table: StepTable, _ runs: [StepRun], _ audio: AudioForm?, from start: MapDescription?
  ) throws(RecurrentError) {
    let (columns, targets) = (table.form.stepNames, table.form.targetColumns)
    if audio != nil {
      self.init(
        form: table.form, dialect: nil, audio: audio, inputs: columns.map { _ in .identity },
        outputs: targets.map { _ in .identity })
      return
    }
    func known(_ names: [String]?, _ scaling: [Scaling]?) -> [String: Scaling] {
      Dictionary(zip(names ?? [], scaling ?? [])) { first, _ in first }
    }
    let inputs = known(start?.form.stepNames, start?.inputs)
    let outputs = known(start?.form.targetColumns, start?.outputs)
    func values(_ column: Int, of width: Int, _ numbers: @escaping (StepSequence) -> [Double]) -> some Sequence<Double> {
      runs.lazy.flatMap { run in
        let own = numbers(table.sequences[run.sequence])
        return run.steps.lazy.map { own[$0 * width + column] }
      }
    }
    let given = try targets.enumerated().map { place, name throws(RecurrentError) -> Scaling in
      if let known = outputs[name] { return known }
      guard let own = Scaling(differing: values(place, of: targets.count) { $0.values }) else {
        throw RecurrentError(
          .data, "\(table.source), \(title(ofColumn: name)): it is the same in every row, so there is nothing to learn")
      }
      return own
    }
    self.init(
      form: table.form, dialect: table.dialect, audio: nil,
      inputs: zip(columns, table.form.scaling { values($0, of: columns.count) { $0.inputs } }).map { inputs[$0] ?? $1 },
      outputs: given)
  }

  /// Batches of a table's sequences as the network reads them.
  func windows(_ table: StepTable, _ parts: [StepPart], window: Int?, batch: Int, seed: UInt64?) -> StepWindows {
    StepWindows(
      table.sequences.map { form.features($0.inputs, inputs) }, as: .numbers(of: form),
      targets: .values(table.sequences.map { targets($0.values) }, outputs: outputs.count), parts: parts, window: window,
      batch: batch, seed: seed)
  }
}
