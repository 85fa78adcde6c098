import CellCompiler
import CellLanguage
package import Engine
package import Models
package import Networks
import Sequences
import Support
package import TensorFiles

/// A network run over arrays that a file has, to arrays.
///
/// It reads `x`, `[B, T, inputs]` of numbers or `[B, T]` of symbols; the further inputs of cells by their names, `dt` for example,
/// `[B, T, width]`; `lengths`, `[B]`, the steps of each sequence in any order,
/// all of them if it is missing, or `mask`, `[B, T]`, 0 for the steps that are passed over, wherever they are, and 1 for the
/// others; and `h0`, `c0` and so on, each state before the first step: `[passes, B, width]`, where a bidirectional layer has two
/// passes, the forward one first, and passes whose cells have no such state are not counted; zero, or what the network has
/// learned, if it is missing. States of different lengths are kept apart, `layers.0.h0` and so on.
///
/// A file with one array only, as `.npy`, has `x`. A single sequence may lack the axis B in all arrays, which what is given then
/// lacks, too.
package struct ArrayRun {
  /// In which order `x` and what has steps are kept.
  package enum Order: Sendable, Hashable {
    /// `[B, T, …]`
    case batchFirst
    /// `[T, B, …]`
    case timeFirst
  }

  let network: Network
  private let order: Order
  /// Whether the arrays are of a single sequence and have no axis for it.
  private let isUnbatched: Bool
  private let inputs: Batch.Inputs
  private let rows: Rows
  /// The initial states for each pass and state, `[B, width]` in the sorted order; empty if the file has none.
  private let states: [[[Float]]]
  /// The gradients that the file gives: of `y` in packed rows, and of the states after the last steps like ``states``.
  private let gradients: (outputs: [Float], finalStates: [[[Float]]])?

  /// - Parameter takesGradients: whether the file also has `gradient.y`, that of a loss with respect to `y`, and maybe
  ///   `gradient.h_n` and so on, that with respect to the states after the last steps. Only for a network without a head.
  /// - Throws: ``RecurrentError`` if an array is missing or has another shape than it must have.
  package init(_ network: Network, _ file: TensorFile, order: Order = .batchFirst, takesGradients: Bool = false) throws {
    try network.checkInput(for: "arrays", holdsVectors: true)
    let vectors = network.architecture.input.encoding.vectors
    self.network = network
    self.order = order
    let own = ["x", "lengths", "mask"]
    if let vector = vectors.first(where: { own.contains($0.name) }) {
      throw RecurrentError(
        .interchange,
        "the network reads a vector called \(vector.name), and the array \(vector.name) of a file is something else: give that input of "
          + "the cell another name")
    }
    var known = own + vectors.map(\.name) + network.stateArrays.map { $0.name + "0" }
    if takesGradients { known += ["gradient.y"] + network.stateArrays.map { "gradient.\($0.name)_n" } }
    let isSingle = file.format == .npy
    for tensor in file.tensors where !isSingle && !known.contains(tensor.name) {
      throw RecurrentError(
        .interchange,
        "\(file.path) has an array \(tensor.name.debugDescription); expected one of \(known.joined(separator: ", "))")
    }
    let name = isSingle ? TensorFile.arrayName : "x"
    guard let shape = file[name]?.shape else { throw RecurrentError(.interchange, "\(file.path) has no array x, the input") }
    let width = network.architecture.vocabulary == nil ? network.architecture.input.encoding.featureWidth : nil
    let expected = (order == .batchFirst ? ["B", "T"] : ["T", "B"]) + (width.map { ["\($0)"] } ?? [])
    isUnbatched = shape.count == expected.count - 1
    guard isUnbatched || shape.count == expected.count, width == nil || shape.last == width, !shape.contains(0) else {
      throw RecurrentError(
        .interchange, "x of \(file.path) has the shape \(shape); expected [\(expected.joined(separator: ", "))]")
    }
    let (batch, steps) =
      isUnbatched ? (1, shape[0]) : order == .batchFirst ? (shape[0], shape[1]) : (shape[1], shape[0])
    let kept = try Self.steps(file, batch: batch, steps: steps, order: order, isUnbatched: isUnbatched)
    rows = try Rows(kept: kept, steps: steps, order: order)
    if let count = network.architecture.vocabulary?.count {
      let tokens = try file.integers(name)
      if let bad = tokens.first(where: { !(0..<count).contains($0) }) {
        throw RecurrentError(.interchange, "x of \(file.path) holds \(bad); the network's symbols are 0 to \(count - 1)")
      }
      inputs = .tokens(rows.packed(tokens, width: 1).map(Int32.init))
    } else {
      let features = rows.packed(try file.floats(name), width: network.architecture.input.encoding.featureWidth)
      let axes = Array(shape.dropLast())
      let rows = rows
      inputs = .features(
        features,
        vectors: try vectors.map { rows.packed(try file.floats($0.name, shape: axes + [$0.width]), width: $0.width) })
    }
    states = try Self.states(network, file, { $0 + "0" }, rows, isUnbatched: isUnbatched)
    guard takesGradients else {
      gradients = nil
      return
    }
    guard !network.architecture.output.head.isLinear else {
      throw RecurrentError(
        .interchange, "the network has an output layer of its own; gradients can be given to networks without one only")
    }
    let outputs = network.architecture.outputWidth
    let hasSteps = network.architecture.readout == .everyStep
    let expectedShape = hasSteps ? shape.prefix(isUnbatched ? 1 : 2) + [outputs] : (isUnbatched ? [] : [batch]) + [outputs]
    let given = try file.floats("gradient.y", shape: Array(expectedShape))
    gradients = (
      hasSteps ? rows.packed(given, width: outputs) : rows.sorted(given, width: outputs),
      try Self.states(network, file, { "gradient.\($0)_n" }, rows, isUnbatched: isUnbatched)
    )
  }

  /// The steps of each sequence that are run.
  private static func steps(
    _ file: TensorFile, batch: Int, steps: Int, order: Order, isUnbatched: Bool
  ) throws -> [[Int]] {
    if let mask = file["mask"] {
      guard file["lengths"] == nil else {
        throw RecurrentError(.interchange, "\(file.path) has both lengths and a mask; one of them says enough")
      }
      let shape = isUnbatched ? [steps] : order == .batchFirst ? [batch, steps] : [steps, batch]
      guard mask.shape == shape else {
        throw RecurrentError(
          .interchange, "mask of \(file.path) has the shape \(mask.shape); expected \(shape), one number for each step of x")
      }
      let values = try file.integers("mask")
      if let bad = values.first(where: { $0 != 0 && $0 != 1 }) {
        throw RecurrentError(.interchange, "mask of \(file.path) holds \(bad); expected 0 or 1")
      }
      return (0..<batch).map { sequence in
        (0..<steps).filter { values[order == .batchFirst ? sequence * steps + $0 : $0 * batch + sequence] == 1 }
      }
    }
    guard let tensor = file["lengths"] else { return [[Int]](repeating: Array(0..<steps), count: batch) }
    let lengths = try file.integers("lengths")
    guard tensor.shape == [batch] else {
      throw RecurrentError(
        .interchange, "lengths of \(file.path) has the shape \(tensor.shape); expected [\(batch)], one for each sequence of x")
    }
    if let bad = lengths.first(where: { !(0...steps).contains($0) }) {
      throw RecurrentError(.interchange, "lengths of \(file.path) holds \(bad); x has \(steps) steps")
    }
    return lengths.map { Array(0..<$0) }
  }

  /// - Parameter arrayName: the array of a state's name.
  private static func states(
    _ network: Network, _ file: TensorFile, _ arrayName: (String) -> String, _ rows: Rows, isUnbatched: Bool
  ) throws -> [[[Float]]] {
    let batch = rows.batch
    var states = network.stateWidths.map { $0.map { [Float](repeating: 0, count: batch * $0) } }
    var isGiven = false
    for array in network.stateArrays {
      let (name, owners, width) = (array.name, array.owners, array.width)
      guard file[arrayName(name)] != nil else { continue }
      isGiven = true
      let shape = isUnbatched ? [owners.count, width] : [owners.count, batch, width]
      let values = try file.floats(arrayName(name), shape: shape)
      for (index, owner) in owners.enumerated() {
        states[owner.pass][owner.state] = rows.sorted(values[index * batch * width..<(index + 1) * batch * width], width: width)
      }
    }
    return isGiven ? states : []
  }

  /// Runs the network.
  ///
  /// - Parameters:
  ///   - traces: whether every named quantity of every pass is wanted at every step.
  ///   - masked: what stands in `y` after a sequence's end and at steps that are passed over.
  /// - Returns: `y`, what the network gives at each step, `[B, T, outputs]`, or for each sequence, `[B, outputs]`, if it reads out sequences;
  ///   each state after each sequence's last step, `h_n` and so on, in the shape of `h0`; if gradients were given, `gradient.x`, `gradient.dt`,
  ///   `gradient.h0` and so on, and that of each weight, such as `gradient.layers.0.W_f`; and if wanted the quantities as
  ///   `layers.0.f`, `[B, T, width]`.
  /// - Throws: ``RecurrentError`` if the network gives nothing that could stand there.
  package func callAsFunction(
    on machine: Machine, traces: Bool = false, masked: MaskedSteps = .none
  ) throws -> [Safetensors.Entry] {
    try check(masked)
    let runner = NetworkRunner(network, machine: machine, trains: false, traces: traces)
    let (lengths, batch, steps) = (rows.lengths, rows.batch, rows.steps)
    func entry(_ name: String, _ values: [Float], width: Int, _ fill: [Float]? = nil) -> Safetensors.Entry {
      var values = rows.unpacked(values, width: width)
      if let fill { rows.fill(&values, with: fill, repeats: masked == .repeat) }
      let shape = isUnbatched ? [steps, width] : order == .batchFirst ? [batch, steps, width] : [steps, batch, width]
      return Safetensors.Entry(name, values, shape: shape)
    }
    runner.carriedStates = states
    let outputs = try runner.outputs(inputs, lengths: lengths, carriesStates: !states.isEmpty)
    let width = network.architecture.outputWidth
    let fill = masked == .none ? nil : try outputsOfZeros(on: machine)
    var entries = [
      network.architecture.readout == .everyStep
        ? entry("y", outputs, width: width, fill)
        : Safetensors.Entry("y", rows.unsorted(outputs, width: width), shape: isUnbatched ? [width] : [batch, width])
    ]
    entries += stateEntries(runner.carriedStates) { $0 + "_n" }
    if let gradients {
      // A runner that trace serves keeps too much to serve training.
      let runner = NetworkRunner(network, machine: machine, trains: true)
      runner.carriedStates = states
      let found = try runner.gradients(
        inputs, lengths: lengths, outputs: gradients.outputs, finalStates: gradients.finalStates, carriesStates: !states.isEmpty)
      entries += inputColumns.map { name, columns in
        let all = network.architecture.inputWidth
        let own = (0..<lengths.rows).flatMap {
          found.inputs[$0 * all + columns.lowerBound..<$0 * all + columns.upperBound]
        }
        return entry("gradient.\(name)", own, width: columns.count)
      }
      entries += stateEntries(found.initialStates) { "gradient.\($0)0" }
      entries += network.layout.entries.map {
        Safetensors.Entry("gradient.\($0.name)", Array(found.weights[$0.range]), shape: $0.shape)
      }
    }
    guard traces else { return entries }
    runner.carriedStates = states
    let traced = try runner.trace(inputs, lengths: lengths, .init(preactivations: true), carriesStates: !states.isEmpty)
    for (pass, trace) in zip(network.architecture.passes, traced) {
      entries += trace.quantities.map { entry(pass.prefix + $0.name, $0.values, width: $0.width) }
    }
    return entries
  }

  /// The arrays of what a step reads, and where their numbers stand in its row.
  private var inputColumns: [(name: String, columns: Range<Int>)] {
    let encoding = network.architecture.input.encoding
    var result = [("x", 0..<encoding.featureWidth)]
    for vector in encoding.vectors {
      let start = result[result.count - 1].1.upperBound
      result.append((vector.name, start..<start + vector.width))
    }
    return result
  }

  /// - Parameter arrayName: the array of a state's name.
  private func stateEntries(_ states: [[[Float]]], _ arrayName: (String) -> String) -> [Safetensors.Entry] {
    network.stateArrays.map { array in
      let (count, width) = (array.owners.count, array.width)
      let values = array.owners.flatMap { owner in rows.unsorted(states[owner.pass][owner.state], width: width) }
      return Safetensors.Entry(
        arrayName(array.name), values, shape: isUnbatched ? [count, width] : [count, rows.batch, width])
    }
  }
}

