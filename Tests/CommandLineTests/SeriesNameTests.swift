import Foundation
import ModelFiles
import Testing

/// Forecasts that know which series they are of.
struct SeriesNameTests {
  /// Stores that answer a sign, which is known ahead, with the same or the other sign, every other day. What a window of two steps shows of a
  /// store's past has its answer, and not the sign that it answered: nothing but the name tells the stores apart.
  private static let stores: String = {
    var text = "day,store,sign,units\n"
    var seed: UInt64 = 7
    for day in 0..<200 {
      for (store, answer) in [("north", 1.0), ("south", -1.0)] {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let sign = day % 2 == 0 ? 0 : seed >> 63 == 0 ? 1 : -1
        let noise = Double((seed >> 33) % 1000) / 1000 - 0.5
        text += "\(day),\(store),\(sign),\(Double(sign) * answer + 0.1 * noise)\n"
      }
    }
    return text
  }()

  private static let small =
    "--known sign --context 1 --horizon 1 --season 0 --transform none --difference none --likelihood normal --units 8 --threads 1 "
    + "--dropout 0 --validate-every 50"

  private func validation(_ shop: Workshop, _ words: String) throws -> Double {
    let trained = shop.run("train forecast $/stores.csv \(Self.small) --json " + words)
    #expect(trained.code == 0, "\(trained.messages)")
    let result = try JSONSerialization.jsonObject(with: Data(try #require(trained.lines.last).utf8)) as? [String: Any]
    return try #require(result?["validation"] as? Double)
  }

  /// Without a name an answer is 1 or -1: as a normal number of deviation 1 that is some 1.4 nats away at every other step, in the
  /// data's scale. With it what is left is a noise of a twentieth of that deviation or less.
  @Test func namesHelpWhereSeriesDifferByNothingElse() throws {
    let shop = try Workshop()
    try shop.write(Self.stores, "stores.csv")
    let blind = try validation(shop, "--output $/blind --iterations 400")
    let told = try validation(shop, "--output $/told --iterations 400 --series-embedding 3")
    #expect(told < blind - 0.5, "\(told) with names, \(blind) without")
  }

  @Test func aRunWithNamesGoesOnIsRecomputedAndForetellsSeriesItHasNotSeen() throws {
    let shop = try Workshop()
    try shop.write(Self.stores, "stores.csv")
    let words = "train forecast $/stores.csv --target units \(Self.small) --series-embedding 3"
    #expect(shop.run("\(words) --output $/whole --iterations 20").code == 0)
    #expect(shop.run("\(words) --output $/run --iterations 10").code == 0)
    #expect(shop.run("train forecast --resume $/run --iterations 20").code == 0)
    #expect(shop.run("\(words) --output $/again --iterations 20 --recompute").code == 0)
    let expected = try Safetensors(contentsOf: shop("whole/checkpoint.safetensors"))
    for run in ["run", "again"] {
      let checkpoint = try Safetensors(contentsOf: shop("\(run)/checkpoint.safetensors"))
      for name in ["embedding.weight", "layers.0.W_f", "output.weight"] {
        #expect(try checkpoint.values(name, as: Float.self) == expected.values(name, as: Float.self), "\(run), \(name)")
      }
    }
    #expect(expected["embedding.weight"]?.shape == [3, 3])

    try shop.write(Self.stores.replacingOccurrences(of: "south", with: "west"), "others.csv")
    let line = "- the series west was not trained on: the model goes by its numbers alone\n"
    let evaluated = shop.run("evaluate $/whole $/others.csv --last 5 --samples 10")
    #expect(evaluated.code == 0 && evaluated.messages.contains(line), "\(evaluated.messages)")
    #expect(!shop.run("evaluate $/whole $/stores.csv --last 5 --samples 10").messages.contains("not trained on"))
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
