import Networks
public import Tables
public import TaskKit

/// A model that forecasts columns of a table.
///
///     var recipe = Recipe(ForecastTask(path: "sales.csv"))
///     recipe.task.targets = ["units"]
///     recipe.task.group = "store"
public struct ForecastTask: LearningTask {
  package static let kind = "forecast"
  package static let version = 1

  /// How values are distributed about their expectation.
  ///
  /// It is one of the families of ``Distribution``, by their names.
  public struct Likelihood: RawRepresentable, Sendable, Hashable, Codable, CaseIterable {
    public let rawValue: String

    /// The family of that name; nil if there is none.
    public init?(rawValue: String) {
      guard let likelihood = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
      self = likelihood
    }

    fileprivate init(_ distribution: Distribution) { rawValue = distribution.name }

    /// All families.
    public static let allCases = Distribution.families.map { Self(named: $0.name) }
    /// For values that lie about as far above their mean as below it.
    public static let normal = Self(.normal)
    /// For heavy tails.
    public static let studentT = Self(.studentT)
    /// For counts.
    public static let negativeBinomial = Self(.negativeBinomial)
    /// For zeros and ones.
    public static let bernoulli = Self(.bernoulli)
    /// No family, but quantiles.
    public static let quantile = Self(.quantiles(Distribution.defaultLevels))

    private init(named name: String) { rawValue = name }
  }

  /// The transformation of values before they are learned.
  public enum Transform: String, Sendable, Codable, CaseIterable {
    /// The values stay as they are.
    case none
    /// Logarithms take the values' place.
    case log
  }

  /// The earlier value as a change from which a value is learned.
  public enum Difference: String, Sendable, Codable, CaseIterable {
    /// The value is learned as it is.
    case none
    /// The value is learned as a change from the step before.
    case step
    /// The value is learned as a change from a season before.
    case season
    /// The value is learned as a change from what a linear autoregression expects, which is fitted before.
    case linear
  }

  /// The table's file: CSV with any usual separator, TSV or JSON lines, with a row for each step.
  public var path: String?
  /// The file of a table of the same columns to validate on; nil to hold out the end of each series.
  public var validationPath: String?
  /// Whether the first line names the columns; nil to find it out from the file.
  public var hasHeader: Bool?
  /// How the files of the tables are written, as far as it is known; nil to find it out from them.
  public var dialect: TableDialect?
  /// The column of times; nil to find it in the table.
  public var time: ColumnChoice?
  /// How dates are written, such as `TimeFormat("dd.mm.yyyy")`; nil to find it out from the table.
  public var dates: TimeFormat?
  /// The zone whose clocks show the times, such as `Europe/Berlin`: hours and weekdays are those of its clocks, and daylight saving is
  /// known. Nil to take the offsets that times have, or else what clocks show as it is.
  public var timeZone: String?
  /// The column that says which series a row belongs to; nil to find it in the table.
  public var group: ColumnChoice?
  /// The columns to forecast, by name or as ranges of names, `first..last`; nil for the only column of numbers.
  public var targets: [String]?
  /// The columns that are known ahead of time, such as prices or holidays.
  public var known: [String]?
  /// The column of times, dates or numbers, of rows that lie any time apart: a step reads how long ago the row before was, as `dt` of
  /// cells that have such an input, and otherwise with the other numbers. Rows of times whose target is empty say when what is to come
  /// is. Nil for rows that lie evenly.
  public var elapsed: String?
  /// The columns of numbers that are the same in all rows of a series: read as `s` of cells that have such an input, and otherwise
  /// with the other numbers. Nil for none.
  public var `static`: [String]?
  /// Whether each target column is a series of the same thing, and all are learned together.
  public var isWide: Bool?
  /// What is done about missing values and rows; nil to refuse them.
  public var missing: MissingPolicy?
  /// The number of steps at the end of each series that training does not see; nil for none.
  public var test: Int?
  /// The number of steps before those of the test that are held out to choose the best weights; nil for a tenth, at least as many
  /// as a forecast reaches.
  public var validation: Int?
  /// The number of steps that a forecast reaches; nil for a season.
  public var horizon: Int?
  /// The number of past steps that training shows before those to forecast; nil for two seasons.
  public var context: Int?
  /// The season: the number of steps after which values repeat themselves roughly; 0 for none, nil to find it in the data.
  public var season: Int?
  /// How values are distributed about their expectation; nil to choose it from the data.
  public var likelihood: Likelihood?
  /// The transformation of values before they are learned; nil to choose it from the data.
  public var transform: Transform?
  /// The earlier value as a change from which a value is learned; nil to choose it from the data.
  public var difference: Difference?
  /// Whether the network reads features made from dates: hour, weekday, month. Nil for true.
  public var hasCalendar: Bool?
  /// The length of the learned vector for each series' name; nil to give the network no names.
  public var seriesEmbedding: Int?
  /// What the table's columns are for, as it was decided when the training began.
  package var roles: ColumnRoles?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the table's file; nil if a table in memory is given.
  public init(path: String? = nil) { self.path = path }
}

extension ForecastTask.Likelihood {
  /// The distribution whose numbers a network gives: of counts relative to each series' level, of quantiles those at the default
  /// levels.
  var distribution: Distribution {
    guard
      let family = Distribution(named: rawValue, isRelative: true) ?? Distribution(named: rawValue)
        ?? Distribution(named: rawValue, levels: Distribution.defaultLevels)
    else {
      preconditionFailure("no family of distributions has the name \(rawValue)")
    }
    return family
  }

  /// The likelihood of a network's distributions.
  static func of(_ distribution: Distribution) -> Self { Self(distribution) }
}
