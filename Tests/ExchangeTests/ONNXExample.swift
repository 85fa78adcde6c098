import CellCompiler
import CellLanguage
import Engine
import Exchange
import Foundation
import Models
import Networks
import Sequences
import Support

/// A network to be exported, what it reads, and what it gives here.
struct ONNXExample: Sendable, CustomStringConvertible {
  let name: String
  let architecture: Architecture

  static let (batch, steps) = (2, 5)

  var description: String { name }

  /// The network with weights that are nowhere 0, so that each has an effect.
  func network() throws -> Network {
    var network = try Network(architecture)
    var random = Random(seed: 7)
    for place in network.parameters.indices { network.parameters[place] = 0.8 * random.uniformFloat() - 0.4 }
    return network
  }

  /// What other runtimes are held to: `x` and the states before the first step, `y` and the states after the last one with and
  /// without those.
  ///
  /// - Parameter given: the sequences' lengths, longest first; nil for whole ones.
  func arrays(_ network: Network, lengths given: [Int]? = nil) throws -> [Safetensors.Entry] {
    var random = Random(seed: 11)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in 2 * random.uniformFloat() - 1 } }
    let (batch, steps) = (Self.batch, Self.steps)
    let lengths = try given.map { try PackedLengths($0) } ?? PackedLengths(steps: steps, batch: batch)
    // Steps after a sequence's end have no row here.
    let places = (0..<steps).flatMap { step in (0..<batch).filter { step < lengths.perSequence[$0] }.map { step * batch + $0 } }
    var entries: [Safetensors.Entry] = []
    let parts = network.graph.inputParts
    var read: [Int: any InputRows] = [:]
    // Numbers come first in the arrays, whatever place they have in a row.
    for (place, part) in parts.enumerated().sorted(by: {
      ($0.element.form.symbols ?? 0, $0.offset) < ($1.element.form.symbols ?? 0, $1.offset)
    }) {
      if let count = part.form.symbols {
        let symbols = (0..<batch * steps).map { _ in Int64(random.next() % UInt64(count)) }
        read[place] = SymbolRows(rows(packed(symbols, 1), 1, at: places).map(Int32.init))
        entries.append(.init(parts.count == 1 ? "x" : "names", symbols, shape: [batch, steps]))
      } else {
        let values = numbers(batch * steps * part.width)
        read[place] = NumberRows(rows(packed(values, part.width), part.width, at: places))
        entries.append(.init("x", values, shape: [batch, steps, part.width]))
      }
    }
    let inputs = Batch.Inputs(parts.indices.compactMap { read[$0] })
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let states = network.stateWidths.map { $0.map { numbers(batch * $0) } }
    let names = zip(network.architecture.passes, network.plans).map { pass, plan in plan.cell.states.map { pass.prefix + $0.name }
    }
    func add(_ values: [[[Float]]], _ suffix: String) {
      // A layer without a memory has no state to give or take.
      for (pass, own) in names.enumerated() where network.architecture.passes[pass].cell.hasMemory {
        for (state, name) in own.enumerated() {
          entries.append(
            .init("\(name)\(suffix)", values[pass][state], shape: [batch, network.stateWidths[pass][state]]))
        }
      }
    }
    if let given { entries.append(.init("lengths", given.map(Int32.init), shape: [batch])) }
    let width = network.architecture.outputWidth
    for (prefix, isGiven) in [("", true), ("alone.", false)] {
      runner.carriedStates = isGiven ? states : []
      let outputs = try runner.outputs(inputs, lengths: lengths, carriesStates: isGiven)
      if isGiven { add(states, "") }
      let hasSteps = network.architecture.readout == .everyStep
      entries.append(
        hasSteps
          ? .init(prefix + "y", unpacked(spread(outputs, width, to: places), width), shape: [batch, steps, width])
          : .init(prefix + "y", outputs, shape: [batch, width]))
      if isGiven { add(runner.carriedStates, "_n") }
    }
    return entries
  }

  /// `[B, T, width]` as rows of steps, `[T, B, width]`.
  private func packed<Element>(_ values: [Element], _ width: Int) -> [Element] {
    turned(values, outer: Self.batch, inner: Self.steps, width)
  }

  /// Those of the rows whose places are listed.
  private func rows<Element>(_ rows: [Element], _ width: Int, at places: [Int]) -> [Element] {
    places.flatMap { rows[$0 * width..<($0 + 1) * width] }
  }

  /// Rows at their places, zeros between them.
  private func spread(_ rows: [Float], _ width: Int, to places: [Int]) -> [Float] {
    var all = [Float](repeating: 0, count: Self.steps * Self.batch * width)
    for (row, place) in places.enumerated() {
      all.replaceSubrange(place * width..<(place + 1) * width, with: rows[row * width..<(row + 1) * width])
    }
    return all
  }

  private func unpacked(_ rows: [Float], _ width: Int) -> [Float] { turned(rows, outer: Self.steps, inner: Self.batch, width) }

  /// `[outer, inner, width]` as `[inner, outer, width]`.
  private func turned<Element>(_ values: [Element], outer: Int, inner: Int, _ width: Int) -> [Element] {
    var rows: [Element] = []
    for column in 0..<inner {
      for row in 0..<outer {
        let start = (row * inner + column) * width
        rows += values[start..<start + width]
      }
    }
    return rows
  }
}

