import CellLanguage
import Engine
import Forecasting
import Foundation
import Models
import Networks
import Sequences
import Storage
import Support
import Tables
import TaskKit
import Testing
import Training

/// A table, and what is asked of a model of it.
struct ForecastCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let table: SeriesTable
  var change: @Sendable (inout ForecastTask) -> Void = { _ in }

  static let all: [ForecastCase] = {
    let wave = Samples.seasonal(slope: 0.05)
    let flat = Samples.seasonal(noise: 0.3)
    let names = ["a", "b", "c"]
    return [
      ForecastCase(
        testDescription: "what is left of a linear autoregression", table: Samples.table(count: 80) { _, step, _ in wave(step) }),
      ForecastCase(
        testDescription: "logarithms, what is known ahead, two targets",
        table: Samples.table(count: 60, targets: ["a", "b"], known: ["price"]) { _, step, target in exp(flat(step + target)) }
      ) { $0.transform = .log },
      ForecastCase(
        testDescription: "several series that are named, missing values",
        table: Samples.table(names, count: 60) { series, step, _ in step == 20 ? .nan : Double(series * 10) + flat(step) }
      ) { $0.seriesEmbedding = 3 },
      ForecastCase(
        testDescription: "counts of several sizes",
        table: Samples.table(names, count: 60) { series, step, _ in
          max(0, (pow(5, Double(series)) * (1.2 + flat(step))).rounded(.up))
        }
      ) { $0.likelihood = .negativeBinomial },
      ForecastCase(
        testDescription: "zeros and ones",
        table: Samples.table(count: 60, targets: ["a", "b", "c"]) { _, step, target in flat(step + target) > 0 ? 1 : 0 }),
      ForecastCase(testDescription: "quantiles", table: Samples.table(count: 60) { _, step, _ in flat(step) }) {
        $0.likelihood = .quantile
      },
      ForecastCase(testDescription: "differences over a season", table: Samples.table(count: 80) { _, step, _ in wave(step) }) {
        $0.difference = .season
      },
    ]
  }()
}

