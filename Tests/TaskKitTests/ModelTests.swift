import Foundation
import Recurrent
import TaskKit
import Testing

/// What models of all tasks have in common: they are kept as files or bytes, and their trainings go on where they were stopped.
struct ModelTests {
  private let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  /// Twenty iterations of a small network on one thread, so that the same bits come of it again.
  private static func small<Known>(_ recipe: inout Recipe<Known>) {
    (recipe.network.units, recipe.training.batch, recipe.training.seed) = (4, 4, 3)
    (recipe.training.iterations, recipe.training.validateEvery) = (20, 5)
  }

  private func file(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  /// A model of one kind, trained to its end, stopped on the way and resumed, and kept.
  ///
  /// - Parameter train: trains in a folder, or in none, until it is to stop.
  private func check<Model: TrainedModel>(
    _ train: (_ folder: String?, _ progress: (TrainingProgress) -> Void, _ isCancelled: () -> Bool) throws -> Model
  ) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = try train(nil, { _ in }, { false })
    var done = 0
    #expect(throws: CancellationError.self) {
      _ = try train(folder + "/run", { done = $0.iteration }, { done == 10 })
    }
    #expect(done < 20)
    var went: [Int] = []
    let resumed = try Model.train(resuming: folder + "/run") { went.append($0.iteration) }
    #expect(went == Array(done + 1...20))
    #expect(resumed.network.parameters == whole.network.parameters)
    #expect(resumed.network.architecture == whole.network.architecture)

    let bytes = try resumed.bytes()
    #expect(try Model(bytes: bytes).bytes() == bytes)
    try resumed.save(to: folder + "/model.safetensors")
    #expect(try Array(Data(contentsOf: URL(filePath: folder + "/model.safetensors"))) == bytes)
    #expect(try Model(contentsOf: folder + "/model.safetensors").bytes() == bytes)
    #expect(try Model(resumed.network).bytes() == bytes)
    // The folder of a run stands for its model, whose file says more of its training.
    #expect(try Model(contentsOf: folder + "/run").bytes() == bytes)
  }

  @Test func ofTexts() throws {
    let path = try file("text.txt", (0..<60).map { "no. \($0 % 7) goes to \($0 % 5)\n" }.joined())
    let machine = try Machine(threads: 1)
    try check { folder, progress, isCancelled in
      try LanguageModel.train(
        contentsOf: path, folder: folder, machine: machine, progress: progress,
        configure: {
          Self.small(&$0)
          $0.task.sequence = 10
        }, isCancelled: isCancelled)
    }
  }

  @Test func ofLabels() throws {
    let path = try file(
      "labels.csv", "text,label\n" + (0..<48).map { "word\($0) \($0 % 2),\($0 % 2 == 0 ? "a" : "b")\n" }.joined())
    let machine = try Machine(threads: 1)
    try check { folder, progress, isCancelled in
      try Classifier.train(
        contentsOf: path, folder: folder, machine: machine, progress: progress, configure: { Self.small(&$0) },
        isCancelled: isCancelled)
    }
  }

  @Test func ofTags() throws {
    let path = try file("tags.tsv", (0..<40).map { "the\tDET\nowl\($0 % 6)\tNOUN\n" }.joined(separator: "\n"))
    let machine = try Machine(threads: 1)
    try check { folder, progress, isCancelled in
      try Tagger.train(
        contentsOf: path, folder: folder, machine: machine, progress: progress,
        configure: {
          Self.small(&$0)
          ($0.task.embedding, $0.task.characterUnits, $0.task.characterEmbedding) = (4, 3, 3)
        }, isCancelled: isCancelled)
    }
  }

  @Test func ofSeries() throws {
    let rows = (0..<60).map { "\($0),\(20 + 5 * ($0 % 4) + $0 % 3)\n" }.joined()
    let path = try file("series.csv", "step,sales\n" + rows)
    let machine = try Machine(threads: 1)
    try check { folder, progress, isCancelled in
      try Forecaster.train(
        on: DataTable(path: path), target: "sales", horizon: 3, folder: folder, machine: machine, progress: progress,
        configure: { Self.small(&$0) }, isCancelled: isCancelled)
    }
  }

  @Test func aModelOfAnotherTaskIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let network = try Network(input: .features(1), layers: [.init(.lstm, units: 2)], output: .values(1))
    let bytes = try network.bytes()
    func message<Model: TrainedModel>(_ model: Model.Type) -> String? {
      #expect(throws: RecurrentError.self) { try model.init(bytes: bytes) }?.description
    }
    #expect(message(LanguageModel.self) == "the model is no language model: it does not give the symbols that it reads")
    for refusal in [message(Classifier.self), message(Tagger.self), message(Forecaster.self)] {
      #expect(refusal?.contains("the model") == true, "\(refusal ?? "none")")
    }
  }

  /// What was trained on in memory is gone, so that a run can't go on with it.
  @Test func aRunOfATextInMemoryCanNotGoOn() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = String(repeating: "to be or not to be. ", count: 40)
    _ = try LanguageModel.train(
      on: text, folder: folder + "/run", machine: Machine(threads: 1),
      configure: {
        Self.small(&$0)
        ($0.task.sequence, $0.training.iterations) = (10, 2)
      })
    let error = #expect(throws: RecurrentError.self) { try LanguageModel.train(resuming: folder + "/run") }
    #expect(error?.description == "the run trains on a text in memory, which is gone: begin anew")
  }
}