extension ONNXExample {
  /// Every cell of the library, every function of the cell language, every kind of input, output and direction.
  static let all: [ONNXExample] = library + libraryHeads + functions + matrices + networks + branches + descriptions

  /// Single layers; of 3 inputs and 4 units where the cell allows that.
  static let library = Cell.library.filter { $0.inputs.count == 1 && $0.memory == nil }.map { cell in
    let inputs = cell.constraints.isEmpty ? 3 : 4
    return ONNXExample(name: cell.name, layers: [.init(cell, units: 4)], inputs: inputs)
  }

  private static let functions = Primitive.all.compactMap { primitive -> ONNXExample? in
    guard case .function = primitive.notation, primitive.matrixProduct == nil else { return nil }
    // Above zero, so that all functions are defined, and with different signs of what the others see.
    let arguments = ["softplus(W x + U h) + 0.5", "V x", "b"].prefix(primitive.arity).joined(separator: ", ")
    let text = """
      cell \(primitive.name)
      input x
      state h
      a  = \(primitive.name)(\(arguments))
      h' = tanh(a)
      """
    return ONNXExample(name: "function-\(primitive.name)", layers: [.init(cell(text), units: 4)], inputs: 3)
  }

  /// The cells with heads that matrices or numbers of a sequence are cut into, with two of them.
  private static let libraryHeads = Cell.library.filter { $0.inputs.count == 1 && $0.hasHeads && $0.hasMatricesOrNumbers }.map {
    cell in
    ONNXExample(name: "\(cell.name)-two-heads", layers: [.init(cell, units: 4, sizes: ["heads": 2])], inputs: 4)
  }

  /// Every product of a matrix that each sequence has, on one that is longer than wide; numbers; and a sum where a vector is wanted; of a
  /// layer with memory and of one without, with one head and with several.
  private static let matrices = [1, 2].flatMap { heads in
    [
      (
        "matrices",
        """
        state h, C(6, 2), m
        scalar f, d, m
        k  = tanh(K x)
        f  = σ(F [h, x])
        C' = diag(σ(R x)) (f * C) diag(σ(S x)) + outer(V x - C (k * sum(k)), k)
        d  = dot(C' k, p)
        m' = max(m - 1, d)
        h' = tanh(A (C' k) + B (C'^T (U h))) * exp(d - m') + softmax(m' * h)
        """
      ),
      ("matrices-without-memory", "state h\nscalar f\nf  = σ(F x)\nh' = (f * outer(W x, tanh(V x))) p + U q + f\n"),
    ].map { name, text in
      ONNXExample(
        name: "\(name)-\(heads)", layers: [.init(cell("cell matrices\ninput x\nheads \(heads)\n\(text)"), units: 4)], inputs: 3)
    }
  }

