package import Engine
package import Networks
import Support
import Tables
package import TaskKit
package import Training
import Models

extension MappingData: TaskData {
  package var subject: String {
    "\(table.steps.grouped) \(unit) of \(table.sequences.count.grouped) \(table.sequences.count == 1 ? "sequence" : "sequences")"
  }
  package var unit: String { description.audio == nil ? "steps" : "samples" }

  package func fits(_ network: Network) -> Bool { (try? MapDescription(of: network, path: "")) == description }

  package func batches(of file: String) throws -> any BatchSource {
    guard description.audio == nil else {
      throw RecurrentError(
        .unsuitable, "\(file): a sound alone does not show what an effect makes of it; a training holds some of its own sound out"
      )
    }
    let table = try StepTable(
      StepFileSettings().table(file, form: description.form, known: description.dialect), form: description.form)
    let parts = table.sequences.enumerated().map { StepPart(sequence: $0, steps: 0..<$1.count, scored: 0..<$1.count) }
    return description.windows(table, parts, window: cut.readsInReverse ? nil : 1024, batch: cut.batch, seed: nil)
  }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    let scores = try SignalModel(network, path: path).scores(file, machine: machine)
    return [.explained: scores.explained, .errorToSignal: scores.errorToSignal]
  }

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    let model = try SignalModel(contentsOf: path)
    let scores = try scores(of: model, machine: machine)
    let isAudio = description.audio != nil
    return (
      scores.map { ["held out: " + MapReport($0, isAudio: isAudio).summary] } ?? [],
      [
        isAudio
          ? "to hear it: recurrent render \(folder) IN.wav OUT.wav"
          : "to give numbers for other rows: recurrent predict \(folder) FILE"
      ]
    )
  }

  /// How well a trained network does on what is held out; nil if nothing is.
  func scores(of model: SignalModel, machine: Machine) throws(RecurrentError) -> MapScores? {
    guard let held else { return nil }
    let form = description.form
    let (columns, count) = (form.stepNames.count, description.outputs.count)
    var scores = MapScores(outputs: form.targetColumns)
    let features = held.parts.map { part in
      let numbers = held.table.sequences[part.sequence].inputs
      return form.features(
        Array(numbers[part.steps.lowerBound * columns..<part.steps.upperBound * columns]), description.inputs)
    }
    let given = try NetworkRunner(model.network, machine: machine, trains: false)
      .outputs(ofSequences: features, width: form.inputWidth, outputs: count)
    for (part, outputs) in zip(held.parts, given) {
      let offset = (part.scored.lowerBound - part.steps.lowerBound) * count
      let found = description.values(outputs)[offset..<offset + part.scored.count * count]
      let targets = held.table.sequences[part.sequence].values
      scores.add(found: found, targets: targets[part.scored.lowerBound * count..<part.scored.upperBound * count])
    }
    return scores
  }

  /// What the data hold and how they are read.
  ///
  /// - Parameter file: the file as it was named.
  func notes(shownAs file: String) -> [Note] {
    var notes: [Note] = []
    if let audio = description.audio {
      let seconds = Double(table.steps) / Double(audio.rate)
      notes.append(
        .finding(
          "\(table.source): \(seconds.fixed(1)) s at \(audio.rate.grouped) samples a second, \(audio.inputs) \(audio.inputs == 1 ? "channel" : "channels") to \(audio.outputs)"
        ))
    } else {
      let form = description.form
      let count = table.sequences.count
      let more = form.columns.count > 4 ? " and \(form.columns.count - 4) more" : ""
      let sequences: Sentence =
        form.group.map { "rows with the same \($0) are a sequence (\(Setting("group")))" }
        ?? (table.isFile
          ? "all rows are one sequence (\(Setting("group")))" : "each sequence is given by itself")
      notes += [
        .finding("\(file): \(table.steps.grouped) steps of \(count.grouped) \(count == 1 ? "sequence" : "sequences")"),
        .reason("\(sequences); a step reads \(form.columns.prefix(4).joined(separator: ", "))\(more) (\(Setting("columns")))"),
        .reason("what is given at each step: \(form.targetColumns.joined(separator: ", ")) (\(Setting("target")))"),
      ]
      let missing = table.sequences.reduce(0) { $0 + $1.values.count(where: \.isNaN) }
      if missing > 0 {
        notes.append(.reason("\(missing.grouped) numbers to give are missing: such steps are read, and not scored"))
      }
    }
    notes += (split.sentence.map { [$0] } ?? []).map { .reason($0) }
    notes.append(.reason(training.sentence(cut)))
    return notes
  }
}
