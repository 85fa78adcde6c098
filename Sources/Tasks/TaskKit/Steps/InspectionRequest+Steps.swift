import Console
import Support
package import Tables

extension InspectionRequest {
  /// The steps of a sequence that are inspected at most: as many as a page can show.
  private static let mostSteps = 2000

  /// The sequence of a table that is asked for, with what a network is to give if the table has that; of a long one the beginning.
  ///
  /// - Parameters:
  ///   - form: what the model reads.
  ///   - known: how the table was written that the model was trained on.
  /// - Returns: the sequence, and what was done about missing numbers, in sentences.
  /// - Throws: ``RecurrentError`` if the table can't be read, or has no such sequence.
  package func sequence(
    of form: StepForm, known: TableDialect?, _ model: OpenedModel
  ) throws -> (sequence: StepSequence, repairs: [String]) {
    guard text == nil else {
      throw RecurrentError(
        .usage, naming: "\(model.path) reads numbers, which \(Setting("text")) can't give: name a FILE")
    }
    var settings = StepFileSettings()
    (settings.hasHeader, settings.dialect) = (hasHeader, dialect)
    let file = fileOrStandardInput(model.terminal)
    let table = try settings.table(file, form: form, known: known)
    func read(_ hasTargets: Bool) throws(RecurrentError) -> StepTable {
      try StepTable(table, form: form, canMask: form.missing == .mask, hasTargets: hasTargets)
    }
    // A file has what is to be given, or only what is read; standard input can be read once.
    let all = file == Self.standardInput ? try read(false) : try (try? read(true)) ?? read(false)
    var places = all.sequences.indices.makeIterator()
    let chosen = try chosen("sequence") {
      places.next().map { (all.sequences[$0].name.isEmpty ? nil : all.sequences[$0].name, all.sequences[$0]) }
    }
    guard chosen.count > Self.mostSteps else { return (chosen, all.repairs) }
    model.terminal.say("the sequence has \(chosen.count.grouped) steps, of which the first \(Self.mostSteps.grouped) are shown")
    return (chosen.prefix(Self.mostSteps), all.repairs)
  }
}
