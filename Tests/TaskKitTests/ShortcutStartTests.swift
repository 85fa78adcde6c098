import Foundation
import Networks
import Recurrent
import TaskKit
import Testing

/// Trainings that start from a model whose output reads its input, as those of amplifiers do.
struct ShortcutStartTests {
  private static let model = Result {
    try Network(
      Architecture(input: .features(1), layers: [.init(.lstm, units: 3)], output: .values(1), outputReadsInput: true), seed: 5)
  }

  /// The network that a training begins with.
  private func beginning<Known: TrainableTask>(_ task: Known) throws -> Network {
    var recipe = Recipe(task)
    recipe.training.seed = 77
    recipe.start = StartModel(try Self.model.get(), name: "runs/old")
    var notes: [Note] = []
    let material = try Known.read(recipe.prepared(&notes), &notes)
    return try recipe.plan(on: material, &notes).network()
  }

  private func withTable(_ text: String, _ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "start-\(UUID().uuidString).csv")
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
  }

  @Test func anOutputThatReadsTheInputStaysOne() throws {
    try withTable("x,y\n" + (0..<80).map { "\($0 % 9),\($0 % 9 * 2)\n" }.joined()) { path in
      var task = MapTask(path: path)
      task.target = ["y"]
      let (network, model) = (try beginning(task), try Self.model.get())
      #expect(network.architecture.outputReadsInput && network.architecture.layers == model.architecture.layers)
      #expect(network["layers.0.W_f"] == model["layers.0.W_f"])
      #expect(network["output.weight"]?.count == 4)
    }
  }
}