  private static let networks: [ONNXExample] = {
    var examples: [ONNXExample] = []
    for merge in Architecture.Merge.allCases {
      for cell in [Cell.lstm, .gru, named("mgu")] {
        examples.append(
          ONNXExample(
            name: "both-\(merge.rawValue)-\(cell.name)",
            layers: [.init(cell, units: 4, direction: .bidirectional(merge)), .init(cell, units: 3)], inputs: 3))
      }
    }
    for cell in [Cell.lstm, named("mgu")] {
      examples += [
        ONNXExample(name: "reverse-\(cell.name)", layers: [.init(cell, units: 4, direction: .reverse)], inputs: 3),
        ONNXExample(name: "learned-\(cell.name)", layers: [.init(cell, units: 4, learnsInitialStates: true)], inputs: 3),
        ONNXExample(
          name: "learned-both-\(cell.name)",
          layers: [.init(cell, units: 4, direction: .bidirectional(.concatenate), learnsInitialStates: true)], inputs: 3),
        ONNXExample(
          name: "other-in-reverse-\(cell.name)",
          layers: [.init(cell, units: 4, direction: .bidirectional(.concatenate, reverse: .gru))], inputs: 3),
      ]
    }
    let words = (0..<6).map { $0 == 0 ? Vocabulary.unknown : "\($0)" }
    let vocabulary = made { try Vocabulary(kind: .words, symbols: words) }
    let layers: [Architecture.Layer] = [.init(.gru, units: 4), .init(named("janet"), units: 4)]
    examples += [
      ONNXExample(
        name: "language", architecture: .init(input: .tokens(vocabulary, embedding: 3), layers: layers, output: .categorical)),
      ONNXExample(name: "one-hot", architecture: .init(input: .tokens(vocabulary), layers: layers, output: .categorical)),
      ONNXExample(
        name: "tied",
        architecture: .init(
          input: .tokens(vocabulary, embedding: 4), layers: layers, output: .categorical, tiesEmbedding: true)),
      ONNXExample(
        name: "zoneout", layers: [.init(Cell.lstm.zoningOut(["h": 0.25, "c": 0.5]), units: 4)], inputs: 3),
      ONNXExample(
        name: "names",
        architecture: .init(input: .namedFeatures(3, names: vocabulary, embedding: 2), layers: layers, output: .values(2))),
      ONNXExample(name: "values", architecture: .init(input: .features(3), layers: layers, output: .values(2))),
    ]
    let split = "cell split\ninput x\nheads 2\nstate h\nblock R, S\n"
    examples += [
      ONNXExample(name: "heads-slstm", layers: [.init(named("slstm"), units: 4, sizes: ["heads": 2])], inputs: 3),
      ONNXExample(
        name: "heads-functions",
        layers: [
          .init(cell(split + "a = layer_norm(W x + R [h, p])\nh' = 0.5 * h + tanh(S^T a) * softmax(p) + cumsum(S h)\n"), units: 4)
        ], inputs: 3),
      ONNXExample(
        name: "repeat",
        layers: [
          .init(
            cell("cell often\ninput x\nstate h, m\nm' = f * m\nrepeat 3\n  f = σ(W x + U h)\n  h' = tanh(V h + f * m)\n"),
            units: 4)
        ], inputs: 3),
      ONNXExample(
        name: "heads-dense", layers: [.init(cell(split + "a = relu(R x + b)\nh' = tanh(S^T a) + sum(a)\n"), units: 4)], inputs: 6),
    ]
    for readout in [Architecture.Readout.last, .mean, .max] {
      for (name, cell) in [("lstm", Cell.lstm), ("mgu", named("mgu"))] {
        for direction in [Architecture.Direction.forward, .reverse, .bidirectional(.concatenate), .bidirectional(.multiply)] {
          let word =
            switch direction {
            case .forward: "forward"
            case .reverse: "reverse"
            case .bidirectional(let merge, _): merge.rawValue
            }
          examples.append(
            ONNXExample(
              name: "\(readout.rawValue)-\(word)-\(name)",
              architecture: .init(
                input: .features(3), layers: [.init(.gru, units: 3), .init(cell, units: 4, direction: direction)],
                readout: readout, output: .classes(3))))
        }
      }
    }
    let feedForward =
      ["tanh(W x)", "leaky_relu(W x + b, 0.1)"].map { function in
        Architecture.Layer(cell("cell dense\ninput x\nstate h\nh' = \(function)\n"), units: 4)
      } + [
        // A memoryless cell that is more than a layer.
        Architecture.Layer(
          cell("cell deep\ninput x\nstate h\na = relu(W x + b)\nh' = tanh(U [a, x] + c)\n"), units: 4)
      ]
    for readout in Architecture.Readout.allCases {
      examples += [
        ONNXExample(
          name: "dense-\(readout.rawValue)",
          architecture: .init(
            input: .features(3), layers: feedForward + [.init(.lstm, units: 4)] + (readout == .everyStep ? feedForward : []),
            readout: readout, headLayers: readout == .everyStep ? [] : feedForward, output: .classes(3))),
        ONNXExample(
          name: "dense-on-top-\(readout.rawValue)",
          architecture: .init(
            input: .features(3), layers: [.init(.gru, units: 4)] + feedForward, readout: readout, output: .lastLayer)),
      ]
    }
    return examples
  }()

