package import Support

/// A family of probability distributions: what a network can say of a number to come.
///
/// A network gives some numbers for each target, from minus to plus infinity, of which the parameters of the distribution are
/// made.
public struct Distribution: Sendable, Hashable {
  package let family: any DistributionFamily

  package init(_ family: any DistributionFamily) { self.family = family }

  /// The families that a file or an option may name.
  package static let families: [any DistributionFamily.Type] = [
    NormalDistribution.self, StudentTDistribution.self, NegativeBinomialDistribution.self, BernoulliDistribution.self,
    QuantileDistribution.self,
  ]

  /// Mean and standard deviation.
  public static let normal = Distribution(NormalDistribution())
  /// Location, scale and degrees of freedom, more than 2: heavy tails. As many as the data ask for are learned (Lange, Little &
  /// Taylor 1989).
  public static let studentT = Distribution(StudentTDistribution())
  /// For counts: mean m and dispersion α, with variance m + α m² (Cameron & Trivedi 1986, NB2).
  public static let negativeBinomial = Distribution(NegativeBinomialDistribution())
  /// Counts of series that each have a level of their own, which stands beside each target: the network says how the mean
  /// compares with it.
  package static let relativeNegativeBinomial = Distribution(NegativeBinomialDistribution(isRelative: true))
  /// For zeros and ones: the probability of a one.
  public static let bernoulli = Distribution(BernoulliDistribution())
  /// Zeros and ones of series that each have a share of ones of their own, which stands beside each target.
  package static let relativeBernoulli = Distribution(BernoulliDistribution(isRelative: true))
  /// No family, but its quantiles at these levels, which rise (Koenker & Bassett 1978).
  public static func quantiles(_ levels: [Double]) -> Distribution { Distribution(QuantileDistribution(levels)) }

  /// The default levels of quantiles: the ends of the bands that hold 95, 80 and 50 in 100, and the median.
  package static let defaultLevels = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975]

  /// The distribution of that name.
  ///
  /// - Parameters:
  ///   - levels: of quantiles; nil for other families.
  ///   - isRelative: whether what the network gives is relative to a level.
  /// - Returns: nil if no family has the name, or not with such levels, or if the family can't be relative.
  package init?(named name: String, levels: [Double]? = nil, isRelative: Bool = false) {
    guard let family = Self.families.first(where: { $0.name == name })?.init(levels: levels, isRelative: isRelative) else {
      return nil
    }
    self.init(family)
  }

  public static func == (left: Distribution, right: Distribution) -> Bool { left.family.isEqual(to: right.family) }

  public func hash(into hasher: inout Hasher) { family.hash(into: &hasher) }
}

extension Distribution {
  /// Numbers for each target.
  package var parameterCount: Int { family.parameterCount }
  /// The name by which files and options know it.
  package var name: String { type(of: family).name }
  /// The levels of quantiles; nil for others.
  package var levels: [Double]? { family.levels }
  /// Whether the numbers have a probability each, or a density.
  package var isDiscrete: Bool { family.isDiscrete }
  /// Whether what the network gives is relative to a level that stands beside each target.
  package var isRelative: Bool { family.isRelative }
  /// The numbers that a batch has for each target: its value, and the level if there is one.
  package var targetCount: Int { isRelative ? 2 : 1 }
  /// What the loss is counted in.
  package var lossUnit: String { family.lossUnit }

  /// The parameters of one target's distribution, from the numbers that the network gives for it.
  ///
  /// - Parameter level: what these are relative to, above 0, if they are.
  package func parameters(of given: some RandomAccessCollection<Float>, level: Double = 1) -> [Double] {
    check(given.count)
    return family.parameters(of: given.map(Double.init), level: level)
  }

  /// The mean; of quantiles the middle one.
  package func mean(_ parameters: [Double]) -> Double { family.mean(parameters) }

  /// A number somewhat above what is expected, one that gives each parameter of its place a gradient.
  package func surprisal(_ parameters: [Double]) -> Double { family.surprisal(parameters) }

  /// A number drawn from the distribution with these parameters.
  package func sample(_ parameters: [Double], using random: inout Random) -> Double {
    family.sample(parameters, using: &random)
  }

  /// The loss of one target: the negative logarithm of its probability or density, in nats. Of quantiles it is twice the mean
  /// pinball loss over the levels, which is near the continuous ranked probability score (Gneiting & Raftery 2007).
  ///
  /// A target that is NaN is missing: it has no loss.
  ///
  /// - Parameters:
  ///   - given: what the network gives, which becomes the loss's derivatives by it, times `scale`.
  ///   - level: what it is relative to, if it is.
  func loss(_ given: UnsafeMutablePointer<Float>, target: Double, level: Double, scale: Double) -> Double {
    guard !target.isNaN else {
      for place in 0..<parameterCount { given[place] = 0 }
      return 0
    }
    return family.loss(given, target: target, level: level, scale: scale)
  }

  /// The loss of one target, as training has it.
  ///
  /// - Parameters:
  ///   - given: what the network gives for the target, which becomes the loss's derivatives by it.
  ///   - level: what it is relative to, if it is.
  package func loss(of target: Double, _ given: inout [Float], level: Double = 1) -> Double {
    check(given.count)
    return given.withUnsafeMutableBufferPointer { given in
      given.baseAddress.map { loss($0, target: target, level: level, scale: 1) } ?? 0
    }
  }

  private func check(_ count: Int) {
    ensure(count == parameterCount, "\(name) takes \(parameterCount) numbers, not \(count)")
  }
}