/// States of equal length that stand in one array, `[passes, B, width]`.
private struct StateArray {
  let name: String
  let owners: [(pass: Int, state: Int)]
  let width: Int
}

extension Network {
  /// The states by name of all passes that have a memory: in one array if they are equally long, otherwise in one for each layer,
  /// such as `layers.0.h`, or for each pass, such as `layers.0.reverse.h`.
  fileprivate var stateArrays: [StateArray] {
    var names: [String] = []
    for plan in plans where plan.cell.hasMemory {
      names += plan.cell.states.map(\.name).filter { !names.contains($0) }
    }
    return names.flatMap { name in
      let owners = plans.indices.compactMap { pass in
        plans[pass].cell.hasMemory
          ? plans[pass].cell.states.firstIndex { $0.name == name }.map { (pass: pass, state: $0) } : nil
      }
      return arrays(name, owners) { _ in "" } ?? byLayer(name, owners)
    }
  }

  private func byLayer(_ name: String, _ owners: [(pass: Int, state: Int)]) -> [StateArray] {
    let passes = architecture.passes
    return architecture.layers.indices.flatMap { layer in
      let own = owners.filter { passes[$0.pass].layer == layer }
      return arrays(name, own) { "layers.\(passes[$0].layer)." }
        ?? own.flatMap { owner in arrays(name, [owner]) { passes[$0].prefix } ?? [] }
    }
  }

  /// One array of these states, none if there are no states, nil if they are not equally long.
  private func arrays(
    _ name: String, _ owners: [(pass: Int, state: Int)], prefix: (_ pass: Int) -> String
  ) -> [StateArray]? {
    guard let first = owners.first else { return [] }
    let width = stateWidths[first.pass][first.state]
    guard owners.allSatisfy({ stateWidths[$0.pass][$0.state] == width }) else { return nil }
    return [StateArray(name: prefix(first.pass) + name, owners: owners, width: width)]
  }
}
