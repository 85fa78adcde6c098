import CommandLine
import Foundation
import Testing

/// A bidirectional network on the command line, from its training to its inspection.
struct BidirectionalTests {
  @Test(arguments: ["concatenate", "sum", "multiply", "average"])
  func isTrainedInspectedAndGoneOnWith(merge: String) throws {
    let shop = try Workshop()
    let line = "train problem adding --length 6 --units 3 --batch 4 --threads 1 --bidirectional --learn-states --merge \(merge)"
    let trained = shop.run(line + " --iterations 4 --validate-every 2 --output $/both")
    #expect(trained.code == 0)
    // Each direction has four gates that read six numbers and a bias, and two states to begin with.
    let weights = 2 * (4 * 3 * 6 + 6) + (merge == "concatenate" ? 6 : 3) + 1
    #expect(trained.messages.contains("1 bidirectional layer of 3 lstm units, \(weights) weights"))

    #expect(shop.run(line + " --iterations 2 --validate-every 2 --output $/stopped").code == 0)
    #expect(shop.run("train problem --resume $/stopped --iterations 4").code == 0)
    #expect(try shop.read("both/model.safetensors") == shop.read("stopped/model.safetensors"))

    let refused = shop.run("train problem --resume $/stopped --iterations 6 --checkpoint-gradients")
    #expect(refused.code == 1)
    #expect(refused.messages.contains("error: a network that reads in reverse needs all steps at once"))

    try shop.write("a,b\n0.5,1\n0.25,0\n0.125,1\n", "numbers.csv")
    let inspected = shop.run("inspect $/both $/numbers.csv --json $/report.json")
    #expect(inspected.code == 0)
    for direction in ["forward", "reverse"] {
      #expect(inspected.output.contains("$/both, layer 1, \(direction), lstm: c' (long-term memory (cell state))"))
    }
    let report = try #require(JSONSerialization.jsonObject(with: shop.read("report.json")) as? [String: Any])
    let model = try #require((report["models"] as? [[String: Any]])?.first)
    #expect((model["summary"] as? String)?.hasPrefix("1 bidirectional layer of 3 units, lstm") == true)
    let layers = try #require(model["layers"] as? [[String: Any]])
    #expect(layers.map { $0["name"] as? String } == ["layer 1, forward", "layer 1, reverse"])
    #expect(layers.map { $0["direction"] as? String } == ["forward", "reverse"])
  }

  @Test func gradientsAreFollowedInBothDirections() throws {
    let shop = try Workshop()
    let line = "train problem adding --length 6 --units 3 --batch 4 --threads 1 --bidirectional --iterations 2"
    #expect(shop.run(line + " --validate-every 2 --watch-gradients --output $/both").code == 0)
    let page = String(decoding: try shop.read("both/report.html"), as: UTF8.self)
    for title in ["Layer 1, forward", "Layer 1, reverse", "Layer 1, forward, state c", "Layer 1, reverse, state h"] {
      #expect(page.contains("<figcaption>\(title)</figcaption>"))
    }
    #expect(!page.contains("Layer 2"))

    let shown = shop.run("gradients --model $/both --length 8")
    #expect(shown.code == 0)
    for curve in ["c forward", "c reverse", "h forward", "h reverse"] { #expect(shown.output.contains("$/both \(curve) ")) }
    let json = shop.run("gradients --model $/both --length 8 --json").output
    #expect(json.contains("\"direction\":\"reverse\",\"layer\":1"))
  }

  @Test func oneDirectionCanBeHeld() throws {
    let shop = try Workshop()
    let line = "train problem adding --length 6 --units 3 --batch 4 --threads 1 --bidirectional --iterations 1 --output $/both"
    #expect(shop.run(line).code == 0)
    try shop.write("a,b\n0.5,1\n0.25,0\n", "numbers.csv")
    func inspect(_ clamp: String) -> Workshop.Outcome {
      shop.run(["inspect", "$/both", "$/numbers.csv", "--clamp", clamp])
    }
    #expect(inspect("layer 1, reverse: f = 1").code == 0)
    let steps = inspect("layer 1, reverse: f = 1, step 1")
    #expect(steps.code == 1)
    #expect(
      steps.messages.contains(
        "the network reads in reverse, so that nothing in it can be held at some steps only: leave out the steps"))
    #expect(inspect("layer 1, backward: f = 1").messages.contains("or one of its directions, `layer 1, reverse`"))
  }
}
