import Tables

/// A series as the network is trained on it: its inputs and targets from the first step that can be forecast.
struct PreparedSeries: Sendable {
  /// `[count, inputs]`
  let features: ArraySlice<Float>
  /// The targets, `[count, targets]`, in the network's scale; NaN where there is nothing to forecast.
  let targets: ArraySlice<Float>
  /// What the network's numbers for each target are relative to; empty if they are not.
  let levels: [Float]
  /// The symbol of the series' name; 0 if the network reads no names or does not know this one.
  let symbol: Int32
  /// The number of rows, one for each step after the warm-up.
  let count: Int

  /// - Parameters:
  ///   - end: the step at which it ends.
  ///   - counting: the steps that count as targets; nil for all. The others are only read.
  init(
    _ series: SeriesTable.Series, _ description: ForecastDescription, _ names: SeriesNames, step: TimeStep, end: Int,
    counting: Range<Int>? = nil
  ) {
    let (width, known) = (description.width, description.roles.besides.count)
    let first = description.warmup(of: series.name)
    // A series too short to be scaled has nothing to forecast.
    let series = series.ending(at: end, width)
    let scaling = description.scaling(of: series, steps: min(first, end))
    let end = scaling == nil ? 0 : end
    var state = SeriesState(description, series: series.name, scaling: scaling ?? [])
    levels = description.isRelative ? scaling?.map { Float(description.level($0)) } ?? [] : []
    var (features, targets): ([Float], [Float]) = ([], [])
    for index in 0..<end {
      let values = series.targets[index * width..<(index + 1) * width]
      if index >= description.warmup {
        state.append(time: series.time(index, step), known: series.known[index * known..<(index + 1) * known], to: &features)
        // An interpolated value depends on the step after it.
        let isGivenAway = index > 0 && series.isMadeUp(index - 1, width)
        let isCounted = index >= first && counting?.contains(index) ?? true && !isGivenAway
        for (place, target) in state.targets(values).enumerated() {
          targets.append(isCounted && !series.filled.contains(index * width + place) ? Float(target) : .nan)
        }
      }
      state.observe(values)
    }
    (self.features, self.targets) = (features[...], targets[...])
    symbol = names[series.name]
    count = max(0, end - description.warmup)
  }

  private init(features: ArraySlice<Float>, targets: ArraySlice<Float>, levels: [Float], symbol: Int32, count: Int) {
    (self.features, self.targets, self.levels, self.symbol, self.count) = (features, targets, levels, symbol, count)
  }

  /// The same series without its name.
  var unnamed: PreparedSeries {
    PreparedSeries(features: features, targets: targets, levels: levels, symbol: 0, count: count)
  }

  /// Whether anything is to be forecast.
  var hasTargets: Bool { targets.contains { !$0.isNaN } }

  /// The series from the first row that is learned.
  func learned(_ description: ForecastDescription) -> PreparedSeries {
    let early = description.firstLearned - description.warmup
    return early < count ? self[early..<count] : self
  }

  /// The series' last rows.
  func suffix(_ rows: Int) -> PreparedSeries { self[max(0, count - rows)..<count] }

  subscript(rows: Range<Int>) -> PreparedSeries {
    guard count > 0 else { return self }
    let (inputs, outputs) = (features.count / count, targets.count / count)
    return PreparedSeries(
      features: features[features.startIndex + rows.lowerBound * inputs..<features.startIndex + rows.upperBound * inputs],
      targets: targets[targets.startIndex + rows.lowerBound * outputs..<targets.startIndex + rows.upperBound * outputs],
      levels: levels, symbol: symbol, count: rows.count)
  }
}
