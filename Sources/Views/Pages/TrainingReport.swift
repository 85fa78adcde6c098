package import ChartPictures
import Markup
public import Training

/// How a training went, as a page: curves of its log, and for language models what they write.
public struct TrainingReport: Sendable {
  /// A line of what was trained and how.
  public struct Fact: Sendable, Hashable {
    public let name: String
    public let value: String

    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  public let name: String
  public let facts: [Fact]
  /// All iterations that there will be.
  public let iterations: Int
  /// Whether the training goes on: then the page loads itself again every few seconds.
  public let isRunning: Bool
  /// In the order of the log.
  public let records: [TrainingRecord]
  /// The largest norm of the gradient that is not clipped, if any is.
  public let clip: Double?
  /// What the loss is counted in.
  public let lossUnit: String
  public let samples: [String]
  /// The charts of a training that forecasts: its forecasts beside what was held out.
  package var forecasts: [LineChart] = []

  public init(
    name: String, facts: [Fact], iterations: Int, isRunning: Bool, records: [TrainingRecord], clip: Double?, lossUnit: String,
    samples: [String]
  ) {
    self.name = name
    self.facts = facts
    self.iterations = iterations
    self.isRunning = isRunning
    self.records = records
    self.clip = clip
    self.lossUnit = lossUnit
    self.samples = samples
  }
}
