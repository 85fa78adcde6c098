import CellLanguage
import Engine
import Networks
import Sequences

extension InspectionReport {
  /// The report on one network, or on two that have read the same.
  public init(_ inspections: [Inspection], title: String) {
    self.title = title
    thinned = nil
    models = inspections.map { Model($0) }
  }
}

extension InspectionReport.Model {
  init(_ inspection: Inspection) {
    let network = inspection.network
    name = inspection.name
    summary = network.summary
    steps = inspection.input.count
    switch inspection.input.steps {
    case .tokens: input = .tokens(inspection.input.texts)
    case .features(let columns): input = .features(columns.map { .init($0) })
    }
    labels = inspection.input.labels.map { .init($0) }
    outputs = InspectionReport.Outputs(inspection)
    layers = inspection.traces.indices.map { .init(inspection, layer: $0) }
    memory = []
    findings = []
  }
}

extension InspectionReport.Column {
  init(_ column: InspectedInput.Column) {
    self.init(name: column.name, values: column.values.map { $0.flatMap { $0.isFinite ? $0 : nil } })
  }
}

extension InspectionReport.Outputs {
  init(_ inspection: Inspection) {
    let width = inspection.network.architecture.outputWidth
    let rows = (0..<inspection.input.count).map { inspection.outputs[$0 * width..<($0 + 1) * width] }
    loss = inspection.losses
    switch inspection.network.architecture.output {
    case .classes:
      let names = inspection.network.classNames
      top = rows.map { row in
        row.indices.sorted { row[$0] > row[$1] }.prefix(3).map {
          InspectionReport.Guess(text: names($0 - row.startIndex), probability: row[$0])
        }
      }
      columns = nil
    case .values:
      top = nil
      columns = (0..<width).map { column in
        .init(.init(name: "output \(column + 1)", values: rows.map { $0[$0.startIndex + column] }))
      }
    }
  }
}

extension Network {
  /// `2 layers of 128 units, lstm, 182337 weights`
  var summary: String {
    let layers = architecture.layers
    let sizes = Set(layers.map(\.units)).count == 1 ? "\(layers[0].units)" : layers.map { "\($0.units)" }.joined(separator: ", ")
    let cells = layers.map(\.cell.name).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    return "\(layers.count) \(layers.count == 1 ? "layer" : "layers") of \(sizes) units, \(cells.joined(separator: ", ")), "
      + "\(parameters.count) weights"
  }

  /// What the classes that it gives are called.
  var classNames: (Int) -> String {
    if case .tokens(let vocabulary, _) = architecture.input, architecture.output == .classes(vocabulary.count) {
      return { vocabulary.text(of: Int32($0)) }
    }
    return { "\($0)" }
  }
}
