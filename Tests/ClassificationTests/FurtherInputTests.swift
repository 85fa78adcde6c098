import CellLanguage
import Classification
import Engine
import Models
import Networks
import Sequences
import Tables
import TaskKit
import Testing
import Training

/// What a classifier gives for rows with further inputs is what its network gives that is handed these by hand.
struct FurtherInputTests {
  /// Two numbers a step, some of which are missing, times, and one number for each sequence.
  private struct Sample {
    let numbers: [[Double]]
    let hours: [Double]
    let size: Double
  }

  private static let samples = (0..<12).map { sequence in
    let count = 3 + sequence % 3
    return Sample(
      numbers: (0..<count).map { step in
        [Double((step * 5 + sequence) % 7), (step + sequence) % 3 == 0 ? .nan : Double(step * (sequence % 2 == 0 ? 1 : -1))]
      }, hours: (0..<count).map { Double($0 * $0 + sequence) / 2 }, size: Double(sequence % 4))
  }

  private static let table =
    "id,x,y,hours,size,label\n"
    + samples.enumerated().map { place, sample in
      zip(sample.numbers, sample.hours).map { numbers, hours in
        "\(place),\(numbers[0]),\(numbers[1].isNaN ? "" : "\(numbers[1])"),\(hours),\(sample.size),\(place % 2 == 0 ? "up" : "down")\n"
      }.joined()
    }.joined()

  private func classifier(_ cell: Cell, elapsed: Bool, constants: Bool) throws -> Classifier {
    try withFile(Self.table) { path in
      try Classifier.train(
        contentsOf: path, machine: Machine(threads: 1),
        configure: { recipe in
          (recipe.task.group, recipe.task.target, recipe.task.columns, recipe.task.missing) = (
            "id", ["label"], ["x", "y"], .mask
          )
          if elapsed { recipe.task.elapsed = "hours" }
          if constants { recipe.task.static = ["size"] }
          (recipe.network.cell, recipe.network.units) = (CellText(cell), 4)
          (recipe.training.iterations, recipe.training.seed) = (3, 5)
        })
    }
  }

  /// The numbers of a sequence, scaled and with 0 for what is missing, and what cells may read beside them.
  private struct Rows {
    var values: [[Float]] = []
    var isThere: [[Float]] = []
    var elapsed: [Float] = []
    var ages: [[Float]] = []
    var size: Float = 0

    init(_ sample: Sample, _ scaling: [Scaling], elapsed time: Double) {
      var age: [Float] = [0, 0]
      for (step, numbers) in sample.numbers.enumerated() {
        values.append(zip(numbers, scaling).map { $0.isNaN ? 0 : Float($1.scaled($0)) })
        isThere.append(numbers.map { $0.isNaN ? 0 : 1 })
        elapsed.append(step == 0 ? 0 : Float((sample.hours[step] - sample.hours[step - 1]) / time))
        age = age.map { $0 + elapsed[step] }
        ages.append(age)
        for place in 0..<2 where !numbers[place].isNaN { age[place] = 0 }
      }
      size = scaling.last.map { Float($0.scaled(sample.size)) } ?? 0
    }
  }

  private func check(
    _ name: String, elapsed: Bool, constants: Bool, _ inputs: (Rows) -> (features: [[Float]], vectors: [[[Float]]])
  ) throws {
    let classifier = try classifier(Cell.named(name), elapsed: elapsed, constants: constants)
    let scaling = classifier.description.scaling
    let time = elapsed ? scaling[2].deviation : 1
    let contents = try withFile(Self.table) { path in
      let reader = try classifier.reader(TableFile(path), labels: false)
      return try reader.next(upTo: 100).map(\.content)
    }
    let given = try ClassifierRunner(classifier, machine: Machine(threads: 1)).probabilities(contents)
    let runner = NetworkRunner(classifier.network, machine: try Machine(threads: 1), trains: false)
    for (place, sample) in Self.samples.enumerated() {
      let (features, vectors) = inputs(Rows(sample, scaling, elapsed: time))
      let own: Batch.Inputs =
        vectors.isEmpty
        ? .features(features.flatMap(\.self)) : .features(features.flatMap(\.self), vectors: vectors.map { $0.flatMap(\.self) })
      let outputs = try runner.outputs(own, lengths: PackedLengths(sorted: [features.count]))
      let found = try #require(given[place])
      #expect(zip(outputs, found).allSatisfy { abs(Double($0) - $1) < 1e-6 }, "\(name), sequence \(place): \(outputs) \(found)")
    }
  }

  @Test func timesAndConstantsAreReadByName() throws {
    try check("t-lstm", elapsed: true, constants: true) { rows in
      let features = rows.values.indices.map { rows.values[$0] + rows.isThere[$0] + [rows.size] }
      return (features, [rows.elapsed.map { [$0] }])
    }
    try check("ea-lstm", elapsed: true, constants: true) { rows in
      let features = rows.values.indices.map { rows.values[$0] + rows.isThere[$0] + [rows.elapsed[$0]] }
      return (features, [rows.values.map { _ in [rows.size] }])
    }
  }

  @Test func whatIsMissingIsReadByNameWithItsAge() throws {
    try check("gru-d", elapsed: true, constants: true) { rows in
      let features = rows.values.indices.map { rows.values[$0] + [rows.size] }
      return (
        features, [rows.isThere.map { $0 + [1] }, rows.ages.indices.map { rows.ages[$0] + [rows.elapsed[$0]] }]
      )
    }
  }

  @Test func whatNoCellReadsByNameIsReadWithTheOthers() throws {
    try check("gru", elapsed: true, constants: true) { rows in
      (rows.values.indices.map { rows.values[$0] + rows.isThere[$0] + [rows.elapsed[$0], rows.size] }, [])
    }
  }
}
