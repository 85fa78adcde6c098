import ChartPictures

/// How far back the outputs look: the norm of the gradient of an output's loss with respect to each earlier input, on a log axis.
struct MemoryPicture {
  let model: InspectionReport.Model

  /// Norms below this fraction of the largest are left out, and with them the steps that no output feels.
  private static let negligible: Float = 1e-8
  /// The most outputs that can be told apart by their colours.
  private static let most = 6

  /// Nothing where no output has a gradient.
  init?(model: InspectionReport.Model) {
    guard model.memory.contains(where: { $0.norms.contains { $0 > 0 } }) else { return nil }
    self.model = model
  }

  var svg: String {
    LineChart(
      title: model.outputs?.kind == .sequence ? "What moves the output" : "How far back outputs look", xTitle: "steps back",
      yTitle: "norm of the gradient of the loss with respect to the input", isLogarithmic: true, series: series + [threshold]
    ).svg()
  }

  /// Outputs spread over the steps, the last one among them.
  private var series: [LineChart.Series] {
    let count = min(Self.most, model.memory.count)
    let least = Self.negligible * (model.memory.flatMap(\.norms).max() ?? 0)
    return (1...count).map { place in
      let memory = model.memory[place * model.memory.count / count - 1]
      let points = memory.norms.enumerated().reversed().filter { $0.element > least }.map { step, norm in
        LineChart.Point(x: Double(memory.step - step), y: Double(norm))
      }
      return LineChart.Series("step \(memory.step)", points, colour: place - 1)
    }
  }

  /// A hundredth of the last output's largest norm, in that output's colour: what lies below counts for next to nothing.
  private var threshold: LineChart.Series {
    let last = model.memory[model.memory.count - 1]
    let level = 0.01 * Double(last.norms.max() ?? 0)
    return LineChart.Series(
      "1 % of step \(last.step)", [.init(x: 0, y: level), .init(x: Double(last.step), y: level)],
      colour: min(Self.most, model.memory.count) - 1, isDashed: true)
  }
}
