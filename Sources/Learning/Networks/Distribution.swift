import Platform
import Support

/// A family of probability distributions: what a network can say of a number to come.
///
/// A network gives some numbers for each target, from minus to plus infinity; ``parameters(of:)`` makes the parameters of
/// the distribution of them.
public enum Distribution: Sendable, Hashable {
  /// Mean and standard deviation.
  case normal
  /// Location, scale and degrees of freedom, more than 2: heavy tails. As many as the data ask for are learned (Lange, Little &
  /// Taylor 1989).
  case studentT
  /// For counts: mean m and dispersion α, with variance m + α m² (Cameron & Trivedi 1986, NB2).
  case negativeBinomial
  /// For zeros and ones: the probability of a one.
  case bernoulli
  /// No family, but its quantiles at these levels, which rise (Koenker & Bassett 1978).
  case quantiles([Double])

  /// Numbers for each target.
  package var parameterCount: Int {
    switch self {
    case .bernoulli: 1
    case .normal, .negativeBinomial: 2
    case .studentT: 3
    case .quantiles(let levels): levels.count
    }
  }

  /// The name by which files and options know it.
  package var name: String {
    switch self {
    case .normal: "normal"
    case .studentT: "student-t"
    case .negativeBinomial: "negative-binomial"
    case .bernoulli: "bernoulli"
    case .quantiles: "quantile"
    }
  }

  /// The default levels of quantiles: the ends of the bands that hold 95, 80 and 50 in 100, and the median.
  package static let defaultLevels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]

  /// Whether the numbers have a probability each, or a density.
  package var isDiscrete: Bool {
    switch self {
    case .bernoulli, .negativeBinomial: true
    case .normal, .studentT, .quantiles: false
    }
  }

  /// What the loss is counted in.
  package var lossUnit: String {
    if case .quantiles = self { "pinball loss" } else { "nats" }
  }
}

extension Distribution {
  /// Deviations and scales stay above this: a network that has seen a number ten times must not be sure of it.
  static let leastScale = 1e-3
  /// Dispersions stay above this: below it a negative binomial can't be distinguished from a Poisson distribution.
  static let leastDispersion = 1e-4

  /// The parameters of one target's distribution, from the numbers that the network gives for it.
  package func parameters(of given: some RandomAccessCollection<Float>) -> [Double] {
    ensure(given.count == parameterCount, "\(name) takes \(parameterCount) numbers, not \(given.count)")
    let given = given.map(Double.init)
    switch self {
    case .normal: return [given[0], Self.softplus(given[1]) + Self.leastScale]
    case .studentT: return [given[0], Self.softplus(given[1]) + Self.leastScale, 2 + Self.softplus(given[2])]
    case .negativeBinomial: return [exp(Self.bounded(given[0])), Self.softplus(given[1]) + Self.leastDispersion]
    case .bernoulli: return [Self.sigmoid(given[0])]
    // Quantiles that the network puts in another order are put in theirs (Chernozhukov, Fernández-Val & Galichon 2010).
    case .quantiles: return given.sorted()
    }
  }

  /// The mean; of quantiles the middle one.
  package func mean(_ parameters: [Double]) -> Double {
    if case .quantiles = self { parameters[parameters.count / 2] } else { parameters[0] }
  }

  /// A number somewhat above what is expected, one that gives each parameter of its place a gradient.
  package func surprisal(_ parameters: [Double]) -> Double {
    switch self {
    case .normal, .studentT: parameters[0] + parameters[1]
    case .negativeBinomial: parameters[0] + (parameters[0] + parameters[1] * parameters[0] * parameters[0]).squareRoot()
    case .bernoulli: 1
    case .quantiles: (parameters.last ?? 0) + 1
    }
  }

  static func softplus(_ x: Double) -> Double { x > 30 ? x : log1p(exp(x)) }
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  /// Means of counts grow up to e²⁵.
  static func bounded(_ x: Double) -> Double { min(x, 25) }
}
