import Console
import Inspector
import Support

/// The rows below the steps beside units: the numbers that were read, and the outputs.
extension InspectionView {
  /// The columns of the input, each scaled to the range from 0 to 1.
  var inputRows: [CellTable.Row] {
    inspection.input.steps.columns.prefix(Self.mostColumns).map { column in
      let present = column.values.compactMap { $0.map(Double.init) }
      let (low, high) = (present.min() ?? 0, present.max() ?? 0)
      return CellTable.Row(
        name: column.name, cells: .fractions { column.values[$0].map { high > low ? (Double($0) - low) / (high - low) : 0 } ?? 0 }
      )
    }
  }

  /// The network's output at each step, if it has a name; for a network with an output for the whole sequence, how much each step
  /// changes it.
  var outputRows: [CellTable.Row] {
    if inspection.input.count > 0, given(0) != nil { return [CellTable.Row(name: "given", cells: .texts { given($0) ?? "" })] }
    let norms = movingNorms
    guard let largest = norms.max(), largest > 0 else { return [] }
    return [CellTable.Row(name: "output", cells: .fractions { $0 < norms.count ? Double(norms[$0] / largest) : 0 })]
  }

  /// How much each step changes the output for the whole sequence; none if there is one for each step.
  var movingNorms: [Float] { inspection.isOfSequence ? model.memory.last?.norms ?? [] : [] }

  /// The label of a step.
  func given(_ step: Int) -> String? {
    guard let outputs = model.outputs, outputs.kind == .step, let top = outputs.top, step < top.count else { return nil }
    return top[step].first?.text
  }
}

extension InspectionReport.Model {
  /// The output for the whole sequence, in a sentence.
  var outcome: String? {
    guard let outputs, outputs.kind == .sequence else { return nil }
    func text(_ column: InspectionReport.Column) -> String {
      let value = column.values.first ?? nil
      return "\(column.name) \(value.map { Double($0).fixed(3) } ?? "-")"
    }
    let top = outputs.top?.first?.prefix(4).map { "\($0.text) \(Double($0.probability).fixed(3))" }
    let given: [String] = top ?? (outputs.columns ?? []).map(text)
    return "  for the whole sequence: \(given.joined(separator: ", "))"
  }
}
