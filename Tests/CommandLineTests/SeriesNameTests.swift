import Foundation
import Models
import Storage
import Testing

/// Forecasts that know which series they are of.
struct SeriesNameTests {
  /// Twelve stores that answer a sign, which is known ahead, with the same or the other sign, every other day. A window of three steps shows of
  /// a store's past its answer, and not the sign that it answered: nothing but the name tells the stores apart.
  private static func stores(_ days: Range<Int>) -> String {
    var text = "day,store,sign,units\n"
    for store in 0..<12 {
      var seed = UInt64(7 + store + days.lowerBound)
      for day in days {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let sign: Double = day % 2 == 0 ? 0 : seed >> 63 == 0 ? 1 : -1
        let noise = Double((seed >> 33) % 1000) / 1000 - 0.5
        text += "\(day),store \(store),\(Int(sign)),\(sign * (store % 3 == 0 ? 1 : -1) + 0.1 * noise)\n"
      }
    }
    return text
  }

  private static let small =
    "--target units --known sign --context 2 --horizon 1 --season 0 --transform none --difference none --likelihood normal --units 8 "
    + "--threads 1 --dropout 0"

  private func shop() throws -> Workshop {
    let shop = try Workshop()
    try shop.write(Self.stores(0..<60), "stores.csv")
    try shop.write(Self.stores(60..<64), "later.csv")
    return shop
  }

  private func validation(_ shop: Workshop, _ words: String) throws -> Double {
    let trained = shop.run(
      "train forecast $/stores.csv --validation-file $/later.csv --iterations 1000 --validate-every 100 \(Self.small) --json "
        + words)
    #expect(trained.code == 0, "\(trained.messages)")
    let result = try JSONSerialization.jsonObject(with: Data(try #require(trained.lines.last).utf8)) as? [String: Any]
    return try #require(result?["validation"] as? Double)
  }

  /// Without a name an answer is 1 or -1: as a normal number of deviation 1 that is 1.4 nats, at every other step. With it what is left is a
  /// noise of deviation 0.03, at best -2.1 nats: a mean gain of 1.7 nats, of which training here finds more than a third.
  @Test func namesHelpWhereSeriesDifferByNothingElse() throws {
    let shop = try shop()
    let blind = try validation(shop, "--output $/blind")
    let told = try validation(shop, "--output $/told --series-embedding 3")
    #expect(told < blind - 0.6, "\(told) with names, \(blind) without")
  }

  @Test func aRunWithNamesGoesOnIsCheckpointedAndPredictsSeriesItHasNotSeen() throws {
    let shop = try shop()
    let words = "train forecast $/stores.csv --validate-every 5 \(Self.small) --series-embedding 3"
    #expect(shop.run("\(words) --output $/whole --iterations 20").code == 0)
    #expect(shop.run("\(words) --output $/run --iterations 10").code == 0)
    #expect(shop.run("train forecast --resume $/run --iterations 20").code == 0)
    #expect(shop.run("\(words) --output $/again --iterations 20 --checkpoint-gradients").code == 0)
    let expected = try Safetensors(contentsOf: shop("whole/checkpoint.safetensors"))
    for run in ["run", "again"] {
      let checkpoint = try Safetensors(contentsOf: shop("\(run)/checkpoint.safetensors"))
      for name in ["embedding.weight", "layers.0.W_f", "output.weight"] {
        #expect(try checkpoint.values(name, as: Float.self) == expected.values(name, as: Float.self), "\(run), \(name)")
      }
    }
    #expect(expected["embedding.weight"]?.shape == [13, 3])

    try shop.write(Self.stores(0..<60).replacingOccurrences(of: "store 7", with: "west"), "others.csv")
    let line = "- the series west was not trained on: the model goes by its numbers alone\n"
    let evaluated = shop.run("evaluate $/whole $/others.csv --last 5 --samples 10")
    #expect(evaluated.code == 0 && evaluated.messages.contains(line), "\(evaluated.messages)")
    #expect(!shop.run("evaluate $/whole $/stores.csv --last 5 --samples 10").messages.contains("not trained on"))
    // A look inside shows what the network reads, its name's vector included.
    let inspected = shop.run("inspect $/whole $/stores.csv --sequence 3")
    #expect(inspected.code == 0 && inspected.output.contains("the greatest surprise"), "\(inspected.messages)\(inspected.output)")
    let converted = shop.run("convert $/whole $/whole.onnx")
    #expect(converted.code == 0, "\(converted.messages)")
    let refused = shop.run("convert $/whole $/whole.pt.safetensors --to pytorch")
    #expect(
      refused.code == 1
        && refused.messages.contains(
          "the network reads the name of a series beside its numbers, which PyTorch can't hold as it is written here: convert it to ONNX, or "
            + "train without --series-embedding"),
      "\(refused.messages)")
  }
}
