import Console
import Inspector
import Support

/// What each output depends on of the source, after which the network began: a row for each step of the source, a column for each output.
struct SourceView {
  private let name: String
  private let source: [String]
  /// What each output should be, and the norms of its loss's gradient at each step of the source.
  private let outputs: [(step: Int, text: String, norms: [Float])]
  /// The most steps of a source that are shown.
  static let longest = 100

  /// Nothing without a source, or where no output depends on it.
  init?(_ inspection: Inspection, _ model: InspectionReport.Model) {
    guard let source = model.source, model.sourceReach != nil else { return nil }
    name = inspection.name
    self.source = source
    outputs = model.memory.compactMap { reach in
      reach.source.map { (reach.step, inspection.targetText(ofStep: reach.step) ?? "\(reach.step)", $0) }
    }
  }

  func lines(on channel: Channel) -> [String] {
    let rows = source.prefix(Self.longest).enumerated().map { place, symbol in
      CellTable.Row(
        name: CellTable.visible(symbol, channel),
        cells: .fractions { column in
          let norms = outputs[column].norms
          let largest = norms.max() ?? 0
          return largest > 0 ? Double(norms[place] / largest) : 0
        })
    }
    let table = CellTable(
      heads: outputs.map { "\($0.step)" }, texts: outputs.map { CellTable.visible($0.text, channel) }, rows: rows)
    let title = "\(name): what of the text each symbol that is written depends on"
    let rest = source.count - rows.count
    return [channel.styled(title, .bold)] + table.lines(on: channel)
      + (rest > 0 ? ["and \(rest.grouped) symbols of the text more"] : []) + ["", legend(channel)]
  }

  private func legend(_ channel: Channel) -> String {
    let cells = Shade.samples.filter { $0 >= 0 }.map { CellTable.cell($0, width: 2, channel) }.joined()
    return "norm of the gradient of the symbol's loss  0 \(cells) the largest of its column"
  }
}
