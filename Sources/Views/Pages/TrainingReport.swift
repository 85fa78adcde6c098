package import ChartPictures
import Markup
package import Training

/// How a training went, as a page: curves of its log, and for language models what they write.
package struct TrainingReport: Sendable {
  /// A line of what was trained and how.
  package struct Fact: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Lines of text below a heading.
  package struct Passage: Sendable, Hashable {
    package let title: String
    package let lines: [String]

    package init(title: String, lines: [String]) {
      self.title = title
      self.lines = lines
    }
  }

  package let name: String
  package let facts: [Fact]
  /// All iterations that there will be.
  package let iterations: Int
  /// Whether the training goes on: then the page loads itself again every few seconds.
  package let isRunning: Bool
  /// In the order of the log.
  package let records: [TrainingRecord]
  /// The largest norm of the gradient that is not clipped, if any is.
  package let clip: Double?
  /// What the loss is counted in.
  package let lossUnit: String
  package let samples: [String]
  /// What the best weights make of what was held out, once the training has ended.
  package var passages: [Passage] = []
  /// The charts of a training that forecasts: its forecasts beside what was held out.
  package var forecasts: [LineChart] = []
  /// What the scores count that say which weights are kept; nil if the held-out loss says it.
  package var scoreTitle: String?

  package init(
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
