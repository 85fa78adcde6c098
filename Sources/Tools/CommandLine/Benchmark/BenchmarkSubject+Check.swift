import CellCompiler
import CellLanguage
import Engine
import EngineLaws
package import Support

extension BenchmarkSubject {
  /// Compares the results of the work with the reference in Double, on the first steps of a few rows.
  ///
  /// The run compared is the one to be timed, with all rows and steps. For gradients the loss reads the outputs of the
  /// slice alone: those of the weights are then the slice's, and those of all other rows are exactly 0.
  ///
  /// - Parameter expected: the numbers that the reference runs on: the subject's own, unless a test wants a deviation.
  /// - Returns: a description of the first difference; nil if there is none.
  package func deviation(expecting expected: BenchmarkData) throws(RecurrentError) -> String? {
    let slice = BenchmarkSlice(work)
    let trains = work.mode == .train
    let actual = results(outputGradients: trains ? slice.masked(data.outputGradients) : nil)
    peakBytes = PeakMemory.bytes
    let reference = ReferenceCell(work.cell, dimensions: work.dimensions)
    let weights = reference.layout.entries.map { ($0.name, expected.parameters[$0.range].map(Double.init)) }
    let states = zip(work.cell.states, expected.initialStates).map { ($0.name, slice.cutRows($1).map(Double.init)) }
    let run = try reference.run(
      packed: slice.cut(expected.inputs).map(Double.init), lengths: slice.lengths,
      initialStates: Dictionary(uniqueKeysWithValues: states),
      memories: work.memoryRows == nil ? [] : slice.rows.map { work.memory($0, of: expected.memories).map(Double.init) },
      parameters: Dictionary(uniqueKeysWithValues: weights))
    let outputs = run.quantities[work.cell.states[0].name] ?? []
    if let deviation = slice.deviation(of: slice.cut(actual.outputs), from: outputs, in: "the output") { return deviation }
    guard trains else { return nil }
    let gradients = try reference.gradients(of: run, outputs: slice.cut(expected.outputGradients).map(Double.init))
    return deviation(of: actual, from: gradients, in: slice, layout: reference.layout)
  }

  private func deviation(
    of actual: Results, from expected: ReferenceCell.PackedGradients, in slice: BenchmarkSlice, layout: ParameterLayout
  ) -> String? {
    let inputs = (actual.inputGradients, slice.cut(actual.inputGradients), expected.inputs, "the gradient of the inputs")
    let states = work.cell.states.enumerated().map { index, state in
      let gradient = actual.initialStateGradients[index]
      let name = "the gradient of the initial \(state.name)"
      return (gradient, slice.cutRows(gradient), expected.initialStates[state.name] ?? [], name)
    }
    let memories = (
      actual.memoryGradient, slice.rows.flatMap { work.memory($0, of: actual.memoryGradient) }, expected.memories.flatMap(\.self),
      "the gradient of the memories"
    )
    for (whole, part, expected, name) in [inputs, memories] + states {
      if let deviation = slice.deviation(of: part, from: expected, in: name) { return deviation }
      let count = whole.count { $0 != 0 }
      if count > part.count { return "\(name) has \(count) numbers, where only \(part.count) reach the loss" }
    }
    for entry in layout.entries {
      let part = Array(actual.parameterGradients[entry.range])
      let name = "the gradient of \(entry.name)"
      if let deviation = slice.deviation(of: part, from: expected.parameters[entry.name] ?? [], in: name) { return deviation }
    }
    return nil
  }
}
