import Engine
package import Networks
import Sequences
package import Support
package import Tables

/// A table split into the part that is trained on, the part held out to choose the best weights, and the part kept for an
/// evaluation.
package struct ForecastData: Sendable {
  package let description: ForecastDescription
  package let distribution: Distribution
  /// What the network reads.
  package let input: Architecture.Input
  /// What was chosen from the data and why, in sentences.
  package let reasons: [Sentence]
  package let training: ForecastSource
  package let validation: ForecastSource?
  /// The number of steps that are trained on, of all series together.
  package let steps: Int
  package let seriesCount: Int
  /// A digest that identifies the data.
  package let digest: String?
  /// The table's file; nil for one in memory.
  package let path: String?
  /// The files that were read.
  package let files: [String]
  let table: SeriesTable
  /// The number of steps of each series that are trained on.
  let ends: [Int]
  /// The number of steps of each series that are trained on or held out for validation.
  let lengths: [Int]

  /// Units and regularization for data so small that a network soon overfits them, and is then far too sure of what comes; nil
  /// for larger data.
  ///
  /// Chosen on airline passengers (108 months to train on, five seeds): with 32 units and no dropout 60 in 100 values lay in
  /// bands that should hold 80, and the error was 0.85 of the seasonal naive one's; with this 81 in 100, and 0.57. With several
  /// hundred steps, of sunspots, the larger network forecast better.
  package var small: (units: Int, regularization: Regularization)? { steps >= 300 ? nil : Self.defaultOfFewSteps }

  /// The value of ``small`` for small data.
  package static let defaultOfFewSteps = (
    units: 16, regularization: Regularization(dropout: 0.2, inputDropout: 0.1, isVariational: true, recurrentDropout: 0.1)
  )

  /// Chooses what the recipe leaves open, and computes the scaling.
  ///
  /// - Parameters:
  ///   - heldOut: series of another table to validate on; nil to hold out the end of each series.
  ///   - task: what is asked for, and how the series are cut.
  ///   - model: what the model that the training starts from says; nil for a training with fresh weights.
  ///   - batch: the number of windows in a batch.
  ///   - seed: the seed of the windows that are drawn.
  /// - Throws: ``RecurrentError`` if the series are too short, or the data don't go with what is asked for.
  package init(
    _ table: SeriesTable, heldOut: SeriesTable? = nil, task: ForecastTask, from model: ForecastDescription? = nil, batch: Int,
    seed: UInt64
  ) throws(RecurrentError) {
    let lengths = table.series.map { max(0, $0.observed - (task.test ?? 0)) }
    let known = table.series.indices.flatMap { table.columns(of: $0, steps: lengths[$0]) }
    let choices = try ForecastChoices(task, known, step: table.step, longest: lengths.max() ?? 0)
    let family = choices.likelihood.distribution
    let validation = heldOut == nil ? task.validation : 0
    let ends = lengths.map { max(0, $0 - (validation ?? max(choices.horizon, $0 / 10))) }
    let calendar = task.hasCalendar ?? true ? CalendarChoice(table, ends: ends) : .none
    var description = ForecastDescription(
      roles: table.roles, missing: table.missing, step: table.step, season: choices.season,
      transform: choices.transform, horizon: choices.horizon, context: choices.context, calendar: calendar.features,
      distribution: family)
    description.dialect = table.dialect
    if choices.isLinear { description.linear = Self.linear(table, description, lengths: lengths, ends: ends, choices.seasons) }
    try Self.check(table, lengths: lengths, ends: ends, description, validation: validation)
    let (isLearned, missing) = try description.learned(table, ends: ends)
    let learned = zip(zip(table.series, ends), isLearned).filter(\.1).map { (series: $0.0.0, end: $0.0.1) }
    description.learnScaling(learned, isAlone: table.series.count == 1)
    for (series, length) in zip(table.series, lengths) where length > 0 {
      description.seen[series.name] = series.seen(length, table.step, width: description.width)
    }
    let kept = try model.map { model throws(RecurrentError) in try description.keep(model, table) } ?? []
    let input: Architecture.Input
    if let embedding = task.seriesEmbedding {
      if table.series.count < 2 {
        throw RecurrentError(
          .data,
          naming:
            "\(Setting("series-embedding")) tells series apart, and there is only one: leave it out, or name its column with \(Setting("group"))"
        )
      }
      if let vector = description.vectors.first {
        throw RecurrentError(
          .usage,
          naming:
            "\(Setting("series-embedding")) can't be used with cells that read \(vector.name) by name: leave it out, or take another cell"
        )
      }
      input = .namedFeatures(
        description.inputWidth, names: try SeriesNames.vocabulary(learned.map(\.series.name)), embedding: embedding)
    } else {
      let vectors = description.vectors
      input =
        vectors.isEmpty
        ? .features(description.inputWidth)
        : Architecture.Input(VectorsInput(features: description.featureNames.count, vectors: vectors))
    }
    try self.init(
      table, heldOut: heldOut, description, family, input, lengths: lengths, ends: ends,
      reasons: choices.reasons + (description.linear.map { [$0.reason] } ?? []) + kept + calendar.reasons + missing
        + table.constants(ends)
        + (table.hasUnusedMask ? [Self.unusedMask] : []), batch: batch, seed: seed)
  }

  /// The data of a training that is resumed.
  ///
  /// - Parameters:
  ///   - input: what its network reads.
  ///   - task: how the series are cut.
  package init(
    _ table: SeriesTable, heldOut: SeriesTable? = nil, description: ForecastDescription, distribution: Distribution,
    input: Architecture.Input, task: ForecastTask, batch: Int, seed: UInt64
  ) throws(RecurrentError) {
    let lengths = table.series.map { max(0, $0.observed - (task.test ?? 0)) }
    let validation = heldOut == nil ? task.validation : 0
    let ends = lengths.map { max(0, $0 - (validation ?? max(description.horizon, $0 / 10))) }
    try Self.check(table, lengths: lengths, ends: ends, description, validation: validation)
    try self.init(
      table, heldOut: heldOut, description, distribution, input, lengths: lengths, ends: ends, reasons: [], batch: batch,
      seed: seed)
  }

  private init(
    _ table: SeriesTable, heldOut: SeriesTable?, _ description: ForecastDescription, _ distribution: Distribution,
    _ input: Architecture.Input, lengths: [Int], ends: [Int], reasons: [Sentence], batch: Int, seed: UInt64
  ) throws(RecurrentError) {
    let names = SeriesNames(input)
    let window = description.context + description.horizon
    let prepared = zip(table.series, ends).map { PreparedSeries($0, description, names, step: table.step, end: $1) }
    training = ForecastSource(
      windowsOf: prepared.filter { $0.count > 0 }.map { $0.learned(description) }, description, names, steps: window,
      batch: batch,
      seed: seed)
    let held: [PreparedSeries]
    if let heldOut {
      try description.check(heldOut, distribution)
      held = heldOut.series.map { PreparedSeries($0, description, names, step: heldOut.step, end: $0.observed) }
    } else {
      held = zip(table.series, zip(ends, lengths)).map { series, bounds in
        PreparedSeries(series, description, names, step: table.step, end: bounds.1, counting: bounds.0..<bounds.1)
          .suffix(bounds.1 - bounds.0 + description.context)
      }
    }
    let usable = held.filter(\.hasTargets)
    if let heldOut, usable.isEmpty { throw Self.nothingToForecast(heldOut, description) }
    validation = usable.isEmpty ? nil : ForecastSource(allOf: usable, description, names, batch: batch)
    self.description = description
    self.distribution = distribution
    self.input = input
    self.reasons = reasons
    steps = ends.reduce(0, +)
    seriesCount = table.series.count
    digest = table.digest + (heldOut?.digest ?? "")
    path = table.path
    files = [table.path, heldOut?.path].compactMap { $0 }
    self.table = table
    self.ends = ends
    self.lengths = lengths
  }

  /// The linear autoregressions of a table's series.
  private static func linear(
    _ table: SeriesTable, _ description: ForecastDescription, lengths: [Int], ends: [Int], _ seasons: [Int]
  ) -> LinearPart {
    let known = table.series.indices.filter { ends[$0] > 0 }
    let values = known.map { series in
      table.columns(of: series, steps: lengths[series]).map { column in
        LinearChoice.Values(values: column.map { $0.isNaN ? $0 : description.transformed($0) }, end: ends[series])
      }
    }
    return LinearChoice(known.map { table.series[$0].name }, values, seasons: seasons, horizon: description.horizon).part
  }

  /// All series of a table like the one trained on, to measure a network on.
  ///
  /// - Throws: ``RecurrentError`` if it has other columns or steps, or no step to forecast.
  package func batches(of table: DataTable) throws(RecurrentError) -> ForecastSource {
    let table = try SeriesTable(
      table, roles: description.roles, missing: description.missing, step: description.step,
      canMask: description.missing == .mask)
    try description.check(table, distribution)
    let names = SeriesNames(input)
    let prepared = table.series.map { PreparedSeries($0, description, names, step: table.step, end: $0.observed) }
      .filter(\.hasTargets)
    guard !prepared.isEmpty else { throw Self.nothingToForecast(table, description) }
    return ForecastSource(allOf: prepared, description, names, batch: 64)
  }

  /// - Throws: ``RecurrentError`` if all series are too short to train on.
  private static func check(
    _ table: SeriesTable, lengths: [Int], ends: [Int], _ description: ForecastDescription, validation: Int?
  ) throws(RecurrentError) {
    let (longest, needed) = (ends.max() ?? 0, description.firstLearned + 2)
    if longest >= needed { return }
    let steps = table.series.map(\.observed).max() ?? 0
    let most = lengths.max() ?? 0
    // What the longest series may hold out.
    let free = most - needed
    let remedy: Sentence =
      if free < 0 || free == 0 && validation == nil {
        "give more rows, a shorter \(Setting("season")) or \(Setting("horizon")), or hold out less with \(Setting("validation")) and \(Setting("test"))"
      } else if validation == nil && free >= most / 10 {
        "give \(Setting("horizon")) \(free), or more rows"
      } else {
        "give \(Setting("validation")) \(free), or more rows"
      }
    throw RecurrentError(
      .data,
      naming:
        "the longest series has \(steps) steps, of which \(longest) are left to train on, and at least \(needed) are needed: \(remedy)"
    )
  }

  private static let unusedMask: Sentence =
    "no value is missing, so the network sees no gap that it could learn from (\(Setting("missing")) mask)"

  private static func nothingToForecast(_ table: SeriesTable, _ description: ForecastDescription) -> RecurrentError {
    let least = table.series.map { description.warmup(of: $0.name) }.min() ?? description.warmup
    return RecurrentError(.data, "no series of \(table.source) has more than the \(least) steps that a forecast needs before it")
  }
}

