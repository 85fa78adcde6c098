import Engine
import Foundation
import Models
import Networks
import Support
import Tables
import Tagging
import TaskKit
import Testing
import Training

struct CRFTaggingTests {
  /// Names of one to three words. Whether a word goes on with a name is seen from the words before it only.
  private static let sentences: [[(word: String, tag: String)]] = (0..<90).map { number in
    let name = (0...number % 3).map { ("n\((number + $0) % 4)", $0 == 0 ? "B-name" : "I-name") }
    return [("we", "O"), ("saw", "O")] + name + (number.isMultiple(of: 2) ? [("there", "O")] : [])
  }

  private static func small(_ recipe: inout Recipe<TagTask>) {
    (recipe.network.units, recipe.training.batch, recipe.training.seed) = (8, 5, 3)
    (recipe.task.embedding, recipe.task.readsCharacters, recipe.task.hasCRF) = (6, false, true)
    (recipe.training.learningRate, recipe.training.iterations) = (0.02, 100)
  }

  private func train(
    _ folder: String? = nil, from model: Tagger? = nil, stop: Int? = nil, _ change: (inout Recipe<TagTask>) -> Void = { _ in }
  ) throws -> Tagger {
    var done = 0
    return try Tagger.train(
      on: Self.sentences, from: model, folder: folder, machine: Machine(threads: 1), progress: { done = $0.iteration },
      configure: { recipe in
        Self.small(&recipe)
        change(&recipe)
      }, isCancelled: { done == stop })
  }

  private func isRight(_ tags: [Tagger.Tag]) -> Bool {
    let names = tags.map(\.tag)
    return names.indices.allSatisfy { names[$0] != "I-name" || $0 > 0 && names[$0 - 1] != "O" }
  }

  @Test func tagsAreLearnedTogether() throws {
    let tagger = try train()
    #expect(tagger.network.architecture.output.head is CRFHead)
    let words = ["we", "saw", "n1", "n2", "there"]
    let tags = try tagger.tags(of: words)
    #expect(tags.map(\.tag) == ["O", "O", "B-name", "I-name", "O"])
    #expect(tags.allSatisfy { $0.probability > 0.5 && $0.probability <= 1 })
    // Whatever is read: nothing that can't be.
    for number in 0..<20 {
      let odd = (0..<6).map { ["n1", "there", "unheard", "we", "n3"][($0 * number + number) % 5] }
      #expect(try isRight(tagger.tags(of: odd)))
    }
    let read = try Tagger(bytes: tagger.bytes())
    #expect(try read.tags(of: words) == tags)
    let scores = try TaggingScores(
      tagger, TaggedSentences(Self.sentences), by: NetworkRunner(tagger.network, machine: Machine(threads: 1), trains: false))
    #expect(scores.entities?.all.count == 90 && scores.entities?.all.f1 ?? 0 > 0.95)
  }

  /// A run that was cancelled ends with the same bits, and a tagger with or without a CRF can be the start of one with it.
  @Test func itIsResumedAndStartedFrom() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "names.tsv").path
    let lines = Self.sentences.map { $0.map { "\($0.word)\t\($0.tag)\n" }.joined() }.joined(separator: "\n")
    try Data(lines.utf8).write(to: URL(filePath: path))
    func few(_ recipe: inout Recipe<TagTask>) {
      Self.small(&recipe)
      (recipe.training.iterations, recipe.training.validateEvery) = (30, 10)
    }
    let whole = try Tagger.train(contentsOf: path, machine: Machine(threads: 1), configure: few)
    let run = folder.appending(path: "run").path
    var done = 0
    #expect(throws: CancellationError.self) {
      _ = try Tagger.train(
        contentsOf: path, folder: run, machine: Machine(threads: 1), progress: { done = $0.iteration }, configure: few,
        isCancelled: { done == 20 })
    }
    #expect(try Tagger.train(resuming: run).network.parameters == whole.network.parameters)

    let further = try train(from: whole) { recipe in
      (recipe.task.hasCRF, recipe.training.iterations, recipe.training.learningRate) = (nil, 1, 1e-9)
    }
    // An iteration of Adam moves no weight by more than the rate.
    #expect(areClose(further.network.parameters, whole.network.parameters))
    #expect(further.network.architecture.output.head is CRFHead)
    let plain = try train { recipe in (recipe.task.hasCRF, recipe.training.iterations) = (nil, 20) }
    let start = try train(from: plain) { recipe in (recipe.training.iterations, recipe.training.learningRate) = (1, 1e-9) }
    #expect(areClose(start.network["output.weight"] ?? [], plain.network["output.weight"] ?? [1]))
    #expect(areClose(start.network["output.transitions"] ?? [], [Float](repeating: 0, count: 9)))
  }

  private func areClose(_ one: [Float], _ other: [Float]) -> Bool {
    one.count == other.count && zip(one, other).allSatisfy { abs($0 - $1) < 1e-6 }
  }

  @Test func whatCantBeIsRefused() throws {
    func message(_ body: () throws -> Void) -> String? { #expect(throws: RecurrentError.self) { try body() }?.description }
    #expect(
      message { _ = try train { $0.training.regularization.labelSmoothing = 0.1 } }
        == "the network scores whole sequences, and label smoothing (labelSmoothing) is for classes that are scored one by one: "
        + "leave it out")
    let data = try TaggingData(
      TaggedSentences(Self.sentences), heldOut: nil, split: .init(validation: 0.1, batch: 5, seed: 1), scoresTogether: true
    ) { try $0.input(.init()) }
    #expect(
      message { _ = try data.source(of: TaggedSentences([[("we", "O"), ("x", "I-name")]])) }
        == "sentence 1: “I-name” can't stand after “O”, as in the sentences that are trained on: correct it, or train without a CRF"
    )
  }
}
