import CommandLine
import Foundation
import Testing

struct MapTests {
  /// A tank that fills through a valve and leaks.
  private static let table: String = {
    var (level, text) = (2.0, "time,valve,level\n")
    for step in 0..<400 {
      let valve = Double((step / 7 * 13) % 10) / 10
      level = 0.8 * level + valve
      text += "\(step),\(valve),\(level)\n"
    }
    return text
  }()

  private static let small = "--units 8 --batch 8 --window 20 --learning-rate 0.02 --threads 1 --seed 3"

  @Test func columnsAreGivenFromColumns() throws {
    let shop = try Workshop()
    try shop.write(Self.table, "t.csv")
    let trained = shop.run("train map $/t.csv --target level --output $/run --iterations 150 \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(trained.messages.contains("- there is a single sequence, so 2 of 20 blocks of time"), "\(trained.messages)")
    #expect(trained.lines.contains { $0.hasPrefix("held out: explained: ") }, "\(trained.output)")
    let evaluated = shop.run("evaluate $/run $/t.csv --json")
    let report = try #require(JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    #expect((report["explained"] as? Double ?? 0) > 0.8, "\(evaluated.output)")
    #expect(shop.run("evaluate $/run $/t.csv").output.contains("RMSE"))
    try shop.write("valve\n0.5\n0.25\n", "new.csv")
    let csv = shop.run("predict $/run $/new.csv --format csv").lines
    #expect(csv.count == 3 && csv[0] == "line,sequence,level" && csv[1].hasPrefix("2,,"))
    #expect(shop.run("predict $/run $/new.csv").lines[1].hasSuffix("\tline 3"))
    #expect(shop.run("inspect $/run $/t.csv --json $/t.json").code == 0)
    #expect(shop.run("render $/run a.wav b.wav").messages.contains("the model reads tables and no sound"))
    let compared = shop.run(
      "compare map $/t.csv --target level --cells rnn,gru --seeds 1 --iterations 10 --output $/compared --units 4 --window 20")
    #expect(compared.code == 0 && compared.output.contains("squared error"), "\(compared.messages)")
    let tuned = shop.run(
      "tune map $/t.csv --target level --minutes 0.02 --trials 2 --iterations 10 --units 3 --layers 1 --output $/tuned")
    #expect(tuned.code == 0 && tuned.output.contains("recurrent train map"), "\(tuned.messages)")
  }

  /// A WAV file of one channel with 16 bits a sample.
  private static func wave(_ samples: [Double]) -> Data {
    func bytes(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
    let content = samples.flatMap { bytes(Int($0 * 32_767), 2) }
    var file = Array("RIFF".utf8) + bytes(36 + content.count, 4) + Array("WAVEfmt ".utf8)
    for (number, count) in [(16, 4), (1, 2), (1, 2), (8000, 4), (16_000, 4), (2, 2), (16, 2)] { file += bytes(number, count) }
    return Data(file + Array("data".utf8) + bytes(content.count, 4) + content)
  }

  @Test func anEffectIsTrainedEvaluatedAndRendered() throws {
    let shop = try Workshop()
    let dry = (0..<6000).map { step -> Double in
      let speed = 0.05 + Double(step / 1000) * 0.03
      return Foundation.sin(Double(step) * speed) * Foundation.exp(-Double(step % 1000) / 400)
    }
    try Self.wave(dry).write(to: URL(filePath: shop("dry.wav")))
    let wet = [Double](repeating: 0, count: 30) + dry.map { 0.6 * Foundation.tanh(3 * $0) }
    try Self.wave(wet).write(to: URL(filePath: shop("wet.wav")))
    let trained = shop.run(
      "train map --input $/dry.wav --target $/wet.wav --output $/run --iterations 60 \(Self.small)")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(
      trained.messages.contains("- $/wet.wav is 30 samples late (3.75 ms), which is taken out (--delay)"), "\(trained.messages)")
    #expect(trained.lines.contains { $0.hasPrefix("held out: error to signal: ") }, "\(trained.output)")
    let evaluated = shop.run("evaluate $/run $/dry.wav --target $/wet.wav")
    #expect(evaluated.lines.first?.hasPrefix("error to signal: ") == true, "\(evaluated.messages)")
    let rendered = shop.run("render $/run $/dry.wav $/out.wav")
    #expect(
      rendered.output.contains("0.75 s of sound in ") && rendered.output.contains(" times real time"), "\(rendered.messages)")
    #expect(try shop.read("out.wav").count == 44 + 12_000)
    #expect(shop.run("train map $/dry.wav --input $/dry.wav --target $/wet.wav").code == 2)
    #expect(shop.run("predict $/run $/dry.wav").messages.contains("recurrent render"))
    #expect(shop.run("convert $/run $/amp.onnx").code == 0)
  }
}
