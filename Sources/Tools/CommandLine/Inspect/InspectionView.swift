import CellAnalysis
import CellCompiler
import CellLanguage
import CommandKit
import Console
import Engine
import Inspector
import Networks
import Platform
import Sequences
import Support

/// The input of a network, with some units of one quantity below it as cells.
struct InspectionView {
  let inspection: Inspection
  /// The index of the pass in the architecture.
  let pass: Int
  let quantity: Trace.Quantity
  let units: [Int]
  /// The shape of a quantity that is shown as a matrix, where no single units of it were asked for.
  let matrix: Graph.Shape?
  /// Why these units were chosen: "that vary most".
  let choice: String
  /// The findings about the whole run.
  let model: InspectionReport.Model
  /// The most steps and columns of the input that are shown.
  static let (longest, mostColumns) = (2000, 12)

  /// What the user asks to see; nil for the most telling.
  struct Wish {
    var layer: Int?
    var quantity: String?
    var units: [Int]?
  }

  /// The views of a layer: one for each of its directions.
  ///
  /// - Throws: ``RecurrentError`` if the network has no such layer, quantity or unit.
  static func all(_ inspection: Inspection, _ model: InspectionReport.Model, _ wish: Wish) throws -> [InspectionView] {
    let architecture = inspection.network.architecture
    let layers = architecture.layers.count
    let layer = (wish.layer ?? layers) - 1
    guard architecture.layers.indices.contains(layer) else {
      throw RecurrentError(.unsuitable, "\(inspection.name) has no layer \(layer + 1); it has \(layers), counted from 1")
    }
    return try architecture.passes.enumerated().filter { $0.element.layer == layer }.map { pass in
      try InspectionView(inspection, model, pass: pass.offset, wish)
    }
  }

  private init(_ inspection: Inspection, _ model: InspectionReport.Model, pass: Int, _ wish: Wish) throws {
    self.inspection = inspection
    self.model = model
    self.pass = pass
    let shown = inspection.network.architecture.passes[pass]
    let cell = shown.cell
    let name = wish.quantity ?? (cell.memory?.state ?? cell.states[0].name) + "'"
    let trace = inspection.traces[pass]
    guard let quantity = trace[name] ?? trace[name + "'"] else {
      let names = trace.quantities.map(\.name)
      throw RecurrentError(
        .unsuitable,
        "\(shown.name) has no quantity \(name)\(suggestion(name, names)); it has \(names.joined(separator: ", "))")
    }
    self.quantity = quantity
    matrix = wish.units == nil ? inspection.network.plans[pass].matrix(named: quantity.name) : nil
    if let units = wish.units {
      if let bad = units.first(where: { !(0..<quantity.width).contains($0) }) {
        throw RecurrentError(
          .unsuitable, "\(quantity.name) of \(shown.name) has the units 0 to \(quantity.width - 1), and no \(bad)")
      }
      (self.units, choice) = (units, "")
    } else {
      (self.units, choice) = matrix == nil ? quantity.telling(inspection.input.labels, 6) : ([], "")
    }
  }

  /// The view in lines that fit the channel.
  func lines(on channel: Channel) -> [String] {
    if let matrix { return matrixLines(matrix, on: channel) }
    let rows =
      inputRows + units.map { unit in CellTable.Row(name: "unit \(unit)", cells: .fractions { fraction($0, unit) }) } + outputRows
    let steps = 0..<min(inspection.input.count, Self.longest)
    let table = CellTable(
      heads: inspection.input.names ?? steps.map { "\($0)" }, texts: steps.map { cellText($0, channel) }, rows: rows)
    var lines = [channel.styled(title, .bold)] + table.lines(on: channel)
    if inspection.input.count > steps.count { lines.append("and \((inspection.input.count - steps.count).grouped) steps more") }
    return lines + ["", legend(channel)]
  }

  var title: String {
    let pass = inspection.network.architecture.passes[pass]
    let label = quantity.label.map { " (\($0))" } ?? ""
    return
      "\(inspection.name), \(pass.name), \(pass.cell.name): \(quantity.name)\(label)\(choice.isEmpty ? "" : ", the units \(choice)")"
  }

  /// A step's text, wide enough to be told from its neighbours.
  func cellText(_ step: Int, _ channel: Channel) -> String {
    guard let text = inspection.input.steps.symbols?[step] else { return step % 10 == 0 ? "|" : " " }
    let shown = CellTable.visible(text, channel)
    if !inspection.input.steps.areWords { return shown }
    return shown.padded(to: given(step)?.count ?? 0) + " "
  }

  /// A value between -1 and 1: bounded quantities as they are, others through tanh.
  func fraction(_ step: Int, _ unit: Int) -> Double {
    let value = Double(quantity.values[step * quantity.width + unit])
    return isBounded ? value : value.isNaN ? 0 : tanh(value)
  }

  private var isBounded: Bool {
    let cell = inspection.network.architecture.passes[pass].cell
    guard let equation = cell.equations.first(where: { $0.name == quantity.name }) else { return false }
    let range = cell.range(of: equation)
    return range.lowerBound >= -1 && range.upperBound <= 1
  }

  func legend(_ channel: Channel) -> String {
    let what = isBounded ? quantity.name : "tanh \(quantity.name)"
    let samples = Shade.samples.filter { $0 >= (quantity.role == .gate ? 0 : -1) }
    let cells = samples.map { CellTable.cell($0, width: 2, channel) }.joined()
    let moving = movingNorms.isEmpty ? "" : "; output: how much what is read moves it"
    return "\(what)  \(samples[0] < 0 ? "-1" : "0") \(cells) 1\(moving)"
  }
}

extension Trace.Quantity {
  /// The most telling units: those that correlate best with the first label, or else those that vary most.
  fileprivate func telling(_ labels: [InspectedInput.Column], _ count: Int) -> (units: [Int], why: String) {
    let weights: [Double]
    if let label = labels.first {
      weights = correlations(with: label.values.map { $0.map(Double.init) }).map(abs)
    } else {
      weights = (0..<width).map { unit in
        let values = stride(from: unit, to: values.count, by: width).map { tanh(Double(self.values[$0])) }
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
    }
    let sorted = weights.indices.sorted { (weights[$0], $1) > (weights[$1], $0) }
    return (Array(sorted.prefix(count)), labels.first.map { "that go best with \($0.name)" } ?? "that vary most")
  }
}
