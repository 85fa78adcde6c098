import Engine
package import Sequences
import Support
import Training

/// Batches of windows of series: drawn at random for training, or all of some series for validation.
package struct ForecastSource: BatchSource {
  private let series: [PreparedSeries]
  /// The series of each window of an epoch, and the window's number in it.
  private let slots: [(series: Int, window: Int, of: Int)]
  private let steps: Int
  private let batch: Int
  /// The seed by which windows are drawn; nil if they are not drawn.
  private let seed: UInt64?
  private let inputs: Int
  private let outputs: Int
  private let names: SeriesNames

  /// Windows of `steps` rows, drawn anew in each epoch, about as many as hold all rows once; for a table smaller than a batch, as
  /// many as make one batch.
  init(
    windowsOf series: [PreparedSeries], _ description: ForecastDescription, _ names: SeriesNames, steps: Int, batch: Int,
    seed: UInt64
  ) {
    var slots = series.enumerated().flatMap { index, series in
      let count = (series.count + steps - 1) / steps
      return (0..<count).map { (series: index, window: $0, of: count) }
    }
    // A smaller last batch would count as much as a whole one.
    if slots.count < batch { slots = Array(repeatElement(slots, count: batch / max(1, slots.count)).joined()) }
    self.init(series, slots: slots, description, names, steps: steps, batch: batch, seed: seed)
  }

  /// All rows of all series, each from its beginning.
  init(allOf series: [PreparedSeries], _ description: ForecastDescription, _ names: SeriesNames, batch: Int) {
    let order = series.indices.sorted { (series[$1].count, $0) < (series[$0].count, $1) }
    self.init(
      series, slots: order.map { (series: $0, window: 0, of: 1) }, description, names, steps: .max, batch: batch, seed: nil)
  }

  private init(
    _ series: [PreparedSeries], slots: [(series: Int, window: Int, of: Int)], _ description: ForecastDescription,
    _ names: SeriesNames, steps: Int, batch: Int, seed: UInt64?
  ) {
    self.series = series
    self.slots = slots
    self.steps = steps
    self.batch = min(batch, max(1, slots.count))
    self.seed = seed
    self.names = names
    (inputs, outputs) = (description.inputWidth, description.width)
  }

  package var iterationsPerEpoch: Int? { max(1, (slots.count + batch - 1) / batch) }
  package var stepsPerBatch: Int {
    let rows = slots.reduce(0) { $0 + min(steps, series[$1.series].count) }
    return max(1, rows / (iterationsPerEpoch ?? 1))
  }
  package func continues(at iteration: Int) -> Bool { false }

  package func batch(at iteration: Int) -> Batch {
    let perEpoch = iterationsPerEpoch ?? 1
    let (epoch, place) = iteration.quotientAndRemainder(dividingBy: perEpoch)
    var order = Array(slots.indices)
    var random = Random(.windowOrder, epoch, seed: seed ?? 0)
    if seed != nil { random.shuffle(&order) }
    var draws = Random(.windowPlaces, iteration, seed: seed ?? 0)
    // Batches have equally many windows, or one more.
    var windows = order[place * order.count / perEpoch..<(place + 1) * order.count / perEpoch].map { slot in
      let window = window(slots[slot], using: &draws)
      guard seed != nil, names.areRead else { return window }
      return draws.uniform() < SeriesNames.unnamedFraction ? window.unnamed : window
    }
    windows.sort { $0.count > $1.count }
    return packed(windows)
  }

  /// A window somewhere within its share of the series, so that the windows of an epoch cover it evenly.
  private func window(_ slot: (series: Int, window: Int, of: Int), using random: inout Random) -> PreparedSeries {
    let whole = series[slot.series]
    let free = whole.count - min(steps, whole.count)
    guard free > 0 else { return whole }
    let first = free * slot.window / slot.of
    let last = free * (slot.window + 1) / slot.of
    let start = random.integer(in: first..<max(last, first) + 1)
    return whole[start..<start + steps]
  }

  /// Values of a target that are learned, evenly taken from all.
  func targets(ofTarget target: Int, most: Int) -> [Double] {
    let all = series.flatMap { series in
      stride(from: series.targets.startIndex + target, to: series.targets.endIndex, by: outputs).map {
        Double(series.targets[$0])
      }
    }
    .filter { !$0.isNaN }
    return stride(from: 0, to: all.count, by: max(1, all.count / most)).map { all[$0] }
  }

  private func packed(_ windows: [PreparedSeries]) -> Batch {
    let lengths = PackedLengths(sorted: windows.map(\.count))
    var (features, targets): ([Float], [Float]) = ([], [])
    var symbols: [Int32] = []
    features.reserveCapacity(lengths.rows * inputs)
    targets.reserveCapacity(lengths.rows * outputs)
    var counted: [Bool] = []
    for step in 0..<lengths.steps {
      for window in windows where window.count > step {
        symbols.append(window.symbol)
        features += window.features[window.features.startIndex + step * inputs..<window.features.startIndex + (step + 1) * inputs]
        let start = window.targets.startIndex + step * outputs
        let own = window.targets[start..<start + outputs]
        counted.append(own.contains { !$0.isNaN })
        targets += window.levels.isEmpty ? Array(own) : zip(own, window.levels).flatMap { [$0, $1] }
      }
    }
    return Batch(lengths: lengths, inputs: names.inputs(features, symbols), targets: .values(targets, counted: counted))
  }
}