extension SeriesTable {
  /// The first steps of a series' targets, each target by itself.
  fileprivate func columns(of series: Int, steps: Int) -> [[Double]] {
    let width = roles.targetNames.count
    let values = self.series[series].ending(at: steps, width).targets
    return (0..<width).map { target in (0..<steps).map { values[$0 * width + target] } }
  }

  /// Whether the network reads a mask of missing values, and no value is missing.
  fileprivate var hasUnusedMask: Bool {
    let width = roles.targetNames.count
    return missing == .mask && !series.contains { $0.targets[..<($0.observed * width)].contains(where: \.isNaN) }
  }

  fileprivate var digest: String {
    var digest = Digest(ofParts: series.count)
    for series in series {
      digest.combine(Digest(of: series.targets))
      digest.combine(Digest(of: series.known))
      digest.combine(Digest(of: series.name))
    }
    return digest.shortDigits
  }
}

extension SeriesTable.Series {
  /// The record that the first `steps` steps have been seen.
  fileprivate func seen(_ steps: Int, _ step: TimeStep, width: Int) -> ForecastDescription.Seen {
    if case .moment(let moment)? = time(steps - 1, step) { return .moment(moment) }
    return .steps(steps, digest: digest(steps, width: width))
  }

  /// How many of the steps have been seen.
  func count(_ seen: ForecastDescription.Seen?, _ step: TimeStep, width: Int) -> Int {
    switch seen {
    case .moment(let moment)?:
      // A binary search for the last time up to the moment.
      var (low, high) = (0, start == nil ? 0 : count)
      while low < high {
        let middle = (low + high) / 2
        if let time = time(middle, step), time <= .moment(moment) { low = middle + 1 } else { high = middle }
      }
      return low
    case .steps(let steps, let digest)?: return steps <= count && self.digest(steps, width: width) == digest ? steps : 0
    case nil: return 0
    }
  }

  /// A digest that identifies the first `steps` steps.
  private func digest(_ steps: Int, width: Int) -> String {
    Digest(of: targets.prefix(steps * width)).shortDigits
  }
}
