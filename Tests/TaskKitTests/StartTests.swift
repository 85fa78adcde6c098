import Engine
import Foundation
import Models
import Networks
import Recurrent
import Sequences
import Support
import TaskKit
import Testing
import Training

/// A training that starts from a model does with what the model knows what the model does, in each task.
struct StartTests {
  private let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "start-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  private func file(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(filePath: path))
    return path
  }

  private static func small<Known>(_ recipe: inout Recipe<Known>) {
    (recipe.network.units, recipe.training.batch, recipe.training.seed) = (4, 4, 3)
    (recipe.training.iterations, recipe.training.validateEvery) = (20, 5)
  }

  /// What a training would begin with, and what it says of the model.
  private func beginning<Known: TrainableTask>(
    _ task: Known, from model: Network, _ change: (inout Recipe<Known>) -> Void = { _ in }
  ) throws -> (network: Network, notes: [String]) {
    var recipe = Recipe(task)
    // Another seed than the model's, so that a weight that is not its own shows.
    recipe.training.seed = 77
    change(&recipe)
    recipe.start = StartModel(model, name: "runs/old")
    var (notes, unsaid): ([Note], [Note]) = ([], [])
    let material = try Known.read(recipe.prepared(&notes), &unsaid)
    let plan = try recipe.plan(on: material, &notes)
    return (try plan.network(), notes.map { $0.line(naming: \.inSwift) })
  }

  // MARK: Data

  private func text(_ name: String = "text.txt", _ line: (Int) -> String = { "no. \($0 % 7) goes to \($0 % 5)\n" }) throws
    -> String
  {
    try file(name, (0..<60).map(line).joined())
  }

  private func labels(_ name: String = "labels.csv", _ names: [String] = ["a", "b"]) throws -> String {
    try file(name, "text,label\n" + (0..<48).map { "word\($0) \($0 % 2),\(names[$0 % names.count])\n" }.joined())
  }

  private func motions(_ name: String = "motions.csv", columns: [String] = ["x", "y"], scale: Double = 1) throws -> String {
    let rows = (0..<40).flatMap { sequence in
      (0..<5).map { step in
        let values = columns.indices.map { "\(scale * Double((sequence * 7 + step * ($0 + 2)) % 11 + 50 * $0))" }
        return "r\(sequence),\(values.joined(separator: ",")),\(sequence % 2 == 0 ? "up" : "down")\n"
      }
    }
    return try file(name, "recording,\(columns.joined(separator: ",")),activity\n" + rows.joined())
  }

  private func tags(_ name: String = "tags.tsv", _ noun: (Int) -> String = { "owl\($0 % 6)" }) throws -> String {
    try file(name, (0..<40).map { "the\tDET\n\(noun($0))\tNOUN\n" }.joined(separator: "\n"))
  }

  private func sales(_ name: String, stores: [String], days: Range<Int> = 0..<60, price: Bool = false) throws -> String {
    let rows = stores.enumerated().flatMap { place, store in
      days.map { day in
        let units = (place + 1) * 100 + 5 * (day % 4) + (day * day + place) % 7
        return "\(day),\(store),\(units)\(price ? ",\(day % 3)" : "")\n"
      }
    }
    return try file(name, "step,store,units\(price ? ",price" : "")\n" + rows.joined())
  }

  // MARK: Nothing is trained

  @Test func textsKeepAll() throws {
    let model = try LanguageModel.train(
      contentsOf: text(),
      configure: {
        Self.small(&$0); $0.task.sequence = 10
      }
    ).network
    let (network, notes) = try beginning(TextTask(path: text()), from: model)
    #expect(network.parameters == model.parameters && network.architecture == model.architecture)
    let digest = model.digest.digits
    #expect(
      notes == [
        "the weights to start from: runs/old (digest \(digest))",
        "- from the model: tokens characters, embedding 4, cell lstm, layers 1, units 4",
        "- the model knows all 16 characters",
      ])
  }

  /// Words stand in the order of their frequency, so that in another text they have other places; the loss of a text of the
  /// same words is the same, but for the order in which a softmax adds them up.
  @Test func wordsInAnotherOrderHaveTheSameLoss() throws {
    let old = try text("old.txt") { _ in "a a a a b b b c c d\n" }
    let new = try text("new.txt") { _ in "d d d d c c c b b a\n" }
    let model = try LanguageModel.train(
      contentsOf: old,
      configure: {
        Self.small(&$0); ($0.task.sequence, $0.task.tokens) = (10, .words)
      })
    let (network, _) = try beginning(TextTask(path: new), from: model.network)
    let started = try LanguageModel(network)
    #expect(started.vocabulary != model.vocabulary && Set(started.vocabulary.symbols) == Set(model.vocabulary.symbols))
    func losses(_ model: LanguageModel) throws -> [Float] {
      let tokens = try model.vocabulary.encode("c a d b a a b d c c a")
      return zip(try model.network.outputs(forTokens: tokens), tokens.dropFirst()).map { $0[Int($1)] }
    }
    for (own, known) in zip(try losses(started), try losses(model)) { #expect(abs(own - known) < 1e-6) }
  }

  @Test func newSymbolsAreSaidAndGoneOnesDropped() throws {
    let model = try LanguageModel.train(
      contentsOf: text(),
      configure: {
        Self.small(&$0); $0.task.sequence = 10
      }
    ).network
    let new = try text("new.txt") { "no. \($0 % 5) ging zu \($0 % 4)\n" }
    let (network, notes) = try beginning(TextTask(path: new), from: model)
    #expect(
      notes.last == "- 3 of 14 characters are new, with fresh weights: \"i\", \"u\", \"z\"; 5 of the model's 16 are dropped")
    #expect(network["layers.0.W_f"] == model["layers.0.W_f"])
  }

  @Test func labelsOfTextsKeepAll() throws {
    let model = try Classifier.train(contentsOf: labels(), configure: { Self.small(&$0) }).network
    let (network, notes) = try beginning(ClassifyTask(path: labels()), from: model)
    #expect(network.parameters == model.parameters, "\(notes)")
    #expect(notes.suffix(1) == ["- the model knows all 2 labels"])
    let (other, said) = try beginning(ClassifyTask(path: labels("new.csv", ["b", "c", "a"])), from: model)
    #expect(said.suffix(1) == ["- 1 of 3 labels is new, with fresh weights: \"c\""])
    let rows = (try #require(other["output.weight"]), try #require(model["output.weight"]))
    #expect(rows.0.prefix(8) == rows.1.prefix(8) && other["output.bias"]?[2] == 0)
  }

  /// Numbers stay scaled as the model has them, whatever their size is now; a new column has a scaling of its own.
  @Test func labelsOfNumbersKeepTheirScaling() throws {
    func task(_ path: String) -> ClassifyTask {
      var task = ClassifyTask(path: path)
      (task.group, task.target) = ("recording", ["activity"])
      return task
    }
    let model = try Classifier.train(
      contentsOf: motions(),
      configure: {
        Self.small(&$0); ($0.task.group, $0.task.target) = ("recording", ["activity"])
      })
    let (network, _) = try beginning(task(motions("new.csv", scale: 3)), from: model.network)
    let started = try Classifier(network)
    let read: [[Float]] = [[3, 60], [7, 51], [1, 55]]
    #expect(network.parameters == model.network.parameters)
    #expect(try started.predict(read) == model.predict(read))

    let wide = try beginning(task(motions("wide.csv", columns: ["y", "z", "x"], scale: 3)), from: model.network) {
      $0.task.columns = ["y", "z", "x"]
    }
    #expect(wide.notes.contains("- 1 of 3 inputs is new, with fresh weights: \"z\""), "\(wide.notes)")
    let (own, known) = (try description(wide.network).scaling, try description(model.network).scaling)
    #expect(own[0] == known[1] && own[2] == known[0] && own[1].mean > 100)
  }

  private func description(_ network: Network) throws -> ClassifierDescription {
    try ClassifierDescription(of: network, path: "")
  }

  @Test func tagsKeepAll() throws {
    let model = try Tagger.train(
      contentsOf: tags(),
      configure: {
        Self.small(&$0); ($0.task.embedding, $0.task.characterUnits, $0.task.characterEmbedding) = (4, 3, 3)
      }
    ).network
    // The same sentences are held out, so that words have the same order.
    let (network, notes) = try beginning(TagTask(path: tags()), from: model) { $0.training.seed = 3 }
    #expect(network.parameters == model.parameters, "\(notes)")
    let (other, said) = try beginning(TagTask(path: tags("new.tsv") { "rat\($0 % 6)" }), from: model)
    #expect(other.architecture.layers == model.architecture.layers)
    #expect(said.contains { $0.contains("words are new") } && said.contains { $0.contains("characters are new") }, "\(said)")
  }

  /// Newer data of the same series: forecasts are the same numbers.
  @Test func seriesKeepAll() throws {
    let old = try sales("old.csv", stores: ["north", "south"])
    let model = try Forecaster.train(
      on: DataTable(path: old), target: "units", horizon: 3,
      configure: {
        Self.small(&$0); $0.task.seriesEmbedding = 2
      })
    let new = try sales("new.csv", stores: ["north", "south"], days: 20..<90)
    let (network, notes) = try beginning(ForecastTask(path: new), from: model.network)
    let started = try Forecaster(network)
    #expect(network.parameters == model.network.parameters, "\(notes)")
    #expect(notes.contains("- the model knows all 2 series") && notes.contains("- 2 of 2 series are scaled as the model does it"))
    func forecasts(_ forecaster: Forecaster) throws -> [[Double]] {
      try forecaster.forecast(DataTable(path: old), horizon: 3).map { $0.steps.map(\.median) }
    }
    #expect(try forecasts(started) == forecasts(model))
  }

  /// A new series has a scaling and a learned vector of its own, a new column inputs of its own.
  @Test func newSeriesAndColumnsAreSaid() throws {
    let model = try Forecaster.train(
      on: DataTable(path: sales("old.csv", stores: ["north", "south"])), target: "units", horizon: 3,
      configure: {
        Self.small(&$0); $0.task.seriesEmbedding = 2
      })
    let new = try sales("new.csv", stores: ["west", "south"], price: true)
    let (network, notes) = try beginning(ForecastTask(path: new), from: model.network) { $0.task.known = ["price"] }
    let (own, known) = (try Forecaster(network).description, model.description)
    #expect(
      own.seriesScaling["south"] == known.seriesScaling["south"] && own.seriesScaling["north"] == known.seriesScaling["north"])
    #expect(own.seriesScaling["west"] != nil && own.scaling == known.scaling)
    #expect(notes.contains("- 1 of 2 series is new, with fresh weights: \"west\"; 1 of the model's 2 is dropped"), "\(notes)")
    #expect(
      notes.contains { $0.hasPrefix("- 1 of ") && $0.hasSuffix(" inputs is new, with fresh weights: \"price, known ahead\"") })
    let count = try #require(network.architecture.input.encoding.parts.last?.width)
    #expect(own.inputNames.count == count)
  }

  /// A series without a name is taken for the one that the model knows, and if it looks like another one, that is said.
  @Test func aSeriesOfAnotherSizeIsSaid() throws {
    let rows = { (size: Int) in "step,units\n" + (0..<60).map { "\($0),\(size * (20 + $0 * $0 % 7))\n" }.joined() }
    let model = try Forecaster.train(
      on: DataTable(path: file("old.csv", rows(1))), target: "units", horizon: 3, configure: { Self.small(&$0) })
    let (_, notes) = try beginning(ForecastTask(path: file("new.csv", rows(100))), from: model.network)
    #expect(notes.contains { $0.hasPrefix("- units is far from what the model knows: a mean of ") }, "\(notes)")
    let (same, said) = try beginning(ForecastTask(path: file("same.csv", rows(1))), from: model.network)
    #expect(same.parameters == model.network.parameters && !said.contains { $0.contains("far from") }, "\(said)")
  }

  /// Layers of another system have neither names nor an output of their own.
  @Test func layersOfAnotherSystemAreAStart() throws {
    func layers(_ input: Architecture.Input) throws -> Network {
      try Network(input: input, layers: [.init(.gru, units: 3), .init(.lstm, units: 5)], output: .lastLayer, seed: 8)
    }
    var task = ClassifyTask(path: try motions())
    (task.group, task.target) = ("recording", ["activity"])
    let model = try layers(.features(2))
    let (network, notes) = try beginning(task, from: model) { $0.task.readout = .mean }
    #expect(network.architecture.layers == model.architecture.layers && network.architecture.readout == .mean)
    #expect(Array(network.parameters.prefix(model.parameters.count)) == model.parameters)
    #expect(
      notes.suffix(2) == [
        "- the model has no names for the numbers that it reads: they are taken in the order x, y",
        "- the model gives something else: the head begins with fresh weights",
      ], "\(notes)")
    let other = try layers(.features(3))
    let error = #expect(throws: RecurrentError.self) { try beginning(task, from: other) }
    #expect(
      error?.description
        == "runs/old reads 3 features at each step, and the network to be trained 2 features at each step: it can't be the start")
    let asked = #expect(throws: RecurrentError.self) { try beginning(task, from: model) { $0.network.units = 3 } }
    #expect(asked?.description == "units is said of all layers, and those of runs/old differ: leave it out")

    let characters = try Vocabulary(kind: .characters, symbols: ["\n", " ", "n", "o"])
    let text = try layers(.tokens(characters, embedding: 2))
    let (language, _) = try beginning(TextTask(path: self.text()), from: text)
    #expect(language.architecture.vocabulary?.count == 16 && language["layers.1.W_f"] == text["layers.1.W_f"])
  }

  // MARK: Something is trained

  /// A training from a model that is stopped, whose model is gone, goes on to the same bits; frozen parts keep theirs.
  private func check<Model: TrainedModel>(
    old: Model, part: String,
    _ train: (_ folder: String?, _ start: String, _ isCancelled: () -> Bool, _ progress: (TrainingProgress) -> Void) throws ->
      Model
  ) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/old.safetensors"
    try old.save(to: path)
    let whole = try train(nil, path, { false }, { _ in })
    var done = 0
    #expect(throws: CancellationError.self) {
      _ = try train(folder + "/run", path, { done == 10 }, { done = $0.iteration })
    }
    try FileManager.default.removeItem(atPath: path)
    let resumed = try Model.train(resuming: folder + "/run")
    #expect(resumed.network.parameters == whole.network.parameters)
    let options = try #require(TrainingOptions(metadata: Safetensors(contentsOf: folder + "/run/model.safetensors").metadata))
    #expect(options.start == TrainingStart(old.network, name: path) && options.frozen == [part])
    let page = try String(contentsOfFile: folder + "/run/report.html", encoding: .utf8)
    #expect(page.contains(old.network.digest.digits) && page.contains("Started from") && page.contains("Frozen"))
    for (name, ranges) in old.network.layout.parts {
      let kept = ranges.allSatisfy { resumed.network.parameters[$0] == old.network.parameters[$0] }
      #expect(kept == (name == part), "\(name)")
    }
  }

  private static func further<Known>(_ recipe: inout Recipe<Known>, _ start: String, freeze part: String) {
    (recipe.training.batch, recipe.training.seed, recipe.training.iterations, recipe.training.validateEvery) = (4, 9, 20, 5)
    (recipe.network.from, recipe.training.freeze) = (start, [part])
    // Without this a validation could keep weights of before the last iteration, which is no matter here.
    recipe.training.learningRate = 0.01
  }

  @Test func textsGoOn() throws {
    let (path, machine) = (try text(), try Machine(threads: 1))
    let old = try LanguageModel.train(
      contentsOf: path, machine: machine,
      configure: {
        Self.small(&$0); $0.task.sequence = 10
      })
    try check(old: old, part: "embedding") { folder, start, isCancelled, progress in
      try LanguageModel.train(
        contentsOf: path, folder: folder, machine: machine, progress: progress,
        configure: {
          Self.further(&$0, start, freeze: "embedding"); $0.task.sequence = 10
        }, isCancelled: isCancelled)
    }
  }

  @Test func labelsGoOn() throws {
    let (path, machine) = (try labels(), try Machine(threads: 1))
    let old = try Classifier.train(contentsOf: path, machine: machine, configure: { Self.small(&$0) })
    try check(old: old, part: "head") { folder, start, isCancelled, progress in
      try Classifier.train(
        contentsOf: path, folder: folder, machine: machine, progress: progress,
        configure: { Self.further(&$0, start, freeze: "head") }, isCancelled: isCancelled)
    }
  }

  @Test func tagsGoOn() throws {
    let (path, machine) = (try tags(), try Machine(threads: 1))
    let old = try Tagger.train(
      contentsOf: path, machine: machine,
      configure: {
        Self.small(&$0); ($0.task.embedding, $0.task.characterUnits, $0.task.characterEmbedding) = (4, 3, 3)
      })
    try check(old: old, part: "spelling") { folder, start, isCancelled, progress in
      try Tagger.train(
        contentsOf: path, folder: folder, machine: machine, progress: progress,
        configure: { Self.further(&$0, start, freeze: "spelling") }, isCancelled: isCancelled)
    }
  }

  @Test func seriesGoOn() throws {
    let (path, machine) = (try sales("sales.csv", stores: ["north", "south"]), try Machine(threads: 1))
    let old = try Forecaster.train(
      on: DataTable(path: path), target: "units", horizon: 3, machine: machine, configure: { Self.small(&$0) })
    try check(old: old, part: "layer1") { folder, start, isCancelled, progress in
      try Forecaster.train(
        on: DataTable(path: path), folder: folder, machine: machine, progress: progress,
        configure: { Self.further(&$0, start, freeze: "layer1") }, isCancelled: isCancelled)
    }
  }

  /// A model in memory is a start like one in a file, with any number of threads.
  @Test func aModelInMemoryIsAStart() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try text()
    let old = try LanguageModel.train(
      contentsOf: path,
      configure: {
        Self.small(&$0); $0.task.sequence = 10
      })
    try old.save(to: folder + "/old.safetensors")
    func further(_ recipe: inout Recipe<TextTask>) {
      (recipe.training.batch, recipe.training.iterations, recipe.training.validateEvery, recipe.task.sequence) = (4, 12, 4, 10)
    }
    let inMemory = try LanguageModel.train(contentsOf: path, from: old, machine: Machine(threads: 2), configure: further)
    let ofFile = try LanguageModel.train(
      contentsOf: path, machine: Machine(threads: 1),
      configure: {
        further(&$0)
        $0.network.from = folder + "/old.safetensors"
      })
    #expect(inMemory.network.parameters == ofFile.network.parameters && inMemory.network.parameters != old.network.parameters)
    let error = #expect(throws: RecurrentError.self) {
      try LanguageModel.train(on: "a text", from: old, configure: { $0.network.from = "runs/old" })
    }
    #expect(
      error?.description
        == "the model to start from is given in memory, and the recipe names one, too (from): leave one out")
  }
}
