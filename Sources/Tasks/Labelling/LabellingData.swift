package import Support
import Tables
package import TaskKit

/// Sequences with a label at each step, cut into what is trained on and what is held out to choose the best weights.
package struct LabellingData: Sendable {
  package let description: LabelDescription
  package let training: StepWindows
  package let validation: StepWindows?
  package let digest: String?
  package let files: [String]
  let table: StepTable
  /// What is held out, and of which table; nil if nothing is.
  let held: (table: StepTable, parts: [StepPart])?
  let split: StepSplit
  let cut: StepCut

  /// Learns labels and scaling from what is trained on.
  ///
  /// - Parameters:
  ///   - known: the description of the network of a run that is resumed; nil for a new one.
  ///   - start: that of the model that the training starts from, if there is one: numbers that it knows by name stay scaled as they
  ///     are there.
  ///   - fraction: how much is held out.
  ///   - fold: the part that is held out in place of a fraction; nil for the fraction.
  /// - Throws: ``RecurrentError`` if there are fewer than two labels, or held-out steps have others.
  package init(
    _ material: StepMaterial, known: LabelDescription? = nil, from start: LabelDescription? = nil, cut: StepCut,
    validation fraction: Double, isBalanced: Bool, seed: UInt64, fold: Fold? = nil
  ) throws(RecurrentError) {
    let table = material.table
    let found = Set(table.sequences.lazy.flatMap(\.labels)).subtracting([""])
    let place = table.isFile ? ", \(title(ofColumn: table.form.targetColumns[0]))" : ""
    guard found.count > 1 else {
      let only = found.first.map { "“\($0)” is the label of all steps" } ?? "no step has a label"
      throw RecurrentError(.data, "\(table.source)\(place): \(only), so there is nothing to tell apart")
    }
    if found.count > 50, found.count * 2 > table.steps {
      throw RecurrentError(
        .data,
        naming:
          "\(table.source)\(place): it has \(found.count) different texts in \(table.steps) steps, which are no labels; say which column holds them with \(Setting("target")) NAME"
      )
    }
    let labels = known?.labels ?? sortedLabels(found)
    let numbers = Dictionary(labels.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
    let lengths = table.sequences.map(\.count)
    let split = try StepSplit(lengths, fraction: material.heldOut == nil ? fraction : 0, seed: seed, fold: fold) { run in
      Set(table.sequences[run.sequence].labels[run.steps].compactMap { numbers[$0] })
    }
    let description = known ?? LabelDescription(table, labels, split.training, from: start)
    self.description = description
    func classes(_ table: StepTable) throws(RecurrentError) -> [[Int32]] {
      try table.sequences.indices.map { sequence throws(RecurrentError) in try description.classes(of: sequence, in: table) }
    }
    func windows(_ table: StepTable, _ parts: [StepPart], window: Int, seed: UInt64?) throws(RecurrentError) -> StepWindows {
      StepWindows(
        table.sequences.map { description.form.features($0.inputs, description.scaling) }, as: .numbers(of: description.form),
        targets: .classes(try classes(table), weights: isBalanced ? description.balancedWeights : nil), parts: parts,
        window: cut.readsInReverse ? nil : window, batch: cut.batch, seed: seed)
    }
    training = try windows(table, cut.parts(of: split.training, lengths: lengths), window: cut.window, seed: seed)
    let other = material.heldOut ?? table
    let heldOut =
      material.heldOut.map { $0.sequences.enumerated().map { StepRun(sequence: $0, steps: 0..<$1.count) } } ?? split.heldOut
    let parts = heldOut.map { cut.part(of: $0.sequence, scored: $0.steps, length: other.sequences[$0.sequence].count) }
    // Where nothing is learned, windows only bound the memory.
    validation = parts.isEmpty ? nil : try windows(other, parts, window: max(cut.window, 1024), seed: nil)
    held = parts.isEmpty ? nil : (other, parts)
    digest = table.digest + (material.heldOut?.digest ?? "")
    files = [table, material.heldOut].compactMap { $0 }.filter(\.isFile).map(\.source)
    (self.table, self.split, self.cut) = (table, split, cut)
  }

  /// All sequences of a file like the one trained on, to measure a network on.
  func windows(of path: String) throws(RecurrentError) -> StepWindows {
    let table = try StepTable(
      StepFileSettings().table(path, form: description.form, known: description.dialect), form: description.form)
    var classes: [[Int32]] = []
    for sequence in table.sequences.indices { classes.append(try description.classes(of: sequence, in: table)) }
    let parts = table.sequences.enumerated().map {
      StepPart(sequence: $0, steps: 0..<$1.count, scored: 0..<$1.count)
    }
    return StepWindows(
      table.sequences.map { description.form.features($0.inputs, description.scaling) }, as: .numbers(of: description.form),
      targets: .classes(classes, weights: nil), parts: parts, window: cut.readsInReverse ? nil : 1024, batch: cut.batch, seed: nil
    )
  }
}

extension LabelDescription {
  /// What can be learned of labels and numbers before a training.
  ///
  /// - Parameter runs: the steps that are trained on.
  fileprivate init(_ table: StepTable, _ labels: [String], _ runs: [StepRun], from start: LabelDescription?) {
    let names = table.form.stepNames
    let known = Dictionary(start.map { Array(zip($0.form.stepNames, $0.scaling)) } ?? []) { first, _ in first }
    let computed = table.form.scaling { column in
      runs.lazy.flatMap { run in
        run.steps.lazy.map { table.sequences[run.sequence].inputs[$0 * names.count + column] }
      }
    }
    let scaling = zip(names, computed).map { known[$0] ?? $1 }
    var counts: [String: Int] = [:]
    for run in runs {
      for label in table.sequences[run.sequence].labels[run.steps] { counts[label, default: 0] += 1 }
    }
    self.init(
      form: table.form, dialect: table.dialect, labels: labels, counts: labels.map { counts[$0, default: 0] }, scaling: scaling)
  }

  /// The weight of a step of each label: all labels count the same together, and the mean over the steps is 1.
  fileprivate var balancedWeights: [Float] {
    let total = counts.reduce(0, +)
    let used = counts.count { $0 > 0 }
    return counts.map { $0 == 0 ? 0 : Float(total) / Float(used * $0) }
  }
}
