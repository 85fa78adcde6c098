import Engine
import Forecasting
import Foundation
import Networks
import Support
import Tables
import Testing

/// Series that are forecast by the linear autoregression alone, while others of the same model have the network's part, too.
struct LinearAloneTests {
  private static let names = ["north", "south"]

  private static let table: SeriesTable = {
    var random = Random(seed: 4)
    let noise = (0..<600).map { _ in random.normal() }
    return Samples.table(names, count: 300) { series, step, _ in
      20 + Double(series) * 10 + sin(Double(step) / 5) + 0.3 * noise[300 * series + step]
    }
  }()

  /// The network, whose description says that some series are forecast without it.
  private func forecaster(_ network: Network, alone: [String], outputs: [Float]) throws -> Forecaster {
    let text = try #require(network.meaning)
    var meaning = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    meaning["linearAlone"] = ["series": alone, "outputs": outputs.map { Double($0) }]
    var own = network
    own.meaning = String(decoding: try JSONSerialization.data(withJSONObject: meaning), as: UTF8.self)
    return try Forecaster(own, path: "model")
  }

  private func medians(_ forecaster: Forecaster) throws -> [String: [Double]] {
    var found: [String: [Double]] = [:]
    try forecaster.forecast(Self.table, horizon: 4, samples: 20, seed: 3, machine: Machine(threads: 1)) { series, forecast in
      found[series.name] = forecast.steps.map(\.median)
    }
    return found
  }

  @Test func theNetworkIsLeftOutForThemOnly() throws {
    let data = try Samples.data(Self.table, { ($0.difference, $0.season, $0.likelihood) = (.linear, 0, .normal) })
    let plain = try Samples.forecaster(data)
    let outputs: [Float] = [0, 0.25]
    let mixed = try forecaster(plain.network, alone: ["south"], outputs: outputs)
    // A network whose last matrix is nothing gives the same at each step.
    var network = plain.network
    let head = try #require(network.layout.head)
    var weights = network.parameters
    for place in head.weight.range { weights[place] = 0 }
    for (place, number) in outputs.enumerated() { weights[head.bias.range.lowerBound + place] = number }
    network.parameters = weights
    let constant = try Forecaster(network, path: "model")
    let (own, whole, none) = try (medians(mixed), medians(plain), medians(constant))
    #expect(own["north"] == whole["north"] && own["north"] != none["north"])
    #expect(own["south"] == none["south"] && own["south"] != whole["south"])
  }

  /// At the end of a training each of several series is as near as the linear autoregression, at least where it was held out.
  @Test func noSeriesIsWorseThanLinear() throws {
    let data = try Samples.data(
      Self.table, { ($0.difference, $0.season, $0.likelihood) = (.linear, 0, .normal) }, test: 0, validation: 60)
    let model = try data.finished(Samples.forecaster(data), machine: Machine(threads: 1))
    let scores = try #require(model.description.heldOut)
    let (own, linear) = try (#require(scores.rows.first), #require(scores.rows.last))
    #expect(linear.name == "linear" && (own.mase ?? 9) <= 1.03 * (linear.mase ?? 0), "\(scores.rows)")
  }

  /// Bands of counts are made wider where they hold too little, and stay whole numbers from 0 on.
  @Test func bandsOfCountsHoldWhatTheyShould() throws {
    var random = Random(seed: 9)
    let counts = (0..<400).map { _ in max(0, (12 + 6 * random.normal()).rounded()) }
    let table = Samples.table(count: 400) { _, step, _ in counts[step] }
    let data = try Samples.data(table, { ($0.season, $0.likelihood) = (0, .negativeBinomial) }, test: 0, validation: 120)
    var network = try Samples.forecaster(data).network
    // The network says that counts hardly vary.
    let head = try #require(network.layout.head)
    var weights = network.parameters
    for place in head.weight.range { weights[place] = 0 }
    weights[head.bias.range.lowerBound] = 0
    weights[head.bias.range.lowerBound + 1] = -9
    network.parameters = weights
    let model = try data.finished(Forecaster(network, path: "model"), machine: Machine(threads: 1))
    let factors = try #require(model.description.bandFactors)
    #expect(factors.allSatisfy { $0 > 1 }, "\(factors)")
    try model.forecast(table, horizon: 3, samples: 200, seed: 1, machine: Machine(threads: 1)) { _, forecast in
      for step in forecast.steps {
        #expect(step.values[0].samples.allSatisfy { $0 >= 0 && $0 == $0.rounded() })
        #expect(step.interval(0.8).upperBound - step.interval(0.8).lowerBound > 9)
      }
    }
  }
}
