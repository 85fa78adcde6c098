import Engine
import Forecasting
import Foundation
import Networks
import Support
import Tables
import Testing

/// Linear autoregressions, and models that add to them.
struct LinearTests {
  private static func autoregression(_ count: Int, noise: Double = 1) -> [Double] {
    var random = Random(seed: 11)
    var values = [0.0, 0.0]
    for step in 2..<count + 50 { values.append(1.3 * values[step - 1] - 0.5 * values[step - 2] + noise * random.normal()) }
    return values.suffix(count).map { 20 + $0 }
  }

  private static func finished(_ table: SeriesTable, _ change: (inout ForecastTask) -> Void = { _ in }) throws -> Forecaster {
    let data = try Samples.data(
      table,
      {
        $0.difference = .linear
        change(&$0)
      }, test: 0, validation: 40)
    return try data.finished(Samples.forecaster(data), machine: Machine(threads: 1))
  }

  /// The weights of a process that is one.
  @Test func anAutoregressionIsFound() throws {
    let values = Self.autoregression(3000)
    let data = try Samples.data(Samples.table(count: 3000) { _, step, _ in values[step] }) { $0.season = 0 }
    let linear = try #require(data.description.linear)
    #expect(abs(linear.common[0].weights[0] - 1.3) < 0.1 && abs(linear.common[0].weights[1] + 0.5) < 0.15)
    #expect(abs(linear.common[0].weights.reduce(linear.common[0].pull, +) - 1) < 1e-4)
    // What is left is the noise.
    #expect(abs(data.description.scaling[0].deviation - 1) < 0.1 && abs(data.description.scaling[0].mean - 20) < 1)
  }

  /// A fresh network knows nothing: its part is left out, and what is forecast is the linear autoregression.
  @Test func aNetworkThatGainsNothingIsLeftOut() throws {
    let values = Self.autoregression(400)
    let table = Samples.table(count: 400) { _, step, _ in values[step] }
    let model = try Self.finished(table)
    let scores = try #require(model.description.heldOut)
    #expect(scores.lines.contains { $0.contains("gained nothing to speak of over the linear autoregression") }, "\(scores.lines)")
    let head = try #require(model.network.layout.head)
    #expect(head.weight.range.allSatisfy { model.network.parameters[$0] == 0 })
    let (model80, linear) = try (#require(scores.rows.first), #require(scores.rows.last))
    #expect(linear.name == "linear" && abs((model80.mase ?? 0) - (linear.mase ?? 1)) < 0.03)
    #expect(scores.rows.dropFirst().allSatisfy { ($0.mase ?? 0) > 0.97 * (model80.mase ?? 1) }, "\(scores.rows)")
  }

  /// Bands that a network draws too wide or too narrow hold about as much as they should of what follows.
  @Test(arguments: [0.2, 5])
  func bandsHoldWhatTheyShould(factor: Double) throws {
    let values = Self.autoregression(600)
    let data = try Samples.data(
      Samples.table(count: 600) { _, step, _ in values[step] }, { ($0.season, $0.likelihood) = (0, .normal) }, test: 200,
      validation: 100)
    // The network says the deviation by a bias.
    let fresh = try Samples.forecaster(data)
    let head = try #require(fresh.network.layout.head)
    var network = fresh.network
    for place in head.weight.range { network.parameters[place] = 0 }
    network.parameters[head.bias.range.lowerBound] = 0
    network.parameters[head.bias.range.lowerBound + 1] = Float(log(expm1(factor)))
    let drawn = try Forecaster(network, path: "model")
    let machine = try Machine(threads: 1)
    let table = Samples.table(count: 600) { _, step, _ in values[step] }
    let options = RollingEvaluation.Options(of: drawn, on: table)
    let before = try RollingEvaluation(drawn, table, options, machine: machine).model.coverage80
    #expect(factor < 1 ? before < 0.4 : before > 0.99)
    let after = try RollingEvaluation(data.finished(drawn, machine: machine), table, options, machine: machine).model.coverage80
    #expect((0.7...0.9).contains(after), "\(before), \(after)")
  }

  /// Counts are drawn as they are: where bands of draws hold too little, they get wider, and never narrower.
  @Test func countsHaveTheBandsThatTheyAreDrawnWith() throws {
    let values = Self.autoregression(300).map { max(0, ($0 - 15).rounded()) }
    let data = try Samples.data(Samples.table(count: 300) { _, step, _ in values[step] }, test: 0, validation: 40)
    let model = try data.finished(Samples.forecaster(data), machine: Machine(threads: 1))
    #expect(model.description.linear == nil && model.description.heldOut != nil)
    #expect(try #require(model.description.bandFactors).allSatisfy { $0 >= 1 })
    let error = #expect(throws: RecurrentError.self) {
      _ = try Samples.data(Samples.table(count: 300) { _, step, _ in values[step] }) { $0.difference = .linear }
    }
    #expect(error?.description == "counts and zeros and ones are learned as they are: leave difference out")
  }
}
