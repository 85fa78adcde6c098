import CellLanguage
import Classification
import Engine
import Foundation
import Models
import Networks
import Sequences
import Support
import Tables
import Tagging
import TaskKit
import Testing
import Training

struct ClassificationDataTests {
  /// Sequences of two numbers a step with the labels 1, 2 and 10, rarer and rarer; the first number tells them apart.
  static let table =
    "id,x,y,label\n"
    + (0..<60).map { sequence in
      let label = sequence % 10 == 0 ? 10 : sequence % 3 == 0 ? 2 : 1
      return (0..<(sequence * 7 % 9 + 1)).map { "\(sequence),\(label * 100 + $0),\(sequence % 5),\(label)\n" }.joined()
    }.joined()

  static let form = SequenceForm(.rows(columns: ["x", "y"], group: "id"), labels: ["label"])
  static let reading = ClassificationData.Reading(tokens: nil, words: 1000, embedding: 4)

  static func split(_ validation: Double = 0.2) -> DataSplit { DataSplit(validation: validation, batch: 8, seed: 4) }

  private func data(
    _ text: String = table, _ form: SequenceForm = form, _ split: DataSplit = split(), isBalanced: Bool = false
  ) throws -> ClassificationData {
    try withFile(text) { path in
      try ClassificationData(
        SequenceFile(TableFile(path), form: form), reading: Self.reading, split: split, isBalanced: isBalanced)
    }
  }

  /// What identifies a sequence: its first row's numbers, its length and its class.
  private func sequences(_ batch: Batch) -> [String] {
    guard let values = batch.inputs.numbers, case .classes(let classes) = batch.targets else { return [] }
    return batch.lengths.perSequence.enumerated().map { sequence, length in
      (0..<length).map { step in
        let row = batch.lengths.row(step: step, sequence: sequence)
        return "\(values[2 * row]) \(values[2 * row + 1])"
      }.joined(separator: ",") + ": \(classes[sequence])"
    }
  }

  @Test func anEpochHasEachSequenceOnce() throws {
    let source = try data().training
    let count = try #require(source.iterationsPerEpoch)
    func epoch(_ number: Int) -> [[String]] { (0..<count).map { sequences(source.batch(at: number * count + $0)) } }
    let (first, second) = (epoch(0), epoch(1))
    #expect(first.joined().count == source.count)
    #expect(first.joined().sorted() == second.joined().sorted())
    #expect(first != second)
    #expect(first.flatMap { $0 } == epoch(0).flatMap { $0 }, "a batch depends on its number only")
    for index in 0..<count {
      let lengths = source.batch(at: index).lengths.perSequence
      #expect(lengths == lengths.sorted(by: >))
    }
  }

  /// A share of each label, and nothing that is trained on; numbers get their mean and deviation from what is trained on.
  @Test func eachLabelIsHeldOutInTheSameFraction() throws {
    let data = try data()
    let validation = try #require(data.validation)
    #expect(data.description.labels == ["1", "2", "10"])
    #expect(data.description.counts == [29, 14, 5] && validation.count == 12)
    let held = (0..<(validation.iterationsPerEpoch ?? 0)).flatMap { sequences(validation.batch(at: $0)) }
    #expect((0..<3).map { label in held.count { $0.hasSuffix(": \(label)") } } == [7, 4, 1])
    let all = (0..<(data.training.iterationsPerEpoch ?? 0)).flatMap { index -> [Float] in
      guard let values = data.training.batch(at: index).inputs.numbers else { return [] }
      return stride(from: 0, to: values.count, by: 2).map { values[$0] }
    }
    let mean = all.reduce(0) { $0 + Double($1) } / Double(all.count)
    let variance = all.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(all.count)
    // Each number is rounded to a Float once.
    #expect(abs(mean) < 1e-6 && abs(variance - 1) < 1e-5)
    let again = try self.data()
    #expect(again.digest == data.digest)
    #expect(try self.data(Self.table.replacingOccurrences(of: ",105,", with: ",106,")).digest != data.digest)
  }

