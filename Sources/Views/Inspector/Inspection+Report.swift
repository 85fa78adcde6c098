import CellAnalysis
import CellLanguage
import Engine
import Markup
import Networks
import Sequences
import Support

extension InspectionReport {
  /// As much data as keeps the page that shows it under 5 MB.
  package static let dataBytes = 4_800_000

  /// The report on one network, or on two that have read the same.
  ///
  /// - Parameter bytes: about how large it may be; nil for no bound. Pre-activations are left out first, then the last steps.
  ///   Statistics and findings are of all steps in any case.
  /// - Throws: ``RecurrentError`` if an input is none that its network reads.
  package init(_ inspections: [Inspection], title: String, bytes: Int? = dataBytes) throws {
    let steps = inspections.map(\.input.count).max() ?? 0
    let part = Part(steps: steps, preactivations: true).fitting(inspections, bytes: bytes)
    self.title = title
    var missing: [String] = []
    if !part.preactivations { missing.append("pre-activations") }
    if part.steps < steps { missing.append("the steps from \(Double(part.steps).grouped) on") }
    thinned =
      missing.isEmpty
      ? nil
      : "\(missing.joined(separator: " and ")) are left out to keep the report small.".capitalizedFirst
    models = try inspections.map { try Model($0, part) }
  }

  /// What of the traces goes into a report.
  struct Part {
    var steps: Int
    var preactivations: Bool

    fileprivate func fitting(_ inspections: [Inspection], bytes: Int?) -> Part {
      guard let bytes else { return self }
      // Statistics of each unit, in some ten digits a number.
      let rest = bytes - 80 * numbersPerStep(inspections) - inspections.reduce(0) { $0 + 16 * $1.askedSteps * $1.sourceSteps }
      var part = self
      if part.steps * part.bytesPerStep(inspections) > rest { part.preactivations = false }
      part.steps = min(part.steps, max(1, rest / part.bytesPerStep(inspections)))
      return part
    }

    /// Sixteen bits a number, in base 64; beside them what was read and predicted, and the gradients of some outputs.
    private func bytesPerStep(_ inspections: [Inspection]) -> Int {
      numbersPerStep(inspections) * 8 / 3 + inspections.reduce(0) { $0 + 12 * $1.askedSteps }
    }

    private func numbersPerStep(_ inspections: [Inspection]) -> Int {
      inspections.flatMap(\.traces).flatMap(\.quantities).filter { includes($0) }.reduce(0) { $0 + $1.width }
    }

    func includes(_ quantity: Trace.Quantity) -> Bool { preactivations || quantity.role != .preactivation }
  }
}

extension InspectionReport.Model {
  init(_ inspection: Inspection, _ part: InspectionReport.Part) throws {
    let layers = inspection.traces.indices.map { InspectionReport.Layer(inspection, layer: $0, part) }
    let memory = try InspectionReport.Reach.spread(inspection, over: part.steps).map { $0.prefix(part.steps) }
    name = inspection.name
    summary = inspection.network.summary
    steps = part.steps
    let shown = inspection.input
    input =
      shown.steps.symbols.map { .tokens(Array($0.prefix(part.steps))) }
      ?? .features(
        shown.steps.columns.map { .init($0, steps: part.steps) }, names: shown.names.map { Array($0.prefix(part.steps)) })
    labels = inspection.input.labels.map { .init($0, steps: part.steps) }
    outputs = InspectionReport.Outputs(inspection, steps: part.steps)
    self.layers = layers
    self.memory = memory
    source = shown.sourceNames
    sourceReach = shown.sourceNames.flatMap { .init(memory, ofSource: $0, steps: part.steps) }
    following = shown.count == part.steps ? inspection.targetText(ofStep: shown.count - 1) : nil
    findings = InspectionReport.Finding.all(inspection, layers: layers, memory: memory)
  }
}

extension InspectionReport.Column {
  init(_ column: InspectedInput.Column, steps: Int) {
    self.init(name: column.name, values: column.values.prefix(steps).map { $0?.finite })
  }
}

extension InspectionReport.Outputs {
  init(_ inspection: Inspection, steps: Int) {
    let width = inspection.network.architecture.outputWidth
    let kind: Kind = inspection.isOfSequence ? .sequence : inspection.predictsSymbols ? .next : .step
    self.kind = kind
    let rows = (0..<(kind == .sequence ? 1 : steps)).map { inspection.outputs[$0 * width..<($0 + 1) * width] }
    loss = inspection.losses.prefix(steps).map { $0?.finite }
    if let names = inspection.classNames {
      columns = nil
      top = rows.map { row in
        let row = inspection.probabilities(row)
        return row.indices.sorted { row[$0] > row[$1] }.prefix(kind == .sequence ? 12 : 3).map {
          InspectionReport.Guess(text: names($0), probability: row[$0].finite ?? 0)
        }
      }
    } else if case .columns(let read) = inspection.meaning {
      top = nil
      columns = read(inspection.outputs).columns.map { .init($0, steps: steps) }
    } else {
      top = nil
      columns = (0..<width).map { column in
        .init(name: "output \(column + 1)", values: rows.map { $0[$0.startIndex + column].finite })
      }
    }
  }
}

extension Inspection {
  /// What the classes or labels that the network gives are called; nil if it gives something else.
  fileprivate var classNames: ((Int) -> String)? {
    if case .labels(let names) = meaning { return { names[$0] } }
    guard network.architecture.givesClasses else { return nil }
    if predictsSymbols, let vocabulary = network.architecture.vocabulary {
      return { vocabulary.text(of: Int32($0)) }
    }
    return { "\($0)" }
  }

  /// The probabilities of classes or labels, from a row of what the network gave.
  fileprivate func probabilities(_ row: ArraySlice<Float>) -> [Float] {
    guard let (family, _) = network.architecture.output.distribution else { return Array(row) }
    return row.map { Float(family.parameters(of: CollectionOfOne($0))[0]) }
  }
}

extension Network {
  /// `2 layers of 128 units, lstm, 182,337 weights`, with `2 bidirectional layers` if all are, and what each reads if that is not just the
  /// one below.
  var summary: String {
    let layers = architecture.layers
    let weights = "\(Double(parameters.count).grouped) weights"
    if architecture.branches {
      let count = "\(layers.count) \(layers.count == 1 ? "layer" : "layers")"
      return "\(count), \(NetworkPage(architecture).lines.joined(separator: "; ")), \(weights)"
    }
    let directions = Set(layers.map(\.directionWord))
    let kind = directions.count == 1 ? directions.first.flatMap { $0 }.map { $0 + " " } ?? "" : ""
    let sizes = Set(layers.map(\.units)).count == 1 ? "\(layers[0].units)" : layers.map { "\($0.units)" }.joined(separator: ", ")
    let cells = layers.map(\.cell.name).reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    return
      "\(layers.count) \(kind)\(layers.count == 1 ? "layer" : "layers") of \(sizes) units, \(cells.joined(separator: ", ")), "
      + weights
  }
}

extension InspectionReport.Reach {
  /// The norms of the first steps alone.
  fileprivate func prefix(_ steps: Int) -> Self {
    Self(step: step, norms: Array(norms.prefix(steps)), source: source, reach: reach)
  }
}
