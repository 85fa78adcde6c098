import Engine
import Foundation
import Models
import Networks
import Support
import Tables
import TaskKit
import Testing
import Training
import Transcription

struct TranscriberTests {
  private static func small(_ recipe: inout Recipe<TranscribeTask>) {
    (recipe.network.units, recipe.network.isBidirectional) = (12, false)
    (recipe.training.batch, recipe.training.seed) = (8, 3)
    (recipe.training.learningRate, recipe.training.iterations) = (0.03, 150)
  }

  private func lines(_ count: Int) -> String {
    let (sequences, symbols) = beeps(count)
    return zip(sequences, symbols).map { steps, symbols in
      let numbers = steps.map { "[\($0[0]), \($0[1])]" }.joined(separator: ", ")
      return "{\"steps\": [\(numbers)], \"symbols\": [\(symbols.map { "\"\($0)\"" }.joined(separator: ", "))]}\n"
    }.joined()
  }

  @Test func symbolsAreLearnedWithoutTheirPlaces() throws {
    let (sequences, symbols) = beeps(60)
    let machine = try Machine(threads: 1)
    let transcriber = try Transcriber.train(on: sequences, symbols: symbols, machine: machine, configure: Self.small)
    let found = try transcriber.transcribe(sequences, machine: machine)
    #expect(zip(found, symbols).count { $0.symbols == $1 } >= 58)
    #expect(try transcriber.transcribe(sequences, beam: 4, machine: machine).count == 60)
    // Where the symbols stand, in their order, and that the whole is no more probable than certain.
    for transcript in found {
      #expect(transcript.steps.count == transcript.symbols.count && transcript.logarithm <= 1e-6)
      #expect(zip(transcript.steps, transcript.steps.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound && !$0.isEmpty })
    }
    #expect(try transcriber.transcribe([], machine: machine).symbols.isEmpty)

    let stream = try transcriber.stream()
    for (sequence, transcript) in zip(sequences.prefix(6), found) {
      stream.reset()
      var changes: [[String]] = []
      for step in sequence where stream.read(step) { changes.append(stream.symbols) }
      #expect(stream.symbols == transcript.symbols && stream.steps == sequence.count)
      #expect(changes.map(\.count) == (0..<transcript.symbols.count).map { $0 + 1 })
    }
    let read = try Transcriber(bytes: transcriber.bytes())
    #expect(try read.transcribe(sequences[5], machine: machine) == found[5])
    let error = message { _ = try transcriber.transcribe([[1, 2], [3]], machine: machine) }
    #expect(error == "step 1 of sequence 0, counted from 0, has 1 numbers; the network reads 2")
  }

  /// The same sequences in a file and in memory give the same weights; a run that was cancelled goes on to them, too, and a model
  /// is the start of another training.
  @Test func aFileAndArraysAreLearnedAlike() throws {
    func few(_ recipe: inout Recipe<TranscribeTask>) {
      Self.small(&recipe)
      (recipe.training.iterations, recipe.training.validateEvery) = (30, 10)
    }
    let (sequences, symbols) = beeps(40)
    let machine = try Machine(threads: 1)
    try withFolder { folder in
      let path = folder + "/beeps.jsonl"
      try Data(lines(40).utf8).write(to: URL(filePath: path))
      let fromFile = try Transcriber.train(contentsOf: path, machine: machine, configure: few)
      let fromMemory = try Transcriber.train(on: sequences, symbols: symbols, machine: machine, configure: few)
      #expect(fromFile.network.parameters == fromMemory.network.parameters)
      var done = 0
      #expect(throws: CancellationError.self) {
        _ = try Transcriber.train(
          contentsOf: path, folder: folder + "/run", machine: machine, progress: { done = $0.iteration }, configure: few,
          isCancelled: { done == 20 })
      }
      #expect(try Transcriber.train(resuming: folder + "/run").network.parameters == fromFile.network.parameters)
      let others = symbols.map { $0.map { $0 == "high" ? "high" : "deep" } }
      let further = try Transcriber.train(
        on: sequences, symbols: others, from: fromFile, machine: machine,
        configure: { recipe in
          (recipe.training.iterations, recipe.training.learningRate) = (1, 1e-9)
        })
      #expect(further.network.architecture.layers == fromFile.network.architecture.layers)
      let scores = try TranscriptionScores(
        fromFile, Transcripts(contentsOf: path, TranscriptRequest()), machine: machine)
      #expect(scores.sequences == 40 && scores.symbols == symbols.joined().count)
      #expect(scores.errorRate == Double(scores.edits) / Double(scores.symbols))
    }
  }

  @Test func settingsMakeARecipeThatIsKeptAsJSON() throws {
    var recipe = Recipe(TranscribeTask(path: "t.jsonl"))
    let settings = [
      ("values", "a"), ("target", "b"), ("tokens", "words"), ("lengths", "l"), ("target-lengths", "c"),
      ("validation-file", "o.jsonl"),
    ]
    for (name, text) in settings {
      let field = try #require(Recipe<TranscribeTask>.fields.first { $0.setting.name == name })
      #expect(try !field.isSet(recipe) && field.set(text, &recipe) && field.isSet(recipe))
    }
    #expect(recipe.task.values == "a" && recipe.task.tokens == .words && recipe.task.targetLengths == "c")
  }

  @Test func whatIsWrongIsNamed() throws {
    let (sequences, symbols) = beeps(12)
    try withFolder { folder in
      let path = folder + "/beeps.jsonl"
      try Data(lines(12).utf8).write(to: URL(filePath: path))
      let other = folder + "/other.jsonl"
      try Data((lines(2) + #"{"steps": [[0, 0]], "symbols": ["beep"]}"#).utf8).write(to: URL(filePath: other))
      func train(_ path: String, _ change: (inout Recipe<TranscribeTask>) -> Void) -> String? {
        message { _ = try Transcriber.train(contentsOf: path, configure: { change(&$0) }) }
      }
      #expect(
        train(path) { $0.task.validationPath = other }
          == "other.jsonl, line 3: the symbol “beep” is not one of those that are trained on: high, low; correct it, or train on "
          + "sequences with it")
      #expect(
        train(path) { ($0.task.validationPath, $0.task.validation) = (other, 0.5) }
          == "give either validation or validationFile, not both")
      #expect(train(path) { $0.task.lengths = "l" } == "lengths is for the arrays of an .npz file: leave it out")
      #expect(
        message { _ = try Transcriber.train(on: [sequences[0]], symbols: [symbols[0]]) }
          == "the data has a single sequence, so that none can be held out: give more, or hold out nothing with validation 0")
      let two = try Transcriber.train(
        on: sequences, symbols: symbols, machine: Machine(threads: 1),
        configure: { recipe in
          Self.small(&recipe)
          (recipe.training.iterations, recipe.network.isBidirectional) = (1, true)
        })
      #expect(message { _ = try two.stream() }?.contains("reads each sequence from its last step") == true)
      try Data(#"{"steps": [[0]], "symbols": ["low"]}"#.utf8).write(to: URL(filePath: other))
      #expect(
        message { _ = try two.transcripts(other) } == "other.jsonl has 1 number a step, and the model reads 2")
    }
  }
}
