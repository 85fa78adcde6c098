package import ChartPictures
import Networks
import Support
import Training

extension TrainingReport {
  /// A group of charts below a heading.
  package struct Section {
    package let title: String
    /// What is to be seen, in a sentence or two.
    package let note: String
    package let charts: [LineChart]
  }

  package var sections: [Section] {
    let last = records.last { $0.watch != nil }?.watch
    let steering = [loss, score, learningRate, gradientNorm, clips, speed].filter { $0.series.contains { !$0.points.isEmpty } }
    var sections = [Section(title: "Learning", note: "", charts: steering)]
    if !forecasts.isEmpty {
      sections.append(
        Section(
          title: "Beside what was held out",
          note: "What the best weights forecast from the end of what was trained on, and what came.", charts: forecasts))
    }
    guard let last else { return sections }
    sections.append(
      Section(
        title: "Gates",
        note:
          "The fraction of a gate's units and steps at which it is nearly closed (below 0.1) and nearly open (above 0.9, dashed), "
          + "always over the same sequences.", charts: places(last.gates).map(gates)))
    sections.append(
      Section(
        title: "Gradients through time",
        note: "How much of a gradient at the last step a state carries back 1, 2, 4, … steps. "
          + "Curves far below each other mean that what is far back can hardly be learned.",
        charts: last.gradients.map(gradients)))
    return sections
  }

  private func chart(
    _ title: String, _ unit: String, isLogarithmic: Bool = false, including: [Double] = [], _ series: [LineChart.Series]
  ) -> LineChart {
    LineChart(title: title, xTitle: "iteration", yTitle: unit, isLogarithmic: isLogarithmic, including: including, series: series)
  }

  /// A curve of at most as many points as a screen shows, with the last one.
  private func series(
    _ name: String, colour: Int, isDashed: Bool = false, hasDots: Bool = false, _ value: (TrainingRecord) -> Double?
  ) -> LineChart.Series {
    let points = records.compactMap { record in value(record).map { LineChart.Point(x: Double(record.iteration), y: $0) } }
    let step = max(1, points.count / 400)
    let thinned = points.enumerated().filter { ($0.offset + 1 - points.count) % step == 0 }.map(\.element)
    return LineChart.Series(name, thinned, colour: colour, isDashed: isDashed, hasDots: hasDots && thinned.count <= 60)
  }

  private var loss: LineChart {
    let curves = [
      series("training", colour: 0) { $0.loss }, series("held out", colour: 1, hasDots: true) { $0.validation },
    ]
    return chart("Loss", lossUnit, curves.filter { !$0.points.isEmpty })
  }

  private var score: LineChart {
    chart("Score", scoreTitle ?? "", [series("held out", colour: 1, hasDots: true) { $0.score }])
  }

  private var learningRate: LineChart {
    chart("Learning rate", "", including: [0], [series("learning rate", colour: 2) { $0.rate }])
  }

  private var gradientNorm: LineChart {
    var curves = [series("norm", colour: 0) { $0.gradientNorm }]
    if let clip { curves.append(series("clipped above", colour: 1, isDashed: true) { _ in clip }) }
    return chart("Norm of the gradient", "over all trained weights, before clipping", isLogarithmic: true, curves)
  }

  private var clips: LineChart {
    chart(
      "Clipped gradients", "fraction of the iterations", including: [0, 1],
      clip == nil ? [] : [series("clipped", colour: 3) { $0.clipped }])
  }

  private var speed: LineChart {
    chart("Speed", "steps per second", including: [0], [series("speed", colour: 4) { $0.tokensPerSecond }])
  }

  /// Each layer, or each of its directions, once.
  private func places(_ gates: [TrainingWatch.Gate]) -> [String] {
    gates.map(\.place).reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  private func gates(_ place: String) -> LineChart {
    let names = records.last { $0.watch != nil }?.watch?.gates.filter { $0.place == place }.map(\.name) ?? []
    func gate(_ name: String, _ record: TrainingRecord) -> TrainingWatch.Gate? {
      record.watch?.gates.first { $0.place == place && $0.name == name }
    }
    return chart(
      place.capitalizedFirst, "fraction", including: [0, 1],
      names.enumerated().flatMap { index, name in
        [
          series("\(name) closed", colour: index) { gate(name, $0)?.closed },
          series("\(name) open", colour: index, isDashed: true) { gate(name, $0)?.open },
        ]
      })
  }

  private func gradients(_ reach: GradientReach) -> LineChart {
    func norms(_ record: TrainingRecord) -> [Double] {
      record.watch?.gradients.first { $0.place == reach.place && $0.state == reach.state }?.norms ?? []
    }
    let count = records.map { norms($0).count }.max() ?? 0
    return chart(
      "\(reach.place.capitalizedFirst), state \(reach.state)", "norm", isLogarithmic: true,
      (0..<count).map { place in
        series("\(1 << place) back", colour: place) { norms($0).count > place ? norms($0)[place] : nil }
      })
  }
}
