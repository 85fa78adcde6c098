import Platform
package import Support

/// A family of probability distributions: the one description of it. A network gives some numbers for each target, from minus to
/// plus infinity, of which the family makes the parameters of the target's distribution. ``Distribution/families`` lists those
/// that files may name.
package protocol DistributionFamily: Sendable, Hashable {
  /// The name by which files and options know the family.
  static var name: String { get }
  /// The member of the family with these levels; nil if the family has other parameters of its own than that.
  ///
  /// - Parameter isRelative: as ``isRelative``; a family that has no such member gives nil.
  init?(levels: [Double]?, isRelative: Bool)

  /// Numbers for each target.
  var parameterCount: Int { get }
  /// The levels of quantiles, of which the family is made; nil for others.
  var levels: [Double]? { get }
  /// Whether the numbers have a probability each, or a density.
  var isDiscrete: Bool { get }
  /// Whether what the network gives is relative to a level of the series that stands beside each target, since the values have
  /// probabilities and so can't be scaled.
  var isRelative: Bool { get }
  /// Whether exponentials of the numbers have a mean, which heavy tails leave them without.
  var hasMeanOfExponentials: Bool { get }
  /// What the numbers are: `counts`.
  var values: String { get }
  /// What the loss is counted in.
  var lossUnit: String { get }

  /// - Throws: ``RecurrentError`` if there is no such member of the family.
  func check() throws(RecurrentError)
  /// What is wrong with values that the distribution can't give, as the end of a sentence that begins with its name: `is for counts`;
  /// nil if nothing is.
  func fault(in values: some Sequence<Double>) -> String?
  /// The parameters of one target's distribution.
  ///
  /// - Parameters:
  ///   - given: `[parameterCount]`, what the network gives.
  ///   - level: what it is relative to, above 0; 1 for families that are not relative.
  func parameters(of given: [Double], level: Double) -> [Double]
  /// The mean; of quantiles the middle one.
  func mean(_ parameters: [Double]) -> Double
  /// A number somewhat above what is expected, one that gives each parameter of its place a gradient.
  func surprisal(_ parameters: [Double]) -> Double
  /// A number drawn from the distribution with these parameters.
  func sample(_ parameters: [Double], using random: inout Random) -> Double
  /// The loss of one target that is not missing.
  ///
  /// - Parameters:
  ///   - given: what the network gives, which becomes the loss's derivatives by it, times `scale`.
  ///   - level: as for ``parameters(of:level:)``.
  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double
}

extension DistributionFamily {
  package var levels: [Double]? { nil }
  package var isRelative: Bool { false }
  package var hasMeanOfExponentials: Bool { true }
  package var values: String { "numbers" }
  package var lossUnit: String { "nats" }
  package func check() throws(RecurrentError) {}
  package func fault(in values: some Sequence<Double>) -> String? { nil }
  package func mean(_ parameters: [Double]) -> Double { parameters[0] }

  func isEqual(to other: any DistributionFamily) -> Bool { (other as? Self) == self }
}

/// Deviations and scales stay above this: a network that has seen a number ten times must not be sure of it.
let leastScale = 1e-3

func softplus(_ x: Double) -> Double { x > 30 ? x : log1p(exp(x)) }
func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
