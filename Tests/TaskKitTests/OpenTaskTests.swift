import CommandKit
import CommandLine
import Console
import Foundation
import Models
import Networks
import Support
import TaskKit
import Testing

/// A task that only this folder knows does all that the built-in ones do, by the same commands.
struct OpenTaskTests {
  private let folder: String
  private let command = recurrentCommand(TaskRegistry([ParityTask.self]))

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "parity-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
    try Data("1101\n0\n111\n10\n0110\n".utf8).write(to: url.appending(path: "bits.txt"))
  }

  /// What a command line does; `$` stands for the folder.
  private func run(_ line: String) -> (code: Int32, output: String, messages: String) {
    let written = Written()
    let abilities = Abilities(isTerminal: false, hasColours: false, hasUnicode: true)
    let terminal = Terminal(
      output: Channel(abilities: abilities, columns: { 80 }) { text throws(OutputError) in written.output.append(text) },
      messages: Channel(abilities: abilities, columns: { 80 }) { text throws(OutputError) in written.messages.append(text) })
    let words = line.split(separator: " ").map { $0.replacingOccurrences(of: "$", with: folder) }
    let code = command.run(words, on: terminal)
    return (code, written.output.joined(), written.messages.joined())
  }

  @Test func itTrainsResumesEvaluatesPredictsAndIsInspected() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let small = "--units 4 --threads 1 --output $/run"
    let trained = run("train parity $/bits.txt \(small) --iterations 20")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(trained.output.contains("model: \(folder)/run/model.safetensors"))
    let resumed = run("train parity --resume $/run --iterations 30")
    #expect(resumed.code == 0 && resumed.messages.contains("after iteration 20"), "\(resumed.messages)")
    let evaluated = run("evaluate $/run $/bits.txt")
    #expect(evaluated.code == 0 && evaluated.output.contains("nats"), "\(evaluated.messages)")
    let predicted = run("predict $/run $/bits.txt")
    #expect(predicted.code == 0 && predicted.output.split(separator: "\n").count == 5, "\(predicted.messages)")
    let inspected = run("inspect $/run $/bits.txt")
    #expect(inspected.code == 0, "\(inspected.messages)")
  }

  @Test func itIsComparedAndTuned() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let compared = run("compare parity $/bits.txt --cells rnn,gru --seeds 1 --iterations 10 --units 3 --output $/compared")
    #expect(compared.code == 0 && compared.output.contains("gru"), "\(compared.messages)")
    let tuned = run("tune parity $/bits.txt --minutes 0.02 --trials 2 --iterations 20 --units 3 --layers 1 --output $/tuned")
    #expect(tuned.code == 0 && tuned.output.contains("recurrent train parity"), "\(tuned.messages)")
  }

  /// The task says nothing of models to start from, and has them all the same.
  @Test func itStartsFromAModel() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let words = "--threads 1 --iterations 20"
    let trained = run("train parity $/bits.txt --units 4 \(words) --output $/old")
    #expect(trained.code == 0, "\(trained.messages)")
    let further = run("train parity $/bits.txt --from $/old --freeze layer1 \(words) --output $/new")
    #expect(further.code == 0, "\(further.messages)")
    #expect(further.messages.contains("- from the model: --cell lstm, --layers 1, --units 4\n"), "\(further.messages)")
    let refused = run("train parity $/bits.txt --from $/old --units 5 \(words) --output $/other")
    #expect(refused.code == 2 && refused.messages.contains("--units is 5, and that of \(folder)/old is 4: leave it out\n"))
    func weights(_ name: String) throws -> [Float]? { try Network(contentsOf: "\(folder)/\(name)")["layers.0.W_f"] }
    #expect(try weights("new") == weights("old"))
    try FileManager.default.removeItem(atPath: folder + "/old")
    let resumed = run("train parity --resume $/new --iterations 30")
    #expect(resumed.code == 0 && resumed.messages.contains("after iteration 20"), "\(resumed.messages)")
    let described = run("describe $/new")
    #expect(described.output.contains("left as it was there: layer1\n"), "\(described.messages)")
  }

  @Test func itsRecipeIsShownAndTrained() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shown = run("train parity $/bits.txt --units 3 --iterations 5 --show-recipe")
    #expect(shown.code == 0, "\(shown.messages)")
    try Data(shown.output.utf8).write(to: URL(filePath: folder + "/recipe.json"))
    let trained = run("train --recipe $/recipe.json --threads 1 --output $/again")
    #expect(trained.code == 0, "\(trained.messages)")
    #expect(run("train --recipe $/bits.txt").code == 1)
    for (wrong, sentence) in [
      ("\"seed\":-1", "--seed is -1; expected a whole number of at least 0"),
      ("\"epochs\":-2", "--epochs is -2; expected a number above 0"),
    ] {
      let text = shown.output.replacingOccurrences(of: "\"iterations\":5", with: "\"iterations\":5,\(wrong)")
      try Data(text.utf8).write(to: URL(filePath: folder + "/wrong.json"))
      let refused = run("train --recipe $/wrong.json")
      #expect(refused.code == 1 && refused.messages.contains(sentence), "\(wrong): \(refused.messages)")
    }
    let misspelt = shown.output.replacingOccurrences(of: "\"units\":3", with: "\"unit\":3")
    try Data(misspelt.utf8).write(to: URL(filePath: folder + "/misspelt.json"))
    let refused = run("train --recipe $/misspelt.json")
    #expect(refused.code == 1 && refused.messages.contains("unit"), "\(refused.messages)")
  }

  private final class Written: @unchecked Sendable {
    var output: [String] = []
    var messages: [String] = []
  }
}
