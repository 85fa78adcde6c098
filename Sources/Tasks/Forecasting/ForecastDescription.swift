package import Models
package import Networks
import Support
package import Tables

/// What the numbers of a network that forecasts stand for: the columns, their steps in time, and how values become what the
/// network reads and back. A model's file keeps it.
package struct ForecastDescription: Sendable, Hashable, Codable {
  private(set) var kind = Self.kindName
  private(set) var version = Self.newestVersion
  package var roles: ColumnRoles
  package var missing: MissingPolicy
  /// How the file was written; nil if the table was in memory, or if that is not known.
  package var dialect: TableDialect?
  package var step: TimeStep
  /// The season: the number of steps after which the values repeat themselves roughly; nil if they do not.
  package var season: Int?
  package var transform: ForecastTransform
  /// The linear autoregressions whose expectations values are compared with; nil if they are not.
  package var linear: LinearPart?
  /// The number of steps that a forecast reaches by default.
  package var horizon: Int
  /// The number of past steps that training shows before those to forecast.
  package var context: Int
  package var calendar: [CalendarFeature]
  /// The scaling of each target over all series, and for each series that was trained on.
  package var scaling: [Scaling]
  package var seriesScaling: [String: [Scaling]]
  /// The scaling of each number that a step has beside its targets: what is known ahead, and what is read of further columns.
  package var knownScaling: [Scaling]
  /// Whether targets are counts or zeros and ones, which are scaled only where the network reads them.
  package var isDiscrete: Bool
  /// Whether what the network gives for counts, or for zeros and ones, is relative to each series' own level; nil in models of the first version, in which
  /// it is not.
  private var hasLevels: Bool?
  /// What training has seen of each series.
  package var seen: [String: Seen]
  /// The surprise, in nats, that one step in two hundred of what was trained on exceeds; nil before the end of training.
  package var surprisalThreshold: Double?
  /// How many times as wide as drawn the bands of each step ahead are, so that they hold what they should of what was held out; nil
  /// for as drawn.
  package var bandFactors: [Double]?
  /// The series that are forecast without the network's part; nil if there are none.
  package var linearAlone: LinearAlone?
  /// How well the model forecast what was held out; nil before the end of training.
  package var heldOut: HeldOutScores?

  package enum Seen: Sendable, Hashable, Codable {
    /// Everything up to a moment.
    case moment(Moment)
    /// The first steps of a series, with a digest that tells them from those of other series of the same name.
    case steps(Int, digest: String)
  }

  package static let kindName = "forecast"
  package static let newestVersion = 3

  package init(
    roles: ColumnRoles, missing: MissingPolicy, step: TimeStep, season: Int?, transform: ForecastTransform, horizon: Int,
    context: Int,
    calendar: [CalendarFeature], distribution: Distribution
  ) {
    self.roles = roles
    self.missing = missing
    self.step = step
    self.season = season
    self.transform = transform
    self.horizon = horizon
    self.context = context
    self.calendar = calendar
    isDiscrete = distribution.isDiscrete
    hasLevels = distribution.isRelative
    scaling = []
    seriesScaling = [:]
    knownScaling = []
    seen = [:]
  }

  /// The number of targets.
  package var width: Int { roles.targetNames.count }

  /// Whether what the network gives is relative to each series' own level.
  var isRelative: Bool { hasLevels ?? false }

  /// The names that files and readers of the first version know.
  private enum CodingKeys: String, CodingKey {
    case kind, version, roles, missing, dialect, step, season, transform, linear, horizon, context, calendar, scaling,
      seriesScaling,
      knownScaling, isDiscrete, hasLevels, seen, bandFactors, linearAlone, heldOut
    case surprisalThreshold = "surpriseThreshold"
  }
}

extension ForecastDescription {
}

extension ForecastDescription: MeaningDescription {
  package static let wording = ModelMeaning.Wording(
    verb: "forecast", command: "recurrent train forecast", purpose: "forecasts", versioned: "forecasts", described: "data")

  package func fits(_ architecture: Architecture) -> Bool {
    guard let (distribution, targets) = architecture.output.distribution else { return false }
    return architecture.input.features == featureNames.count && architecture.input.encoding.vectors == vectors
      && knownScaling.count == roles.besides.count && targets == width && distribution.isRelative == isRelative
      && architecture.readout == .everyStep
  }
}

extension Architecture.Input {
  /// The number of features of a step, without a name beside them; nil for symbols.
  fileprivate var features: Int? {
    (encoding as? FeaturesInput)?.features ?? (encoding as? NamedFeaturesInput)?.features ?? (encoding as? VectorsInput)?.features
  }
}

/// What is done with values before they are scaled.
package struct ForecastTransform: Sendable, Hashable, Codable {
  /// Whether logarithms take the values' place.
  package var isLogarithmic: Bool
  /// The number of steps back with whose value each is compared: what the network learns is the difference; nil for the value
  /// itself.
  package var difference: Int?

  package init(isLogarithmic: Bool, difference: Int?) {
    self.isLogarithmic = isLogarithmic
    self.difference = difference
  }
}
