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

  /// How values are spread about what is expected.
  public enum Likelihood: String, Sendable, Codable, CaseIterable {
    case normal
    case studentT = "student-t"
    case negativeBinomial = "negative-binomial"
    case bernoulli
    case quantile
  }

  /// What is done to values before they are learned.
  public enum Transform: String, Sendable, Codable, CaseIterable {
    /// The values stay as they are.
    case none
    /// Logarithms take the values' place.
    case log
  }

  /// What a value is learned as a change from.
  public enum Difference: String, Sendable, Codable, CaseIterable {
    /// The value is learned as it is.
    case none
    /// The value is learned as a change from the step before.
    case step
    /// The value is learned as a change from a season before.
    case season
  }

  /// The table's file: CSV with any usual separator, TSV or JSON lines, a row a step.
  public var path: String?
  /// The file of a table of the same columns to validate on; nil to hold out the end of each series.
  public var validationPath: String?
  /// Whether the first line names the columns; nil to see it from the file.
  public var hasHeader: Bool?
  /// The column that says when a row is; nil to see it from the table.
  public var time: ColumnChoice?
  /// The column that says which series a row belongs to; nil to see it from the table.
  public var group: ColumnChoice?
  /// The columns to forecast, by name or as ranges of names, `first..last`; nil for the only column of numbers.
  public var targets: [String]?
  /// The columns that are known ahead of time, such as prices or holidays.
  public var known: [String]?
  /// Whether each target column is a series of the same thing, and all are learned together.
  public var isWide: Bool?
  /// What is done about missing values and rows; nil to refuse them.
  public var missing: MissingPolicy?
  /// Steps at the end of each series that training does not look at; nil for none.
  public var test: Int?
  /// Steps before those of the test that are held out to choose the best weights; nil for a tenth, at least as many as a forecast reaches.
  public var validation: Int?
  /// Steps that a forecast reaches; nil for a season.
  public var horizon: Int?
  /// Steps of the past that training shows before those to forecast; nil for two seasons.
  public var context: Int?
  /// Steps after which values are like before; 0 for none, nil to find it in the data.
  public var season: Int?
  /// How values are spread about what is expected; nil to see it from the data.
  public var likelihood: Likelihood?
  /// What is done to values before they are learned; nil to see it from the data.
  public var transform: Transform?
  /// What a value is learned as a change from; nil to see it from the data.
  public var difference: Difference?
  /// Whether the network reads features made from dates: hour, weekday, month. Nil for true.
  public var hasCalendar: Bool?
  /// Learned numbers that stand for the name of each series; nil not to give the network the name of the series that it reads.
  public var seriesEmbedding: Int?
  /// What the table's columns are for, as it was settled when the training began.
  package var roles: ColumnRoles?

  /// A task of which all but the data is left to be chosen.
  ///
  /// - Parameter path: the table's file; nil if a table in memory is given.
  public init(path: String? = nil) { self.path = path }
}

extension ForecastTask.Likelihood {
  /// The distribution whose numbers a network gives.
  var distribution: Distribution {
    switch self {
    case .normal: .normal
    case .studentT: .studentT
    case .negativeBinomial: .negativeBinomial
    case .bernoulli: .bernoulli
    case .quantile: .quantiles(Distribution.defaultLevels)
    }
  }

  init(_ distribution: Distribution) {
    guard let likelihood = Self(rawValue: distribution.name) else {
      preconditionFailure("no likelihood has the name \(distribution.name)")
    }
    self = likelihood
  }
}
