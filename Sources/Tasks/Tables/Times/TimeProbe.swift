/// Finds out in a pass over a column how its times are written, with all forms of dates as candidates.
struct TimeProbe: Sendable {
  /// Those that read at least half of the first texts; nil as long as these are collected.
  private var candidates: [TimeCandidate]?
  /// For each unit of ``TimeFormat/Epoch``, how many numbers may be times.
  private var epochs = TimeFormat.Epoch.allCases.map { _ in 0 }
  /// The most decimals of a number that may be a time.
  private var decimals = 0
  /// The first texts.
  private var sample: [ColumnSummary.Odd] = []
  private var count = 0

  /// The number of texts after which candidates are chosen.
  private static let trial = 20
  private static let mostSamples = 500
  /// No time is longer in UTF-8, but other texts may be.
  private static let mostBytes = 48

  mutating func add(_ value: TableValue, _ row: TableRow, _ place: Int) {
    count += 1
    if case .number(let number) = value {
      for (index, epoch) in TimeFormat.Epoch.allCases.enumerated() where epoch.likely ~= number {
        epochs[index] += 1
        if let point = TimeFormat.decimalMark(in: row[place]) {
          decimals = max(decimals, min(9, row[place].endIndex - point - 1))
        }
      }
    }
    if let candidates, candidates.isEmpty { return }
    guard row[place].count <= Self.mostBytes else { return }
    func shown() -> ColumnSummary.Odd { ColumnSummary.Odd(line: row.line, text: row.text(place)) }
    if sample.count < Self.mostSamples { sample.append(shown()) }
    if candidates != nil { take(row[place], shown) } else if count >= Self.trial { chooseCandidates() }
  }

  private mutating func chooseCandidates() {
    candidates = DateForm.known.map { TimeCandidate(form: $0) }
      .filter { candidate in 2 * sample.count { TimeFormat(.written(candidate.form, .any)).read($0.bytes) != nil } >= count }
    for text in sample { take(text.bytes) { text } }
  }

  private mutating func take(_ text: ArraySlice<UInt8>, _ shown: () -> ColumnSummary.Odd) {
    var first: Double?
    for index in candidates?.indices ?? 0..<0 {
      guard let clock = candidates?[index].take(text, shown) else { continue }
      if let first, first != clock, candidates?[index].contested == nil { candidates?[index].contested = shown() }
      first = first ?? clock
    }
  }
}

extension TimeProbe {
  /// How the column's times are written.
  ///
  /// - Parameters:
  ///   - asked: the format that the caller has named: only what has its order is looked for.
  ///   - isNumber: whether the column holds numbers, which may be times, or something else.
  ///   - isNamed: whether it is called like a time.
  func finding(asked: TimeFormat?, isNumber: Bool, isNamed: Bool) -> TimeFinding {
    var probe = self
    if candidates == nil { probe.chooseCandidates() }
    return probe.chosen(asked, isNumber, isNamed)
  }

  private func chosen(_ asked: TimeFormat?, _ isNumber: Bool, _ isNamed: Bool) -> TimeFinding {
    if asked == .numbers { return .none }
    if case .epoch(let epoch, _)? = asked?.kind {
      let isLikely = zip(TimeFormat.Epoch.allCases, epochs).contains { $0.0 == epoch && 10 * $0.1 >= 9 * count }
      return isNumber && (isNamed || isLikely) ? found(epoch, count) : .none
    }
    let able = (candidates ?? []).filter {
      10 * $0.count >= 9 * count && asked?.hasSameOrder(as: TimeFormat(.written($0.form, nil))) ?? $0.isPlausible
    }
    let most = able.map(\.count).max() ?? 0
    let best = able.filter { $0.count == most }
    if let first = best.first, most > 0, !isNumber || isNamed || asked != nil || isCalendar(first) {
      return decide(among: best, first)
    }
    guard isNumber, isNamed, asked == nil else { return .none }
    for (epoch, likely) in zip(TimeFormat.Epoch.allCases, epochs) where 10 * likely >= 9 * count { return found(epoch, likely) }
    return .none
  }

