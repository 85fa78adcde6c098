/// How far what a model gives is from what it ought to give.
public struct MapScores: Sendable {
  /// The scores of each output, in the order of the model's outputs.
  public private(set) var outputs: [Output]

  /// The scores of an output.
  public struct Output: Sendable {
    /// Its name.
    public let name: String
    /// The number of steps that are scored.
    public private(set) var count = 0
    private var error = Sums()
    private var target = Sums()
    private var absolute = 0.0
    /// The errors and the targets with their low frequencies taken out.
    private var emphasized = (error: 0.0, target: 0.0)
    private var last: (error: Double, target: Double)?

    private struct Sums: Sendable {
      var first = 0.0
      var squares = 0.0

      mutating func add(_ number: Double) {
        first += number
        squares += number * number
      }
    }

    init(name: String) { self.name = name }

    /// Adds a step; NaN as target for one that is not scored.
    mutating func add(found: Double, target value: Double) {
      guard !value.isNaN else {
        last = nil
        return
      }
      let difference = found - value
      count += 1
      error.add(difference)
      target.add(value)
      absolute += abs(difference)
      if let last {
        let (high, own) = (difference - MapScores.emphasis * last.error, value - MapScores.emphasis * last.target)
        emphasized.error += high * high
        emphasized.target += own * own
      }
      last = (difference, value)
    }

    /// Begins another sequence.
    mutating func begin() { last = nil }

    /// The root of the mean squared error, in the output's own units.
    public var rootMeanSquare: Double { (error.squares / Double(max(1, count))).squareRoot() }
    /// The mean of the errors' sizes, in the output's own units.
    public var meanAbsolute: Double { absolute / Double(max(1, count)) }

    /// The fraction of the output's variance that the model explains: 1 for all of it, 0 for as much as its mean does, below for less.
    public var explained: Double {
      let variance = target.squares - target.first * target.first / Double(max(1, count))
      return variance > 0 ? 1 - error.squares / variance : 0
    }

    /// The energy of the errors divided by that of the targets; 0 if the targets are silent.
    public var errorToSignal: Double { target.squares > 0 ? error.squares / target.squares : 0 }

    /// The same, after a filter has weakened low frequencies in both as the ear does: y(t) = x(t) − 0.85 x(t − 1) (Wright et al. 2020,
    /// Real-time guitar amplifier emulation with deep learning).
    public var emphasizedErrorToSignal: Double { emphasized.target > 0 ? emphasized.error / emphasized.target : 0 }
  }

  static let emphasis = 0.85

  package init(outputs names: [String]) { outputs = names.map { Output(name: $0) } }

  /// Adds a sequence.
  ///
  /// - Parameters:
  ///   - found: `[T, outputs]`
  ///   - targets: `[T, outputs]`, NaN where there is nothing to compare with.
  package mutating func add(found: some Collection<Double>, targets: some Collection<Double>) {
    for place in outputs.indices { outputs[place].begin() }
    var place = 0
    for (found, target) in zip(found, targets) {
      outputs[place].add(found: found, target: target)
      place = place + 1 == outputs.count ? 0 : place + 1
    }
  }

  /// The mean over the outputs of the variance that is explained.
  public var explained: Double { mean { $0.explained } }
  /// The mean over the outputs of the errors' energy divided by the targets'.
  public var errorToSignal: Double { mean { $0.errorToSignal } }
  /// The same, with low frequencies weakened in both.
  public var emphasizedErrorToSignal: Double { mean { $0.emphasizedErrorToSignal } }
  /// The number of steps with something to compare with.
  public var steps: Int { outputs.map(\.count).max() ?? 0 }

  private func mean(_ value: (Output) -> Double) -> Double {
    outputs.reduce(0) { $0 + value($1) } / Double(max(1, outputs.count))
  }
}