  /// Layers that read something else than the layer below: with an operator, as a loop and without memory, both ways and in reverse.
  private static let branches: [ONNXExample] = Architecture.Readout.allCases.flatMap { readout in
    [
      ("residual", "a = gru(x, units: 3); s = x + a; b = mgu(s, units: 3, direction: bidirectional, merge: sum); y = s + b"),
      (
        "skips",
        "a = lstm(x, units: 4); b = janet([x, a], units: 2); c = gru([x, a, b], units: 3, direction: reverse); y = [a, b, c]"
      ),
      (
        "gate",
        "a = gru(x, units: 4); g = dense(a, units: 4)\ny = a * g * a + a\n\ncell dense\ninput x\nstate h\nh' = σ(W x + b)\n"
      ),
      ("input", "a = rnn(x, units: 3); y = [x, a + x]"),
    ].map { name, text in
      ONNXExample(
        name: "branches-\(name)-\(readout.rawValue)",
        architecture: .init(
          input: .features(3), page: made { try NetworkPage(parsing: text) }, readout: readout, output: .classes(3)))
    }
  }

  /// What the operators can do and no cell of the library is.
  private static let descriptions: [ONNXExample] = {
    let kinds: [(String, LayerDescription.Kind)] = [
      ("coupled-input", .lstm(.init(peepholes: true, coupled: .input))),
      ("coupled-forget", .lstm(.init(coupled: .forget))),
      ("hard", .lstm(.init(gates: .hardSigmoid(slope: 0.3, offset: 0.4), candidate: .relu))),
      ("inverted", .gru(.init(updatesInverted: true))),
      ("inverted-before", .gru(.init(candidate: .relu, reset: .before, updatesInverted: true))),
    ]
    // Directions that one operator can't have.
    let resets = [LayerDescription.Reset.after, .before].map { reset in
      made { try LayerDescription(.gru(.init(reset: reset)), inputs: 3, units: 4, biases: .none).cell() }
    }
    var examples = [
      ONNXExample(
        name: "both-resets",
        layers: [.init(resets[0], units: 4, direction: .bidirectional(.concatenate, reverse: resets[1]))], inputs: 3)
    ]
    for (name, kind) in kinds {
      for (suffix, clip) in [("", nil), ("-clip", 0.5)] {
        let description = LayerDescription(kind, inputs: 3, units: 4, biases: .two, clip: clip)
        let cell = made { try description.cell() }
        examples.append(ONNXExample(name: "like-\(name)\(suffix)", layers: [.init(cell, units: 4)], inputs: 3))
      }
    }
    return examples
  }()

  private init(name: String, layers: [Architecture.Layer], inputs: Int) {
    self.init(name: name, architecture: .init(input: .features(inputs), layers: layers, output: .lastLayer))
  }

  private static func cell(_ text: String) -> Cell { made { try Cell(parsing: text, file: "cell") } }

  private static func named(_ name: String) -> Cell { made { try Cell.named(name) } }

  /// A part of an example; the tests end with a sentence if it can't be made.
  private static func made<Part>(_ make: () throws -> Part) -> Part {
    do { return try make() } catch { fatalError("a part of an example can't be made: \(error)") }
  }
}