  /// The form that most texts have, but too few of them, and the first that has not; nil if there is none.
  var nearly: (format: TimeFormat, odd: ColumnSummary.Odd)? {
    var probe = self
    if candidates == nil { probe.chooseCandidates() }
    guard let best = probe.candidates?.max(by: { $0.count < $1.count }), let odd = best.odd, 2 * best.count > count else {
      return nil
    }
    return (best.format, odd)
  }

  /// The first text that a format does not read.
  func odd(_ format: TimeFormat) -> ColumnSummary.Odd? { sample.first { format.read($0.bytes) == nil } }

  private func found(_ epoch: TimeFormat.Epoch, _ number: Int) -> TimeFinding {
    let format = TimeFormat(.epoch(epoch, decimals: decimals))
    let times = sample.compactMap { format.read($0.bytes)?.clock }
    guard let first = times.min(), let last = times.max() else { return .none }
    return .found(
      .init(
        format: format, count: number, odd: odd(format), earliest: format.text(clock: first, offset: 0),
        latest: format.text(clock: last, offset: 0)))
  }

  /// Chooses the first candidate if all others read the column as it does, or else the only one in which the rows are evenly apart and
  /// go back least often, as they do where another series begins.
  private func decide(among best: [TimeCandidate], _ first: TimeCandidate) -> TimeFinding {
    guard let rival = best.first(where: { $0.sum != first.sum }) else { return .found(found(first)) }
    let orders = best.map { ($0, order($0)) }.filter { $0.1.isEven }
    let fewest = orders.map(\.1.backs).min()
    let even = orders.filter { $0.1.backs == fewest }.map(\.0)
    if let only = even.first, even.allSatisfy({ $0.sum == only.sum }) { return .found(found(only)) }
    let pair = even.first.flatMap { one in even.first { $0.sum != one.sum }.map { [one, $0] } } ?? [first, rival]
    func day(_ candidate: TimeCandidate, _ text: ColumnSummary.Odd) -> String? {
      let format = candidate.format
      return format.read(text.bytes).map {
        Moment(clock: $0.clock, offset: nil, precision: min($0.precision, .day)).description
      }
    }
    let example =
      sample.first { sample in Set(pair.map { day($0, sample) }).count == 2 } ?? pair[1].contested ?? pair[0].contested
      ?? sample.first
    guard let example else { return .none }
    return .undecided(.init(example: example, readings: pair.map { ($0.format, day($0, example) ?? "no time") }))
  }

  private func found(_ candidate: TimeCandidate) -> TimeFinding.Found {
    let format = candidate.format
    let odd = [candidate.odd, candidate.isMarked ? candidate.unmarked.first : candidate.marked.first].compactMap { $0 }
    return .init(
      format: format, count: candidate.isMarked ? candidate.marked.count : candidate.unmarked.count,
      odd: odd.min { $0.line < $1.line },
      earliest: format.text(clock: candidate.earliest, offset: nil), latest: format.text(clock: candidate.latest, offset: nil))
  }

  /// Whether numbers that are called anything are days or months of a calendar: all of them are, and they are evenly apart.
  private func isCalendar(_ candidate: TimeCandidate) -> Bool { candidate.count == count && order(candidate).isEven }

  /// Whether all rows of the sample that come after the one before are a step after it, with at least two such, and how many come
  /// before the one before.
  private func order(_ candidate: TimeCandidate) -> (isEven: Bool, backs: Int) {
    let format = candidate.format
    var timeline = Timeline()
    var before: TimeValue?
    var pairs: [(TimeValue, TimeValue)] = []
    var backs = 0
    for text in sample {
      guard let reading = format.read(text.bytes) else { continue }
      let time = TimeValue.moment(Moment(clock: reading.clock, offset: nil, precision: reading.precision))
      if let before, before < time {
        timeline.add(time, after: before, line: text.line, series: "")
        pairs.append((before, time))
      } else if let before, time < before {
        backs += 1
      }
      before = time
    }
    guard let step = timeline.step, pairs.count > 1 else { return (false, backs) }
    return (pairs.allSatisfy { step.steps(from: $0.0, to: $0.1) == 1 }, backs)
  }
}
