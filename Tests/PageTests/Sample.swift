import CellLanguage
import Engine
import Inspector
import Networks
import Sequences

/// Small networks that have read something, with their reports as pages.
struct Sample: Sendable, CustomStringConvertible {
  let description: String
  let inspections: [Inspection]

  /// The page's bytes.
  var html: [UInt8] { get throws { try InspectionReport(inspections, title: description).html } }

  /// What a text of characters is that ends scripts, begins comments and breaks lines in every way.
  static let text = "the <b>cat</b> sat</script><!-- <script> on\u{2028}the \"mat\" & slept.\nThen it woke up,\tand sat again."

  /// - Parameters:
  ///   - gain: what the initial weights are multiplied by: large ones drive gates to their ends.
  ///   - clamps: what is held while it reads, as people write it.
  static func ofText(
    _ cells: [Cell], units: Int = 6, sizes: [String: Int] = [:], gain: Float = 1, reading text: String = text,
    clamps: String? = nil, named name: String
  ) throws -> Sample {
    let vocabulary = try Vocabulary(kind: .characters, symbols: Set(text).sorted().map(String.init))
    let tokens = try vocabulary.encode(text)
    let column = InspectedInput.Column(name: "step", values: tokens.indices.map { Float($0) })
    let inspections = try cells.map { cell in
      var network = try Network(
        input: .tokens(vocabulary, embedding: 16),
        layers: [.init(cell, units: units, sizes: sizes), .init(cell, units: units, sizes: sizes)],
        output: .categorical, seed: 5)
      network.parameters = network.parameters.map { gain * $0 }
      return try Inspection(
        network, name: "runs/of-a-name-that-breaks-nowhere/\(cell.name).safetensors",
        on: InspectedInput(.tokens(tokens, vocabulary), labels: [column]),
        clamps: try clamps.map { try [Clamp](parsing: $0) } ?? [], machine: try Machine(threads: 1))
    }
    return Sample(description: name, inspections: inspections)
  }

  static func ofFeatures(_ direction: Architecture.Direction = .forward) throws -> Sample {
    let layer = Architecture.Layer(.lstm, units: 5, direction: direction)
    let network = try Network(input: .features(2), layers: [layer], output: .values(1), seed: 2)
    let columns = [
      InspectedInput.Column(name: "height", values: (0..<40).map { Float($0 % 7) / 3 - 1 }),
      InspectedInput.Column(name: "mark", values: (0..<40).map { $0 % 11 == 0 ? 1 : 0 }),
    ]
    let inspection = try Inspection(
      network, name: "features.safetensors", on: InspectedInput(.features(columns)), machine: try Machine(threads: 1))
    return Sample(description: "features", inspections: [inspection])
  }
}

extension Sample {
  /// A network that writes words of a text after it has read another one, with what comes at the end, and looks at it meanwhile.
  static func ofTranslation() throws -> Sample {
    let words = try Vocabulary(kind: .words, symbols: ["<unk>", "the", "<b>cat</b>", "sat", "\u{2581}outside", "."])
    let network = try Network(
      Architecture(
        input: .tokens(words, embedding: 4), layers: [.init(try .named("gru-attention"), units: 5)],
        context: .encoder(
          input: .tokens(words, embedding: 3), layers: [.init(.gru, units: 4, direction: .bidirectional(.concatenate))]),
        output: .categorical), seed: 3)
    let (tokens, source): ([Int32], [Int32]) = ([0, 1, 2, 3, 4], [3, 4, 2, 1, 1, 5, 0])
    var input = InspectedInput(
      .tokens(tokens, words),
      read: .tokens(tokens).with(Batch.Source(tokens: [source], of: PackedLengths(steps: tokens.count, batch: 1))))
    input.source = source.map { words.symbols[Int($0)] }
    input.following = 5
    let inspection = try Inspection(network, name: "words.safetensors", on: input, machine: try Machine(threads: 1))
    return Sample(description: "a translation", inspections: [inspection])
  }

  /// A cell with a matrix and a number for each of two heads.
  static func ofMatrices() throws -> Sample {
    try .ofText([try .named("mlstm")], units: 12, sizes: ["heads": 2], named: "matrices")
  }

  /// A network that gives a sentence a label.
  static func ofSequence() throws -> Sample {
    let vocabulary = try Vocabulary(kind: .characters, symbols: Set(text).sorted().map(String.init))
    let network = try Network(
      Architecture(
        input: .tokens(vocabulary, embedding: 8), layers: [.init(.lstm, units: 5)], readout: .mean, output: .classes(3)), seed: 4)
    let inspection = try Inspection(
      network, name: "labels.safetensors", on: InspectedInput(.tokens(try vocabulary.encode(text), vocabulary)),
      meaning: .labels(["<b>calm</b>", "glad", "sad"]), machine: try Machine(threads: 1))
    return Sample(description: "a label", inspections: [inspection])
  }

  /// A network that gives each step a label, and numbers of steps with names, read in another scale.
  static func ofTimes() throws -> Sample {
    let network = try Network(input: .features(1), layers: [.init(.gru, units: 5)], output: .classes(2), seed: 4)
    let values = (0..<40).map { Float($0 % 7) }
    let input = InspectedInput(
      .features([.init(name: "sales", values: values)]), read: .features(values.map { $0 / 7 }),
      names: values.indices.map { "2001-\($0)" })
    let inspection = try Inspection(
      network, name: "steps.safetensors", on: input, meaning: .labels(["down", "up"]), machine: try Machine(threads: 1))
    return Sample(description: "times", inspections: [inspection])
  }
}

/// A quantity of a layer as the trace has it.
struct Traced {
  let width: Int
  let values: [Float]

  init(_ sample: Sample, layer: Int = 0, _ name: String) {
    let quantity = sample.inspections[0].traces[layer].quantities.first { $0.name == name }
    width = quantity?.width ?? 0
    values = quantity?.values ?? []
  }

  var steps: Int { values.count / max(1, width) }

  func value(_ step: Int, _ unit: Int) -> Double { step < 0 ? 0 : Double(values[step * width + unit]) }

  func course(_ unit: Int) -> [Double] { (0..<steps).map { value($0, unit) } }

  /// How many of the steps a unit is above a threshold at.
  func fraction(_ unit: Int, above threshold: Double, _ steps: [Int]) -> Double {
    Double(steps.count { value($0, unit) > threshold }) / Double(steps.count)
  }

  func variance(_ unit: Int) -> Double {
    let course = course(unit)
    let mean = course.reduce(0, +) / Double(steps)
    return course.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(steps)
  }

  /// What the page's number may differ by: half a step of the sixteen bits over the widest range that a value has here, and
  /// half a unit of the third decimal, which is the last one shown.
  var bound: Double { 2 * Double(values.map(abs).max() ?? 1).rounded(.up) / 131_068 + 0.0005 + 1e-9 }
}
