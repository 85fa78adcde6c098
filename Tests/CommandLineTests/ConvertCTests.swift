import Foundation
import Testing

/// Models as C source, as far as the command is concerned. What the source computes, `CSourceTests` see.
struct ConvertCTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
    #expect(workshop.train("--cell mgu --iterations 2", into: "run").code == 0)
  }

  private func text(_ name: String) throws -> String { String(decoding: try workshop.read(name), as: UTF8.self) }

  @Test func aModelIsWrittenWithItsHeader() throws {
    let written = workshop.run("convert $/run $/my-model.c")
    #expect(written.code == 0)
    #expect(written.messages.contains("wrote $/my-model.c and $/my-model.h: "))
    #expect(
      written.messages.hasSuffix(" bytes of constants beside the code, 24 bytes of state, 96 bytes of vectors on the stack\n"))
    let (header, source) = (try text("my-model.h"), try text("my-model.c"))
    #expect(header.contains("int my_model_step(my_model_state *state, int32_t symbol, float y[MY_MODEL_OUTPUTS]);"))
    #expect(header.contains("extern const char *const my_model_symbols[MY_MODEL_SYMBOLS];"))
    #expect(source.contains("#include \"my-model.h\""))
    #expect(source.contains("f  = σ(W_f [h, x] + b_f)"))
  }

  /// What a task knows of the numbers goes along: labels with anything in them, and scales.
  @Test func labelsAndScalesAreTables() throws {
    let rows = (0..<120).map { row in "\(row / 6),\(10 + 2 * (row % 6)),\(row / 6 % 2 == 0 ? "\"a \"\"b\"\"\"" : "c?")" }
    try workshop.write("recording,load,state\n" + rows.joined(separator: "\n") + "\n", "loads.csv")
    let options = ["--units", "4", "--iterations", "2", "--threads", "1", "--output", "$/loads"]
    #expect(workshop.run(["train", "classify", "$/loads.csv"] + options).code == 0)
    #expect(workshop.run("convert $/loads $/loads.c").code == 0)
    let source = try text("loads.c")
    #expect(source.contains("const char *const loads_input_names[LOADS_INPUTS] = {\n  \"load\"\n};"))
    #expect(source.contains("const float loads_input_means[LOADS_INPUTS] = {\n  15.0f\n};"))
    #expect(source.contains("const char *const loads_output_names[LOADS_OUTPUTS] = {\n  \"a \\\"b\\\"\", \"c\\?\"\n};"))
  }

  /// A forecaster of one series has a scale for each number that it reads, one of many series has them in its notes.
  @Test(arguments: [1, 2]) func aForecastersScalesAreSaid(series: Int) throws {
    let rows = (0..<series).flatMap { series in (0..<60).map { "s\(series),\($0),\(20 * (series + 1) + $0 % 2)" } }
    try workshop.write("shop,step,sold\n" + rows.joined(separator: "\n") + "\n", "sales.csv")
    let options = ["--units", "4", "--iterations", "2", "--threads", "1", "--target", "sold", "--output", "$/sales"]
    #expect(workshop.run(["train", "forecast", "$/sales.csv", "--time", "step", "--group", "shop"] + options).code == 0)
    #expect(workshop.run("convert $/sales $/sales.c").code == 0)
    let header = try text("sales.h")
    #expect(header.contains("sales_input_names[SALES_INPUTS]"))
    #expect(header.contains("sales_input_means[SALES_INPUTS]") == (series == 1))
    #expect(header.contains(" * Series s0, sold: mean ") == (series == 2))
  }

  @Test func storageAndPrecisionAreChosen() throws {
    #expect(workshop.run("convert $/run $/a.c --weights int8 --math fast").code == 0)
    #expect(try text("a.c").contains("static const int8_t layer1_W_f["))
    #expect(try text("a.c").contains("quick_tanh"))
    #expect(workshop.run("convert $/run $/a.c --float double").code == 0)
    #expect(try text("a.h").contains("double y[A_OUTPUTS]"))
  }

  @Test func whatCantBeIsRefused() throws {
    let other = workshop.run("convert $/run $/a.onnx --math fast")
    #expect(other.code == 2 && other.messages.hasPrefix("error: --math is for C source: leave it out, or write OUT.c\n"))
    let name = workshop.run("convert $/run $/model --to c")
    #expect(
      name.code == 2
        && name.messages.hasPrefix("error: $/model would be C source under the name of something else: write OUT.c\n"))
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    try FileManager.default.copyItem(
      atPath: root.appending(path: "Documentation/examples/tagger.onnx").path, toPath: workshop("tagger.onnx"))
    let both = workshop.run("convert $/tagger.onnx $/tagger.c")
    #expect(both.code == 1)
    #expect(
      both.messages.hasSuffix(
        "error: the network can't be written as C: layer 1 reads each sequence from its last step, which code that takes one step at a "
          + "time does not know\n"))
    #expect(!FileManager.default.fileExists(atPath: workshop("tagger.c")))
  }
}
