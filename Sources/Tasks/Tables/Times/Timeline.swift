/// Collects from the times of one or more series how far apart they are, where they have gaps, and where they go back.
package struct Timeline: Sendable {
  /// Two consecutive rows of a series between which something is wrong.
  package struct Place: Sendable, Hashable {
    /// The line of the second row.
    package let line: Int
    /// The name of the series; empty if there is only one.
    package let series: String
    package let before: TimeValue
    package let after: TimeValue
  }

  private struct Count {
    var count = 0
    let first: Place
  }

  private var gaps: [TimeGap: Count] = [:]
  /// The first row that is not later than the one before it.
  package private(set) var back: Place?
  /// Whether some row is on a Saturday or a Sunday.
  private var hasWeekend = false

  package init() {}

  /// Adds a row of a series and the one before it.
  package mutating func add(_ time: TimeValue, after before: TimeValue?, line: Int, series: String) {
    if case .moment(let moment) = time, !hasWeekend { hasWeekend = moment.parts.weekday > 4 }
    guard let before else { return }
    guard time > before, let gap = TimeGap(from: before, to: time) else {
      if back == nil { back = Place(line: line, series: series, before: before, after: time) }
      return
    }
    // Irregular times may have as many different gaps as rows; a few thousand are enough to find the step.
    guard gaps.count < 5000 || gaps[gap] != nil else { return }
    gaps[gap, default: Count(first: Place(line: line, series: series, before: before, after: time))].count += 1
  }

  /// How far apart most rows are; nil if there are not two rows.
  package var step: TimeStep? {
    guard !gaps.isEmpty else { return nil }
    if gaps.keys.allSatisfy({ ($0.months ?? 0) > 0 }), let months = most({ $0.months }) { return .months(months) }
    guard let size = most({ $0.size }) else { return nil }
    if let local = localStep(size) { return local }
    if gaps.values.contains(where: { if case .number = $0.first.before { true } else { false } }) {
      return .number(mean(near: size))
    }
    if size == 86_400, !hasWeekend, gaps.keys.contains(where: { $0.size == 3 * 86_400 && $0.weekdays == 1 }) { return .weekdays }
    return .seconds(size)
  }

  /// The step on the clock, where offsets from UTC are known: whole days, and parts of a day that are equally long on the clock only.
  private func localStep(_ size: Double) -> TimeStep? {
    let hasOffset = gaps.values.contains { if case .moment(let moment) = $0.first.after { moment.offset != nil } else { false } }
    guard hasOffset, let clock = most({ $0.clock }) else { return nil }
    func isEven(_ step: TimeStep) -> Bool { irregular(step) == nil }
    if clock.truncatingRemainder(dividingBy: 86_400) == 0 {
      if clock == 86_400, !hasWeekend, gaps.keys.contains(where: { $0.clock == 3 * 86_400 && $0.weekdays == 1 }) {
        return .weekdays
      }
      return clock == size && isEven(.seconds(size)) && !isEven(.clock(clock)) ? nil : .clock(clock)
    }
    // An hour is left out or comes twice on a clock, and lasts no longer for that.
    return clock > 3600 && !isEven(.seconds(size)) && isEven(.clock(clock)) ? .clock(clock) : nil
  }

  /// How many steps are missing in all between rows that are farther apart than a step, and the first place.
  package func missing(_ step: TimeStep) -> (steps: Int, first: Place)? {
    var (steps, first) = (0, Place?.none)
    for count in gaps.values {
      guard let between = step.steps(from: count.first.before, to: count.first.after), between > 1 else { continue }
      steps += (between - 1) * count.count
      if count.first.line < first?.line ?? .max { first = count.first }
    }
    return first.map { (steps, $0) }
  }

  /// The first two rows that are not a whole number of steps apart.
  package func irregular(_ step: TimeStep) -> Place? {
    gaps.values.map(\.first).filter { step.steps(from: $0.before, to: $0.after) == nil }.min { $0.line < $1.line }
  }

  /// The mean of the gaps that differ from one only by the rounding of their times: months as 1749.083, 1749.167 and 1749.25 are
  /// 0.083, 0.084 and 0.083 apart, and a twelfth on average.
  private func mean(near size: Double) -> Double {
    var (sum, total, rounding) = (0.0, 0, 0.0)
    for (gap, count) in gaps {
      let own = gap.rounding.flatMap { $0 <= size * TimeStep.mostRounding ? $0 : nil } ?? 0
      // A little more, since the difference of two numbers is rounded itself.
      guard abs(gap.size - size) <= max(own * 1.001, size * 1e-9) else { continue }
      sum += gap.size * Double(count.count)
      total += count.count
      rounding = max(rounding, own)
    }
    guard total > 0 else { return size }
    let mean = sum / Double(total)
    // A rounded number is most likely a fraction of a whole.
    let part = 1 / (1 / mean).rounded()
    return part < 1 && abs(part - mean) * Double(total) <= 2 * rounding ? part : mean
  }

  /// The most frequent of the gaps' values, the smallest if two are equally frequent.
  private func most<Size: Comparable & Hashable>(_ size: (TimeGap) -> Size?) -> Size? {
    var counts: [Size: Int] = [:]
    for (gap, count) in gaps { if let size = size(gap) { counts[size, default: 0] += count.count } }
    return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }
}
