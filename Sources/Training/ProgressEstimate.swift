#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How fast a long work goes and how long it will still take, from how it went lately.
///
/// Work and time are both summed with weights that halve every `halfLife` seconds, and the rate is their quotient: right
/// from the first interval on, whatever the intervals' lengths. The caller brings the clock.
public struct ProgressEstimate: Sendable, Hashable {
  public let total: Int
  public private(set) var done: Int
  private let halfLife: Double
  private var time: Double
  private var weightedWork = 0.0
  private var weightedTime = 0.0

  /// - Parameters:
  ///   - total: the work in all, in any unit.
  ///   - done: what was done before, in a run that this one goes on with.
  ///   - time: now, in seconds of any steady clock.
  ///   - halfLife: the age in seconds at which an interval counts half.
  public init(total: Int, done: Int = 0, at time: Double, halfLife: Double = 15) {
    self.total = total
    self.done = done
    self.time = time
    self.halfLife = halfLife
  }

  /// Notes that `done` is done at `time`. A clock that stands still or goes back is waited for.
  public mutating func update(done: Int, at time: Double) {
    let elapsed = time - self.time
    guard elapsed > 0 else { return }
    let fading = exp2(-elapsed / halfLife)
    weightedWork = weightedWork * fading + Double(done - self.done)
    weightedTime = weightedTime * fading + elapsed
    self.done = done
    self.time = time
  }

  /// Work a second; nil before the first interval.
  public var rate: Double? { weightedTime > 0 ? weightedWork / weightedTime : nil }

  /// Seconds that the rest will take; nil while nothing moves.
  public var secondsLeft: Double? {
    guard let rate, rate > 0 else { return nil }
    return Double(max(0, total - done)) / rate
  }
}
