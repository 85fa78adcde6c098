import Support
import Tables

/// Which features of dates a network reads: those of cycles of which training sees a whole turn. Of the others it can't learn what
/// comes next, since the sines and cosines that it will read then are none that it has read.
struct CalendarChoice {
  let features: [CalendarFeature]
  /// What is left out, and why, in sentences.
  let reasons: [Sentence]

  static let none = CalendarChoice(features: [], reasons: [])

  private init(features: [CalendarFeature], reasons: [Sentence]) { (self.features, self.reasons) = (features, reasons) }

  /// - Parameter ends: the number of steps of each series that are trained on.
  init(_ table: SeriesTable, ends: [Int]) {
    let spans = zip(table.series, ends).compactMap { series, end -> ClosedRange<Moment>? in
      guard end > 0, case .moment(let first)? = series.start, case .moment(let last)? = series.time(end, table.step)
      else { return nil }
      return first...max(first, last)
    }
    guard !spans.isEmpty else {
      self = .none
      return
    }
    let all = CalendarFeature.defaults(for: table.step).map { (feature: $0, isSeen: $0.isSeenWhole(in: spans)) }
    features = all.filter(\.isSeen).map(\.feature)
    let unseen = all.filter { !$0.isSeen }.map(\.feature)
    guard let shortest = unseen.first?.cycle, let last = unseen.last?.rawValue else {
      reasons = []
      return
    }
    let names = (unseen.count == 1 ? "" : unseen.dropLast().map(\.rawValue).joined(separator: ", ") + " and ") + last
    reasons = [
      "the steps to train on don't go through a whole \(shortest), so the network does not read the \(names) (\(Setting("no-calendar")) leaves out all that is made of dates)"
    ]
  }
}

extension CalendarFeature {
  /// What comes again.
  fileprivate var cycle: String {
    switch self {
    case .hourOfDay: "day"
    case .dayOfWeek: "week"
    case .dayOfYear, .monthOfYear: "year"
    }
  }

  /// The seconds after which the cycle has been gone through, wherever one begins.
  private var period: Double {
    switch self {
    case .hourOfDay: 86_400
    case .dayOfWeek: 7 * 86_400
    // The 29th of February is a day like its neighbours.
    case .dayOfYear, .monthOfYear: 365 * 86_400
    }
  }

  /// Whether some spans of time, each up to the step after its last one, go through the whole cycle together.
  fileprivate func isSeenWhole(in spans: [ClosedRange<Moment>]) -> Bool {
    var arcs: [ClosedRange<Double>] = []
    for span in spans {
      if span.upperBound.seconds - span.lowerBound.seconds >= period { return true }
      let (from, to) = (place(span.lowerBound), place(span.upperBound))
      arcs += from <= to ? [from...to] : [from...1, 0...to]
    }
    var reached = 0.0
    for arc in arcs.sorted(by: { $0.lowerBound < $1.lowerBound }) where arc.lowerBound <= reached {
      reached = max(reached, arc.upperBound)
    }
    return reached >= 1
  }
}
