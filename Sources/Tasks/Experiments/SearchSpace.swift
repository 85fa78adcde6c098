import Engine
import Platform
import Support

/// The settings that a search tries.
public struct SearchSpace: Sendable, Hashable, Codable {
  /// A training's settings, as somebody would write them on a command line.
  public struct Settings: Sendable, Hashable, Codable {
    public let learningRate: Double
    public let units: Int
    public let layers: Int
    public let dropout: Double

    public init(learningRate: Double, units: Int, layers: Int, dropout: Double) {
      self.learningRate = learningRate
      self.units = units
      self.layers = layers
      self.dropout = dropout
    }
  }

  /// Drawn such that each factor is as likely as any other.
  public let learningRate: ClosedRange<Double>
  /// Likewise.
  public let units: ClosedRange<Int>
  /// Each number of layers is as likely as any other.
  public let layers: ClosedRange<Int>
  /// Drawn evenly, in hundredths.
  public let dropout: ClosedRange<Double>

  public init(
    learningRate: ClosedRange<Double>, units: ClosedRange<Int>, layers: ClosedRange<Int>, dropout: ClosedRange<Double>
  ) {
    self.learningRate = learningRate
    self.units = units
    self.layers = layers
    self.dropout = dropout
  }

  /// The settings of this space that are nearest to others, which are what training takes by itself: tried first, they see to it that a search
  /// finds nothing worse.
  public func nearest(to settings: Settings) -> Settings {
    func nearest<Number: Comparable>(_ value: Number, in range: ClosedRange<Number>) -> Number {
      min(max(value, range.lowerBound), range.upperBound)
    }
    return Settings(
      learningRate: nearest(settings.learningRate, in: learningRate), units: nearest(settings.units, in: units),
      layers: nearest(settings.layers, in: layers), dropout: nearest(settings.dropout, in: dropout))
  }

  /// The settings of trial `trial` of the search that `seed` begins.
  public func settings(trial: Int, seed: UInt64) -> Settings {
    var random = Random(.searchTrial, trial, seed: seed)
    let rate = Self.even(learningRate, random.uniform())
    let count = Self.even(Double(units.lowerBound)...Double(units.upperBound), random.uniform())
    let depth = random.integer(in: layers.lowerBound..<layers.upperBound + 1)
    let share = dropout.lowerBound + random.uniform() * (dropout.upperBound - dropout.lowerBound)
    return Settings(
      learningRate: min(max(Self.rounded(rate), learningRate.lowerBound), learningRate.upperBound),
      units: min(max(Int(count.rounded()), units.lowerBound), units.upperBound), layers: depth,
      dropout: min(max((share * 100).rounded() / 100, dropout.lowerBound), dropout.upperBound))
  }

  /// The number so far along a range on a logarithmic scale.
  private static func even(_ range: ClosedRange<Double>, _ place: Double) -> Double {
    exp(log(range.lowerBound) + place * (log(range.upperBound) - log(range.lowerBound)))
  }

  /// Two digits: nobody can tell 0.00213 from 0.0021 by what it learns.
  private static func rounded(_ rate: Double) -> Double {
    let scale = pow(10, 1 - log10(rate).rounded(.down))
    return (rate * scale).rounded() / scale
  }
}
