import Classification
import Engine
import Foundation
import Models
import Networks
import Sequences
import Support
import Tables
import TaskKit
import Testing
import Training

/// What a program does with classifiers, without files and without the command.
struct LibraryTests {
  /// Words whose last letter is their label.
  private static let words =
    ["kala", "mira", "tosa", "vena", "runo", "belo", "karo", "timo"].flatMap { word in
      ["", "ka", "lo", "mi", "ne", "ta"].map { $0 + word }
    }
  private static let endings = words.map { String($0.suffix(1)) }

  /// Sequences of one number a step that rise or fall.
  private static let slopes: [[Float]] = (0..<24).map { number in
    (0..<(number % 3 + 3)).map { number.isMultiple(of: 2) ? Float($0) : -Float($0) }
  }
  private static let directions = (0..<24).map { $0.isMultiple(of: 2) ? "up" : "down" }

  private static func small(_ recipe: inout Recipe<ClassifyTask>) {
    (recipe.network.units, recipe.training.learningRate, recipe.training.seed) = (6, 0.02, 3)
    (recipe.training.iterations, recipe.training.validateEvery) = (200, 20)
  }

  @Test func textsAreLearnedFromArrays() throws {
    var losses: [Double] = []
    let classifier = try Classifier.train(on: Self.words, labels: Self.endings, machine: Machine(threads: 1)) { report in
      if let loss = report.validation { losses.append(loss) }
    } configure: {
      Self.small(&$0)
    }
    #expect(losses.count == 10 && (losses.min() ?? 1) < 0.1)
    let found = try classifier.predict("sola")
    #expect(found.label == "a" && found.labels == ["a"] && found.probability > 0.5)
    #expect(Set(found.probabilities.keys) == ["a", "o"] && found.probabilities["a"] == found.probability)
    // Two numbers that softmax rounds to Floats.
    #expect(abs(found.probabilities.values.reduce(0, +) - 1) < 2 * 0x1p-23)
    #expect(try classifier.predict(["zilo", "sola"]).map(\.label) == ["o", "a"])
    #expect(try classifier.predict([String]()).isEmpty)

    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try classifier.save(to: path)
    #expect(try Classifier(contentsOf: path).predict("sola") == found)
  }

  @Test func sequencesOfNumbersAreLearnedFromArrays() throws {
    let plain = try Classifier.train(
      on: Self.slopes, labels: Self.directions, machine: Machine(threads: 1), configure: Self.small)
    #expect(try plain.predict([0, 1, 2, 3] as [Float]).label == "up")
    #expect(try plain.predict([[0], [-1], [-2]] as [[Float]]).label == "down")
    // A second number that says nothing.
    let wide = Self.slopes.enumerated().map { place, steps in steps.map { [$0, Float(place % 5)] } }
    let classifier = try Classifier.train(on: wide, labels: Self.directions, machine: Machine(threads: 1), configure: Self.small)
    #expect(try classifier.predict([[[0, 1], [1, 1], [2, 1]], [[0, 1], [-1, 1]]]).map(\.label) == ["up", "down"])
  }