struct StreamTests {
  /// What a stream says of each step is the loss that a run over the whole series has there, in the data's units. Both round what
  /// the layers give to Float in the same way but for the order of sums: some hundred roundings of numbers of order 1, and losses grow with
  /// them at most as their largest value does.
  @Test(arguments: ForecastCase.all)
  func aStreamPredictsWhatTrainingSees(_ each: ForecastCase) throws {
    // A context that holds the whole series.
    let change = { (task: inout ForecastTask) in
      each.change(&task)
      task.context = 100
    }
    let data = try Samples.data(each.table, change, test: 0, validation: 10)
    let forecaster = try Samples.forecaster(data)
    let machine = try Machine(threads: 1)
    let validation = try #require(data.validation)
    let runner = NetworkRunner(forecaster.network, machine: machine, trains: false)
    var loss = Loss()
    for index in 0..<(validation.iterationsPerEpoch ?? 0) {
      let batch = validation.batch(at: index)
      loss += try runner.run(batch.inputs, lengths: batch.lengths, targets: batch.targets)
    }
    var (sum, count) = (0.0, 0)
    for series in each.table.series {
      let stream = ForecastStream(forecaster, series: series.name, runner: runner)
      var state = try SeriesState(
        data.description, series: series.name, scaling: #require(data.description.scaling(of: series, steps: series.count)))
      for index in 0..<series.count {
        let (values, known) = series.row(index, data.description)
        let surprisal = try stream.observe(time: series.time(index, each.table.step), known: known, values: values)
        if index >= series.count - 10, let surprisal {
          count += 1
          sum += surprisal
          if data.distribution.lossUnit == "nats" {
            for (target, value) in values.enumerated() where !value.isNaN { sum -= state.logVolume(of: value, target: target) }
          }
        }
        state.observe(values)
      }
    }
    #expect(count == loss.count)
    #expect(abs(sum / Double(count) - loss.mean) < 200 * 0x1p-24 * max(1, abs(loss.mean)))
  }

  /// The way from a value to the network's scale and back, at every step.
  @Test(arguments: ForecastCase.all)
  func whatIsScaledIsUnscaled(_ each: ForecastCase) throws {
    let description = try Samples.data(each.table, each.change).description
    for series in each.table.series {
      var state = try SeriesState(
        description, series: series.name, scaling: #require(description.scaling(of: series, steps: series.count)))
      var features: [Float] = []
      for index in 0..<series.count {
        let (values, known) = series.row(index, description)
        features.removeAll()
        state.append(time: series.time(index, each.table.step), known: known, to: &features)
        #expect(features.count == description.inputWidth && features.allSatisfy(\.isFinite))
        for (target, number) in state.targets(values).enumerated() where !number.isNaN {
          let value = values[values.startIndex + target]
          #expect(abs(state.value(number, target: target) - value) <= 1e-12 * max(1, abs(value)))
        }
        state.observe(values)
      }
    }
  }

  @Test func pathsAreTheSameForTheSameSeedAndInOrder() throws {
    let each = ForecastCase.all[1]
    let data = try Samples.data(each.table, each.change)
    let forecaster = try Samples.forecaster(data)
    let runner = NetworkRunner(forecaster.network, machine: try Machine(threads: 1), trains: false)
    func paths(_ seed: UInt64) throws -> ForecastStream.Paths {
      let stream = ForecastStream(forecaster, series: "", runner: runner)
      let series = each.table.series[0]
      for index in 0..<40 {
        let (values, known) = series.row(index, data.description)
        try stream.observe(time: series.time(index, each.table.step), known: known, values: values)
      }
      return try stream.paths(
        50, times: (40..<44).map { series.time($0, each.table.step) },
        known: (40..<44).map { series.row($0, data.description).known }, seed: seed)
    }
    let first = try paths(1)
    #expect(try first.values == paths(1).values && first.values != paths(2).values)
    #expect(
      first.values.count == 4
        && first.values.allSatisfy { $0.count == 2 && $0.allSatisfy { $0.count == 50 && $0 == $0.sorted() } })
    #expect(first.values.joined().joined().allSatisfy { $0 > 0 })
    #expect(first.quantile(0.5, step: 0, target: 0) == (first.values[0][0][24] + first.values[0][0][25]) / 2)
  }

  @Test func batchesDependOnTheirNumberOnly() throws {
    let each = ForecastCase.all[2]
    let (one, two) = (try Samples.data(each.table, each.change), try Samples.data(each.table, each.change))
    for iteration in [7, 0, 3, 7] {
      let batches = [one, two].map { $0.training.batch(at: iteration).inputs.parts }
      let names = try batches.map { try #require($0[0] as? SymbolRows).symbols }
      let features = try batches.map { try #require($0[1] as? NumberRows).values }
      #expect(features[0] == features[1] && names[0] == names[1])
    }
  }

  /// An update by a single window would weigh as much as one by a whole batch. Of 59 rows in windows of 13 there are 5.
  @Test(arguments: [(32, [30]), (6, [5]), (5, [5]), (4, [2, 3]), (3, [2, 3]), (2, [1, 2, 2]), (1, [1, 1, 1, 1, 1])])
  func batchesAreEquallyLarge(batch: Int, sizes: [Int]) throws {
    let wave = Samples.seasonal(noise: 0.3)
    let table = Samples.table(count: 60) { _, step, _ in wave(step) }
    let change = { (task: inout ForecastTask) in
      task.context = 10
      task.difference = ForecastTask.Difference.none
    }
    let source = try Samples.data(table, change, validation: 0, batch: batch).training
    #expect(source.iterationsPerEpoch == sizes.count)
    #expect(sizes.indices.map { source.batch(at: sizes.count + $0).lengths.perSequence.count }.sorted() == sizes)
  }

  /// Missing values have no loss, and are marked.
  @Test func whatIsMissingIsNotLearned() throws {
    let data = try Samples.data(ForecastCase.all[2].table, ForecastCase.all[2].change, batch: 3)
    #expect(data.description.missing == .mask)
    let batch = data.training.batch(at: 0)
    guard case .values(let values, let counted) = batch.targets else {
      Issue.record("expected values")
      return
    }
    #expect(values.count(where: \.isNaN) > 0)
    #expect(counted == values.map { !$0.isNaN })
  }
}

struct DescriptionTests {
  /// Whether or not a value was missing when it was trained.
  @Test(arguments: MissingPolicy.allCases)
  func aModelKeepsWhatIsDoneAboutMissingValues(policy: MissingPolicy) throws {
    let wave = Samples.seasonal(noise: 0.3)
    let whole = Samples.table(count: 60) { _, step, _ in wave(step) }
    let table = SeriesTable(roles: whole.roles, missing: policy, step: whole.step, series: whole.series)
    let data = try Samples.data(table)
    #expect(data.description.missing == policy)
    let plain = try Samples.data(whole).description.inputWidth
    #expect(data.description.inputWidth == (policy == .mask ? plain + 1 : plain))
    let reason = "no value is missing, so the network sees no gap that it could learn from (missing mask)"
    #expect(data.reasons.map(\.description).contains(reason) == (policy == .mask))
  }

  @Test func aModelKnowsWhatItWasTrainedOn() throws {
    let data = try Samples.data(ForecastCase.all[1].table, ForecastCase.all[1].change, test: 5)
    let forecaster = try Samples.forecaster(data)
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try forecaster.network.save(to: path)
    let loaded = try Forecaster(contentsOf: path)
    #expect(loaded.description == data.description && loaded.distribution == data.distribution)
    #expect(loaded.network.parameters == forecaster.network.parameters)
  }

  @Test(arguments: [
    (nil, "it is a model, but it does not forecast: `recurrent train forecast` makes models that do"),
    ("{\"kind\":\"other\",\"version\":1}", "it is a model for “other”, not for forecasts"),
    ("{\"kind\":\"forecast\",\"version\":9}", "its forecasts are of version 9, and this program knows 3: use a newer program"),
    ("{\"kind\":\"forecast\",\"version\":1}", "its description of the data is damaged: `roles` is missing"),
    ("[", "its description of the data is damaged: "),
  ])
  func whatIsNotUnderstoodIsRefused(text: String?, message: String) throws {
    var network = try Samples.forecaster(Samples.data(ForecastCase.all[0].table)).network
    network.meaning = text
    let error = #expect(throws: RecurrentError.self) { _ = try Forecaster(network, path: "model") }
    #expect(error?.description.hasPrefix("can't read model: " + message) == true)
  }

  @Test func aNetworkOfOtherSizesIsRefused() throws {
    let data = try Samples.data(ForecastCase.all[0].table)
    var network = try Network(input: .features(1), layers: [.init(.lstm, units: 2)], output: .distribution(.normal, targets: 1))
    network.meaning = data.description.text
    let error = #expect(throws: RecurrentError.self) { _ = try Forecaster(network, path: "model") }
    #expect(error?.description == "can't read model: its description of the data does not fit its network")
  }
}

struct EvaluationTests {
  /// Naive forecasts by hand, over the last steps of a short series.
  @Test func naiveForecastsAreTheLastValues() throws {
    let table = Samples.table(count: 60) { _, step, _ in Double(step % 12) + (step >= 48 ? 1 : 0) }
    let data = try Samples.data(
      table,
      {
        $0.season = 12; $0.difference = ForecastTask.Difference.none
      }, test: 12)
    let evaluation = try RollingEvaluation(
      try Samples.forecaster(data), table, .init(horizon: 2, samples: 4, stride: 6), machine: try Machine(threads: 1))
    #expect(evaluation.origins == 2 && evaluation.model.count == 4 && !evaluation.includesSeen)
    // From step 48, whose value is 1 after an 11: 10 and 9 off; from 54, a 7 after a 6: 1 and 2 off.
    #expect(evaluation.naive.mae == (10 + 9 + 1 + 2) / 4.0)
    // Each value is 1 more than a season before.
    #expect(evaluation.seasonalNaive?.mae == 1)
    #expect(evaluation.surprisals.count == 12)
  }

  /// The first origin is the first step that can be forecast, which a stride longer than the series does not leave out.
  @Test(arguments: [1, 7, 1_000_000])
  func stridesBeginWhereForecastsDo(stride: Int) throws {
    let wave = Samples.seasonal(slope: 0.05)
    let table = Samples.table(count: 60) { _, step, _ in wave(step) }
    let forecaster = try Samples.forecaster(Samples.data(table) { $0.difference = .season })
    #expect(forecaster.description.warmup == 12)
    let options = RollingEvaluation.Options(horizon: 1, samples: 2, stride: stride)
    let evaluation = try RollingEvaluation(forecaster, table, options, machine: try Machine(threads: 1))
    #expect(evaluation.origins == (60 - 12 + stride - 1) / stride)
    #expect(RollingEvaluation.originCount(forecaster, table, options) == 60 - 12)
  }

  /// A wave some steps of which have been interpolated, up to a last one with another value.
  private static func filled(_ steps: ClosedRange<Int>, next: Double = 0) -> SeriesTable {
    let wave = Samples.seasonal()
    let table = Samples.table(count: 60) { _, step, _ in step == steps.upperBound + 1 ? wave(step) + next : wave(step) }
    var series = table.series[0]
    let (from, to) = (series.targets[steps.lowerBound - 1], series.targets[steps.upperBound + 1])
    for step in steps {
      series.targets[step] = from + (to - from) * Double(step - steps.lowerBound + 1) / Double(steps.count + 1)
    }
    series.filled = Set(steps)
    return SeriesTable(roles: table.roles, missing: .interpolate, step: table.step, series: [series])
  }

  /// Neither do they count, nor is anything forecast from them, since what comes next has had a part in them.
  @Test func interpolatedStepsAreNotScored() throws {
    let table = Self.filled(50...52)
    let forecaster = try Samples.forecaster(Samples.data(table, { $0.season = 0 }, test: 12))
    let evaluation = try RollingEvaluation(
      forecaster, table, .init(horizon: 1, samples: 2), machine: try Machine(threads: 1))
    // Of the origins 48 to 59 not those at 51, 52 and 53; from 50 there is nothing to compare with.
    #expect(evaluation.origins == 9 && evaluation.model.count == 8 && evaluation.naive.count == 8)
    #expect(evaluation.surprisals.map(\.step) == [48, 49, 54, 55, 56, 57, 58, 59])
    let data = try Samples.data(table, { $0.season = 0 }, validation: 12)
    guard case .values(let targets, _) = try #require(data.validation).batch(at: 0).targets else {
      throw RecurrentError(.data, "the batch has no values")
    }
    #expect(targets.suffix(12).map(\.isNaN) == (48..<60).map { 50...53 ~= $0 })
  }

  /// Training ends within what was interpolated, and knows nothing of the value behind it.
  @Test func interpolationReachesNoFartherThanTraining() throws {
    let read = try [0.0, 50].map { next in
      let data = try Samples.data(Self.filled(46...49, next: next), { $0.season = 0 }, test: 12, validation: 0)
      let features = try #require(data.training.batch(at: 0).inputs.numbers)
      return (features, data.description.scaling)
    }
    #expect(read[0].0 == read[1].0 && read[0].1 == read[1].1)
  }

  @Test func stepsThatTrainingHasSeenAreKnown() throws {
    let wave = Samples.seasonal()
    let table = Samples.table(count: 60) { _, step, _ in wave(step) }
    let forecaster = try Samples.forecaster(Samples.data(table, test: 6))
    func evaluation(_ table: SeriesTable, last: Int? = nil) throws -> RollingEvaluation {
      try RollingEvaluation(forecaster, table, .init(horizon: 1, samples: 2, last: last), machine: try Machine(threads: 1))
    }
    #expect(try evaluation(table).origins == 6)
    #expect(try evaluation(table, last: 9).includesSeen)
    #expect(try !evaluation(table, last: 6).includesSeen)
  }

  /// Months on the 28th: February's last day is no sign of other months' last ones, neither in forecasts nor in what has been seen.
  @Test func monthsThatBeginInFebruaryKeepTheirDay() throws {
    let wave = Samples.seasonal()
    func table(from first: Int) throws -> SeriesTable {
      let months = Samples.table(count: 60 - first) { _, step, _ in wave(step + first) }
      let text = (first..<60).map { step in
        let month = (step + 1) % 12 + 1
        return "20\(10 + (step + 1) / 12)-\(month < 10 ? "0" : "")\(month)-28,\(wave(step))\n"
      }
      let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).csv")
      defer { try? FileManager.default.removeItem(at: file) }
      try Data(("month,units\n" + text.joined()).utf8).write(to: file)
      return try SeriesTable(DataTable(path: file.path), roles: months.roles, missing: .error)
    }
    let whole = try table(from: 0)
    #expect(whole.step == .months(1) && whole.series[0].time(60, whole.step)?.description == "2015-02-28")
    #expect(whole.series[0].time(61, whole.step)?.description == "2015-03-28")
    let forecaster = try Samples.forecaster(Samples.data(whole))
    // 2011-03-28 and 2012-02-28.
    for first in [13, 24] {
      let evaluation = try RollingEvaluation(
        forecaster, try table(from: first), .init(horizon: 1, samples: 2, last: 5), machine: try Machine(threads: 1))
      #expect(evaluation.includesSeen)
    }
  }
}