  /// Times in seconds are too large for a Float to tell one from the next; what the network reads is their difference from the mean.
  @Test func largeNumbersAreScaledBeforeTheyAreRounded() throws {
    let rows = (0..<20).map { sequence in
      (0..<4).map { "\(sequence),\(1_700_000_000 + (sequence % 2 == 0 ? $0 : 3 - $0)),0,\(sequence % 2)\n" }.joined()
    }
    let data = try data("id,x,y,label\n" + rows.joined(), Self.form, Self.split(0))
    let batch = data.training.batch(at: 0)
    let values = try #require(batch.inputs.numbers)
    // 0, 1, 2 and 3 about their mean, by their deviation.
    let expected = [-1.5, -0.5, 0.5, 1.5].map { Float($0 / 1.25.squareRoot()) }
    let read = Set(stride(from: 0, to: values.count, by: 2).map { values[$0] })
    #expect(read.count == 4)
    // The mean of numbers of this size is known to 2⁻²³.
    #expect(zip(read.sorted(), expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func balancedLabelsCountTheSame() throws {
    let source = try data(Self.table, Self.form, isBalanced: true).training
    var sums = [Float](repeating: 0, count: 3)
    for index in 0..<(source.iterationsPerEpoch ?? 0) {
      guard case .weightedClasses(let classes, let weights) = source.batch(at: index).targets else { continue }
      for (label, weight) in zip(classes, weights) { sums[Int(label)] += weight }
    }
    // A third of 48 each; a sum of at most 32 numbers rounds as often.
    #expect(sums.allSatisfy { abs($0 - 16) <= 32 * 0x1p-24 * 16 })
  }

  /// The same sequences held out and measured at the end weigh the same.
  @Test(arguments: [false, true])
  func whatIsMeasuredCountsWhatIsHeldOutCounts(isBalanced: Bool) throws {
    try withFile(Self.table) { path in
      let file = try SequenceFile(TableFile(path), form: Self.form)
      let data = try ClassificationData(
        file, heldOut: file, reading: Self.reading, split: Self.split(), isBalanced: isBalanced)
      func sum(_ source: SequenceSource) -> Float {
        (0..<(source.iterationsPerEpoch ?? 0)).reduce(0) { sum, index in
          switch source.batch(at: index).targets {
          case .weightedClasses(let classes, let weights):
            sum + zip(classes, weights).reduce(0) { $0 + ($1.0 == 2 ? $1.1 : 0) }
          case .classes(let classes): sum + Float(classes.count { $0 == 2 })
          default: .nan
          }
        }
      }
      // Six of sixty have the rarest of three labels.
      #expect(sum(try #require(data.validation)) == (isBalanced ? 20 : 6))
      #expect(sum(try data.source(of: path)) == (isBalanced ? 20 : 6))
    }
  }

  @Test func rareCharactersAndWordsAreOneSymbol() throws {
    let texts = "text,label\nabba,x\nab,x\nabc,y\n"
    let characters = try data(texts, SequenceForm(.text(column: "text"), labels: ["label"]), Self.split(0))
    let read = try #require(characters.input.encoding as? TokensInput)
    let (vocabulary, embedding) = (read.vocabulary, read.embedding)
    #expect(vocabulary.kind == .characters && vocabulary.symbols == ["a", "b", "\u{FFFD}"] && embedding == 4)
    let batch = characters.training.batch(at: 0)
    let tokens = try #require(batch.inputs.symbols)
    #expect(batch.lengths.perSequence == [4, 3, 2] && tokens.sorted() == [0, 0, 0, 0, 1, 1, 1, 1, 2])
    let words = try data(
      "text,label\nit rains a lot,x\nit snows a lot,y\n", SequenceForm(.text(column: "text"), labels: ["label"]), Self.split(0))
    let known = try #require(words.input.encoding as? TokensInput).vocabulary
    #expect(known.kind == .words && Set(known.symbols) == ["<unk>", "\n", "it", "a", "lot"])
    let symbols = try #require(words.training.batch(at: 0).inputs.symbols)
    #expect(symbols.count { $0 == 0 } == 2 && symbols.count == 8)
  }

  @Test(arguments: [
    (
      "id,x,y,label\n1,1,2,a\n2,1,2,a\n",
      "t.csv, column label: “a” is the label of all sequences, so there is nothing to tell apart"
    ),
    ("id,x,y,label\n", "t.csv has no sequences"),
  ])
  func whatIsWrongIsNamed(text: String, message: String) {
    #expect(throws: Refusal(text: message)) { _ = try data(text) }
  }

