package import Pages
package import Support
package import TaskKit
package import Training

/// Several cells at the same task, each with several seeds, and how they did.
///
///     for entry in report.entries { print(entry.cell, entry.validation?.mean ?? .nan) }
public struct ComparisonReport: Sendable {
  /// The title of the comparison: the command line that makes it, or what a program calls it.
  package let command: String
  package let facts: [TrainingReport.Fact]
  /// The unit of losses: `nats per step`.
  package let lossUnit: String
  /// The number of decimals of a loss.
  package let lossDigits: Int
  /// Whether times are given for an epoch; they are given for a thousand iterations where the data never ends.
  package let hasEpochs: Bool
  /// What the task measures beside a loss, in the order in which it is shown.
  package let figures: [Figure]
  /// The cells, the best first as far as there are results.
  public let entries: [Entry]
  /// The number of runs when all have ended.
  package let runs: Int

  /// A cell with its runs.
  public struct Entry: Sendable {
    /// The name that the caller gave the cell.
    public let cell: String
    /// Units in each layer.
    public let units: Int
    /// Weights of the whole network.
    public let weights: Int
    package let runs: [Run]

    package init(cell: String, units: Int, weights: Int, runs: [Run]) {
      self.cell = cell
      self.units = units
      self.weights = weights
      self.runs = runs
    }

    private var results: [RunResult] { runs.map(\.result).filter { $0.failure == nil } }
    /// The best held-out loss of the runs; nil if none has ended.
    public var validation: Spread? { Spread(results.compactMap(\.validation)) }
    /// The loss of the best weights on the test file; nil if there is none.
    public var test: Spread? { Spread(results.compactMap(\.test)) }
    /// What else the task measures on the test file.
    package func test(_ figure: Figure) -> Spread? { Spread(results.compactMap { $0.testFigures?[figure.key] }) }
    /// The fraction of what is held out that the best weights answer right; nil if the task does not count that.
    public var score: Spread? { Spread(results.compactMap(\.score)) }
    package var bestIteration: Spread? { Spread(results.compactMap { $0.bestIteration.map(Double.init) }) }
    package var secondsPerEpoch: Spread? { Spread(results.map(\.secondsPerEpoch)) }
    package var failures: [RunResult] { runs.map(\.result).filter { $0.failure != nil } }
  }

  /// A run that has ended.
  package struct Run: Sendable {
    package let result: RunResult
    /// The run's log.
    package let records: [TrainingRecord]
    /// The path of the run's page, relative to that of the comparison.
    package let page: String

    package init(_ result: RunResult, records: [TrainingRecord], page: String) {
      self.result = result
      self.records = records
      self.page = page
    }
  }

  package init(
    command: String, facts: [TrainingReport.Fact], lossUnit: String, lossDigits: Int, hasEpochs: Bool,
    figures: [Figure] = [], entries: [Entry], runs: Int
  ) {
    self.command = command
    self.facts = facts
    self.lossUnit = lossUnit
    self.lossDigits = lossDigits
    self.hasEpochs = hasEpochs
    self.figures = figures
    self.runs = runs
    self.entries = entries.enumerated().sorted { one, other in
      let (own, others) = (one.element, other.element)
      return (own.rank, own.loss, one.offset) < (others.rank, others.loss, other.offset)
    }.map(\.element)
  }

  /// Whether the task counts right answers.
  package var hasScore: Bool { entries.contains { $0.score != nil } }
  package var hasTest: Bool { entries.contains { $0.test != nil } }
  /// What was measured on the test file. Figures that the task no longer knows come last, under their keys.
  package var testFigures: [Figure] {
    let others = Set(entries.flatMap(\.runs).flatMap { ($0.result.testFigures ?? [:]).keys }).subtracting(figures.map(\.key))
    return (figures + others.sorted().map { Figure($0) }).filter { figure in entries.contains { $0.test(figure) != nil } }
  }
  /// How many runs had their best validation at their end, and how many runs have ended.
  package var bestAtTheEnd: (late: Int, all: Int) {
    let results = entries.flatMap(\.runs).map(\.result).filter { $0.failure == nil }
    return (results.count { $0.bestIteration == $0.iterations }, results.count)
  }
  /// - Throws: ``RecurrentError`` if no run came to its end.
  package func requireAnEnd() throws(RecurrentError) {
    let failures = entries.flatMap(\.failures)
    if let first = failures.first?.failure, failures.count == runs {
      throw RecurrentError(.unsuitable, "no run came to its end, which leaves nothing to compare: \(first)")
    }
  }
  /// The number of runs that have ended.
  package var ended: Int { entries.reduce(0) { $0 + $1.runs.count } }
}

extension ComparisonReport.Entry {
  /// The number by which cells are ranked, the smallest first: the error rate if it is counted, or else the loss.
  fileprivate var rank: Double { score.map { 1 - $0.mean } ?? loss }
  /// What decides between cells that err as often as one another.
  fileprivate var loss: Double { validation?.mean ?? .infinity }
}

extension ComparisonReport: Encodable {
  private enum CodingKeys: CodingKey { case command, lossUnit, cells }

  /// Writes the cells with their results, as `recurrent compare --json` prints them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(command, forKey: .command)
    try container.encode(lossUnit, forKey: .lossUnit)
    try container.encode(entries.map { Row($0, testFigures) }, forKey: .cells)
  }

  private struct Row: Encodable {
    let cell: String
    let units: Int
    let weights: Int
    let validation: Spread?
    let test: Spread?
    let testFigures: [String: Spread]
    let score: Spread?
    let bestIteration: Spread?
    let secondsPerEpoch: Spread?
    let runs: [RunResult]

    init(_ entry: Entry, _ figures: [Figure]) {
      cell = entry.cell
      units = entry.units
      weights = entry.weights
      validation = entry.validation
      test = entry.test
      testFigures = Dictionary(
        uniqueKeysWithValues: figures.compactMap { figure in entry.test(figure).map { (figure.key, $0) } })
      score = entry.score
      bestIteration = entry.bestIteration
      secondsPerEpoch = entry.secondsPerEpoch
      runs = entry.runs.map(\.result)
    }
  }
}
