import Foundation
import Testing

/// Models with narrower weights at the command line: they are made by `convert`, and run with every command that does not train.
struct NarrowWeightTests {
  /// A workshop with a small language model in `old`.
  private func shop() throws -> Workshop {
    let shop = try Workshop()
    let outcome = shop.train("--iterations 4", into: "old")
    #expect(outcome.code == 0, "\(outcome.messages)")
    return shop
  }

  private func expectRefusal(_ shop: Workshop, _ line: String, code: Int32 = 1, _ sentence: String) {
    let outcome = shop.run(line)
    #expect(outcome.code == code && outcome.messages.contains(sentence), "\(line): \(outcome.code) \(outcome.messages)")
  }

  @Test(arguments: ["float16", "bfloat16", "int8"])
  func aNarrowModelRunsWithEveryCommandThatDoesNotTrain(kind: String) throws {
    let shop = try shop()
    let converted = shop.run("convert $/old $/small.safetensors --weights \(kind)")
    #expect(converted.code == 0 && converted.messages.contains("wrote the model $/small.safetensors, with \(kind) weights"))
    for line in [
      "evaluate $/small.safetensors $/text.txt", "generate $/small.safetensors --length 20",
      "inspect $/small.safetensors --text ein",
      "describe $/small.safetensors", "convert --list $/small.safetensors", "convert $/small.safetensors $/small.onnx",
      "gradients --model $/small.safetensors --length 5 --batch 2", "convert $/small.safetensors $/copy.safetensors --to model",
    ] {
      let outcome = shop.run(line)
      #expect(outcome.code == 0, "\(line): \(outcome.messages)")
    }
    #expect(try shop.read("copy.safetensors") == shop.read("small.safetensors"))
    let described = shop.run("describe $/small.safetensors")
    #expect(described.output.contains("its matrices are stored as \(kind), to be run and not to be trained"))
    #expect(!described.output.contains("to train it further"))
    #expect(shop.run("describe $/small.safetensors --json").output.contains("\"weights\":\"\(kind)\""))
    for line in [
      "train text $/text.txt --from $/small.safetensors --output $/new", "compare text $/text.txt --from $/small.safetensors",
    ] {
      expectRefusal(
        shop, line + (line.hasPrefix("train") ? " --batch 4 --sequence 10 --iterations 2" : ""),
        "the weights of $/small.safetensors are \(kind), and a training changes them by less than these can hold: train the model that they were rounded from"
      )
    }
    #expect(!FileManager.default.fileExists(atPath: shop("new")))
  }

  @Test func theHistoryGoesAlong() throws {
    let shop = try shop()
    #expect(shop.run("train text $/text.txt --from $/old --batch 4 --sequence 10 --iterations 2 --output $/new").code == 0)
    #expect(shop.run("convert $/new $/small.safetensors --weights int8").code == 0)
    #expect(shop.run("describe $/small.safetensors").output.contains("its training started from $/old"))
  }

  @Test func whatAKindCostsIsPrinted() throws {
    let shop = try shop()
    let outcome = shop.run("evaluate $/old $/text.txt --compare-weights")
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.lines.map { $0.prefix { $0 != " " } } == ["weights", "float32", "float16", "bfloat16", "int8"])
    #expect(outcome.lines[0].contains("bytes of the file  ") && outcome.lines[0].hasSuffix("nats"), "\(outcome.output)")
    let plain = shop.run("evaluate $/old $/text.txt --json").output
    let nats = try #require(JSONSerialization.jsonObject(with: Data(plain.utf8)) as? [String: Double])["nats"]
    let json = shop.run("evaluate $/old $/text.txt --compare-weights --json").output
    let rows = try #require(JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    #expect(rows.count == 4 && (rows[0]["measures"] as? [String: Double])?["nats"] == nats)
    #expect(rows.allSatisfy { ($0["measures"] as? [String: Double])?.keys.sorted() == ["nats"] })
    // Each is what a model with such weights gives.
    #expect(shop.run("convert $/old $/small.safetensors --weights int8").code == 0)
    let small = shop.run("evaluate $/small.safetensors $/text.txt --json").output
    let own = try #require(JSONSerialization.jsonObject(with: Data(small.utf8)) as? [String: Double])["nats"]
    #expect((rows[3]["measures"] as? [String: Double])?["nats"] == own)
    let sizes = rows.compactMap { $0["bytes"] as? Int }
    // A model as small as this one is mostly the head of its file, which is padded to eight bytes.
    #expect(sizes.count == 4 && abs(sizes[1] - sizes[2]) <= 8 && sizes.dropFirst().allSatisfy { $0 < sizes[0] })
    expectRefusal(
      shop, "evaluate $/small.safetensors $/text.txt --compare-weights",
      "the weights of $/small.safetensors are int8 already: compare those of the model that they were rounded from")
  }

  @Test func otherConversionsAreRefused() throws {
    let shop = try shop()
    #expect(shop.run("convert $/old $/small.safetensors --weights float16").code == 0)
    expectRefusal(
      shop, "convert $/small.safetensors $/smaller.safetensors --weights int8",
      "the weights of $/small.safetensors are float16, and would be rounded twice: convert the model that they were rounded from")
    expectRefusal(
      shop, "convert $/old $/model.onnx --weights int8", code: 2,
      "--weights int8 is for models of this package and for C source: leave it out, write OUT.safetensors with --to model, or OUT.c"
    )
    let wide = shop.run("convert $/small.safetensors $/wide.safetensors --weights float32")
    #expect(wide.code == 0 && wide.messages.contains("wrote the model $/wide.safetensors\n"))
    let exported = shop.run("convert $/small.safetensors $/model.onnx")
    #expect(exported.messages.contains("note: the float16 weights are written as the 32-bit numbers that they stand for"))
  }
}