  @Test func anUnseenLabelIsNamed() throws {
    let message = "other.csv, line 2, column label: “3” is not one of the labels that were trained on, which are 1, 2, 10"
    #expect(throws: Refusal(text: message)) {
      try withFile(Self.table) { path in
        try withFile("id,x,y,label\n1,2,3,3\n", name: "other.csv") { other in
          _ = try ClassificationData(
            SequenceFile(TableFile(path), form: Self.form), heldOut: SequenceFile(TableFile(other), form: Self.form),
            reading: Self.reading, split: Self.split())
        }
      }
    }
  }

  /// In place of a missing number stands the mean of all, and a 0 beside it.
  @Test func whatIsMaskedIsTold() throws {
    let text = "id,x,y,label\n1,3,5,a\n1,,6,a\n2,1,,b\n"
    let form = SequenceForm(.rows(columns: ["x", "y"], group: "id"), labels: ["label"], missing: .mask)
    let data = try data(text, form, Self.split(0))
    #expect(data.input == .features(4))
    #expect(data.description.scaling == [Scaling(mean: 2, deviation: 1), Scaling(mean: 5.5, deviation: 0.5)])
    let values = try #require(data.training.batch(at: 0).inputs.numbers)
    #expect(values == [1, -1, 1, 1, -1, 0, 1, 0, 0, 1, 0, 1])
  }

  /// What was done in training is done again, unless somebody says otherwise.
  @Test func aModelKnowsWhatToDoAboutMissingNumbers() throws {
    let gaps = Self.table.replacingOccurrences(of: ",105,", with: ",,")
    for policy in [MissingPolicy.interpolate, .mask] {
      var form = Self.form
      form.missing = policy
      let data = try data(gaps, form)
      var network = try Network(input: data.input, layers: [.init(.gru, units: 5)], readout: .mean, output: .classes(3), seed: 3)
      network.meaning = data.description.text
      let classifier = try Classifier(network, path: "model")
      #expect(classifier.description.form.missing == policy)
      let machine = try Machine(threads: 1)
      try withFile(gaps) { path in
        let (scores, repairs) = try classifier.scores(path, machine: machine)
        #expect(scores.count == 60 && repairs.count == 1 && repairs[0].contains(policy == .mask ? "masked" : "interpolated"))
        #expect(try classifier.scores(path, missing: .interpolate, machine: machine).repairs[0].contains("interpolated"))
      }
      if policy == .interpolate {
        let message =
          "the model was trained without missing mask, so that it reads no mask of what is missing: give missing interpolate"
        #expect(throws: Refusal(text: message)) {
          try withFile(gaps) { try classifier.scores($0, missing: .mask, machine: machine) }
        }
      }
    }
  }

  /// A model that is saved and loaded says the same of each sequence, together with others or alone.
  @Test(arguments: [false, true])
  func aSavedModelSaysTheSame(isMultiple: Bool) throws {
    let form = SequenceForm(.rows(columns: ["x", "y"], group: "id"), labels: ["label"], separator: isMultiple ? ";" : nil)
    let data = try data(Self.table, form)
    var network = try Network(
      input: data.input, layers: [.init(.gru, units: 5)], readout: .mean,
      output: isMultiple ? .distribution(.bernoulli, targets: 3) : .classes(3), seed: 3)
    network.meaning = data.description.text
    let machine = try Machine(threads: 1)
    try withFile(Self.table) { path in
      try network.save(to: path + ".safetensors")
      let classifier = try Classifier(contentsOf: path + ".safetensors")
      #expect(classifier.description == data.description)
      let runner = ClassifierRunner(classifier, machine: machine)
      let contents = try SequenceFile(TableFile(path), form: form).sequences.map(\.content)
      let together = try runner.probabilities(contents).map { try #require($0) }
      for (content, expected) in zip(contents, together) {
        let alone = try #require(try runner.probabilities([content])[0])
        // A few hundred roundings of numbers below 1.
        #expect(zip(alone, expected).allSatisfy { abs($0 - $1) < 300 * 0x1p-24 })
        #expect(isMultiple || abs(alone.reduce(0, +) - 1) < 4 * 0x1p-24)
      }
      let (scores, repairs) = try classifier.scores(path, machine: machine)
      #expect(scores.count == 60 && repairs.isEmpty)
    }
  }
}

/// A message of an error, without the folder in which the file was.
struct Refusal: Error, Equatable { let text: String }

/// Writes a file, hands its path to `body`, and removes it. Errors of data come as ``Refusal``.
func withFile<Result>(_ text: String, name: String = "t.csv", _ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: name)
  try Data(text.utf8).write(to: file)
  do { return try body(file.path) } catch let error as RecurrentError {
    throw Refusal(text: error.description.replacingOccurrences(of: folder.path + "/", with: ""))
  }
}