  /// One label, both or none.
  @Test func aTextMayHaveSeveralLabels() throws {
    let texts = (0..<48).map { "\($0 % 2 == 1 ? "sea" : "sky") \($0 / 2 % 2 == 1 ? "gold" : "tin") \($0 % 5) \($0 % 7)" }
    let labels = (0..<48).map { [$0 % 2 == 1 ? "sea" : nil, $0 / 2 % 2 == 1 ? "trade" : nil].compactMap(\.self) }
    let classifier = try Classifier.train(
      on: texts, labels: labels, machine: Machine(threads: 1),
      configure: {
        Self.small(&$0)
        $0.task.tokens = .words
      })
    #expect(
      try classifier.predict(["sky tin 1 1", "sea tin 1 1", "sky gold 1 1", "sea gold 1 1"]).map(\.labels) == [
        [], ["sea"], ["trade"], ["sea", "trade"],
      ])
  }

  /// The same words in a file and in memory give the same weights.
  @Test func aFileAndArraysAreLearnedAlike() throws {
    func few(_ recipe: inout Recipe<ClassifyTask>) {
      Self.small(&recipe)
      recipe.training.iterations = 20
    }
    let rows = zip(Self.words, Self.endings).map { "\($0),\($1)\n" }.joined()
    let fromFile = try withFile("text,label\n" + rows) { path in
      try Classifier.train(contentsOf: path, machine: Machine(threads: 1), configure: few)
    }
    let fromMemory = try Classifier.train(on: Self.words, labels: Self.endings, machine: Machine(threads: 1), configure: few)
    #expect(fromFile.network.parameters == fromMemory.network.parameters)
    // What is in memory is not written in any way.
    var description = fromFile.description
    #expect(description.dialect?.delimiter == .comma)
    description.dialect = nil
    #expect(description == fromMemory.description)
  }

  /// A run that was cancelled goes on from its folder to the weights of one that never stopped.
  @Test func aCancelledTrainingGoesOn() throws {
    func few(_ recipe: inout Recipe<ClassifyTask>) {
      Self.small(&recipe)
      (recipe.training.iterations, recipe.training.validateEvery) = (40, 10)
    }
    let rows = zip(Self.words, Self.endings).map { "\($0),\($1)\n" }.joined()
    try withFile("text,label\n" + rows) { path in
      let whole = try Classifier.train(contentsOf: path, machine: Machine(threads: 1), configure: few)
      var iterations = 0
      #expect(throws: CancellationError.self) {
        _ = try Classifier.train(
          contentsOf: path, folder: path + "-run", machine: Machine(threads: 1), progress: { iterations = $0.iteration },
          configure: few,
          isCancelled: { iterations == 20 })
      }
      let resumed = try Classifier.train(resuming: path + "-run")
      #expect(resumed.network.parameters == whole.network.parameters)
      #expect(FileManager.default.fileExists(atPath: path + "-run/report.html"))
    }
  }

  @Test func aCancelledTaskStopsATraining() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try Classifier.train(on: Self.words, labels: Self.endings, machine: Machine(threads: 1), configure: Self.small)
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func aRunOfArraysCanNotGoOn() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try Classifier.train(
      on: Self.words, labels: Self.endings, folder: folder, machine: Machine(threads: 1),
      configure: {
        Self.small(&$0)
        $0.training.iterations = 2
      })
    let error = #expect(throws: RecurrentError.self) { try Classifier.train(resuming: folder) }
    #expect(error?.description == "the run trains on sequences in memory, which are gone: begin anew")
  }

  private static let mistakes: [(@Sendable () throws -> Void, String)] = [
    (
      { _ = try Classifier.train(on: ["a", "b"], labels: ["x"]) },
      "there are 2 sequences and labels of 1: give the labels of each sequence"
    ),
    ({ _ = try Classifier.train(on: [String](), labels: [String]()) }, "there are no sequences to train on"),
    (
      { _ = try Classifier.train(on: ["a", "b"], labels: ["x", ""]) },
      "sequence 2: its label is empty; each sequence needs a label"
    ),
    (
      { _ = try Classifier.train(on: ["a", "b"], labels: ["x", "x"]) },
      "the data: “x” is the label of all sequences, so there is nothing to tell apart"
    ),
    (
      { _ = try Classifier.train(on: [[[1, 2], [3]], [[1, 2]]], labels: ["x", "y"]) },
      "sequence 1, step 2: it has 1 numbers, and 2 are expected at each step"
    ),
    (
      { _ = try Classifier.train(on: [[1, .nan, 3], [1]], labels: ["x", "y"]) },
      "sequence 1, step 2, number 1: the number is missing; put it in, leave the sequence out, or give missing interpolate or missing mask"
    ),
    (
      { _ = try Classifier.train(on: [[1, .infinity, 3], [1]], labels: ["x", "y"]) },
      "sequence 1, step 2: a number is infinite; give finite ones"
    ),
    (
      { _ = try Classifier.train(on: ["a", "b"], labels: ["x", "y"], configure: { $0.task.readout = .everyStep }) },
      "readout is \"every-step\"; expected last, mean or max"
    ),
    (
      { _ = try Classifier.train(on: [[1, 2], [1]], labels: ["x", "y"], configure: { $0.task.tokens = .words }) },
      "tokens is for texts, and the data has sequences of numbers: leave it out"
    ),
  ]

  @Test(arguments: mistakes.indices)
  func whatIsWrongWithArraysIsNamed(place: Int) {
    let (train, message) = Self.mistakes[place]
    let error = #expect(throws: RecurrentError.self) { try train() }
    #expect(error?.description == message)
  }

  @Test func whatAClassifierDoesNotReadIsNamed() throws {
    func few(_ recipe: inout Recipe<ClassifyTask>) {
      Self.small(&recipe)
      recipe.training.iterations = 1
    }
    let texts = try Classifier.train(on: Self.words, labels: Self.endings, machine: Machine(threads: 1), configure: few)
    let numbers = try Classifier.train(on: Self.slopes, labels: Self.directions, machine: Machine(threads: 1), configure: few)
    func message(_ predict: () throws -> Void) -> String? {
      #expect(throws: RecurrentError.self) { try predict() }?.description
    }
    #expect(message { _ = try texts.predict("") } == "the text has nothing in it to read")
    #expect(message { _ = try texts.predict([[1]] as [[Float]]) } == "the model reads texts, and not sequences of numbers")
    #expect(message { _ = try numbers.predict("a") } == "the model reads sequences of 1 numbers a step, and not texts")
    #expect(message { _ = try numbers.predict([] as [Float]) } == "the sequence has no steps; give it at least one")
    #expect(
      message { _ = try numbers.predict([[[1]], [[1, 2]]]) }
        == "sequence 2, step 1: it has 2 numbers, and 1 are expected at each step")
  }
}
