import CellCompiler
import CellLanguage
public import Engine
public import ModelFiles
public import Networks
import Sequences

/// A network run over arrays that a file has, to arrays.
///
/// It reads `x`, `[B, T, inputs]` of numbers or `[B, T]` of symbols; `lengths`, `[B]`, the steps of each sequence in any order, all of
/// them if it is missing; and `h0`, `c0` and so on, each state before the first step: `[passes, B, width]`, where a bidirectional
/// layer has two passes, the forward one first, and passes whose cells have no such state are not counted; zero, or what the
/// network has learned, if it is missing. A file with one array only, as `.npy`, has `x`.
public struct ArrayRun {
  /// In which order `x` and what has steps are kept.
  public enum Order: Sendable, Hashable {
    /// `[B, T, …]`
    case batchFirst
    /// `[T, B, …]`
    case timeFirst
  }

  let network: Network
  private let order: Order
  private let batch: Int
  private let steps: Int
  private let inputs: Batch.Inputs
  private let lengths: Lengths
  /// For each sequence of the sorted batch, which one of the file's it is.
  private let places: [Int]
  /// For each pass and state `[B, width]` in the sorted order, empty if the file has none.
  private let states: [[[Float]]]
  /// The gradients that the file gives: of `y` in packed rows, and of the states behind the last steps like ``states``.
  private let gradients: (outputs: [Float], finalStates: [[[Float]]])?

  /// - Parameter takesGradients: whether the file also has `gradient.y`, that of a loss with respect to `y`, and maybe `gradient.h_n` and
  ///   so on, that with respect to the states behind the last steps. Only for a network without a head.
  /// - Throws: ``ModelFiles/FileError`` or ``ExchangeError`` if an array is missing or has another shape than it must have.
  public init(_ network: Network, _ file: TensorFile, order: Order = .batchFirst, takesGradients: Bool = false) throws {
    self.network = network
    self.order = order
    var known = ["x", "lengths"] + network.stateNames.map { $0 + "0" }
    if takesGradients { known += ["gradient.y"] + network.stateNames.map { "gradient.\($0)_n" } }
    let isSingle = file.format == .npy
    for tensor in file.tensors where !isSingle && !known.contains(tensor.name) {
      throw ExchangeError(
        "\(file.path) has an array \(tensor.name.debugDescription); expected one of \(known.joined(separator: ", "))")
    }
    let name = isSingle ? TensorFile.arrayName : "x"
    guard let shape = file[name]?.shape else { throw ExchangeError("\(file.path) has no array x, the input") }
    let width = network.architecture.vocabulary == nil ? network.architecture.inputWidth : nil
    let expected = (order == .batchFirst ? ["B", "T"] : ["T", "B"]) + (width.map { ["\($0)"] } ?? [])
    guard shape.count == expected.count, width == nil || shape[2] == width, shape[0] > 0, shape[1] > 0 else {
      throw ExchangeError("x of \(file.path) has the shape \(shape); expected [\(expected.joined(separator: ", "))]")
    }
    (batch, steps) = order == .batchFirst ? (shape[0], shape[1]) : (shape[1], shape[0])
    let all = try Self.lengths(file, batch: batch, steps: steps)
    places = all.indices.sorted { (all[$1], $0) < (all[$0], $1) }
    lengths = try Lengths(places.map { all[$0] })
    let rows = Rows(lengths: lengths, places: places, batch: batch, steps: steps, order: order)
    if let count = network.architecture.vocabulary {
      let tokens = try file.integers(name)
      if let bad = tokens.first(where: { !(0..<count).contains($0) }) {
        throw ExchangeError("x of \(file.path) holds \(bad); the network's symbols are 0 to \(count - 1)")
      }
      inputs = .tokens(rows.packed(tokens, width: 1).map(Int32.init))
    } else {
      inputs = .features(rows.packed(try file.floats(name), width: network.architecture.inputWidth))
    }
    states = try Self.states(network, file, { $0 + "0" }, batch: batch, places: places)
    guard takesGradients else {
      gradients = nil
      return
    }
    guard network.architecture.output == .lastLayer else {
      throw ExchangeError("the network has an output layer of its own; gradients can be given to networks without one only")
    }
    let outputs = network.architecture.outputWidth
    let expectedShape = shape.prefix(2) + [outputs]
    gradients = (
      rows.packed(try file.floats("gradient.y", shape: Array(expectedShape)), width: outputs),
      try Self.states(network, file, { "gradient.\($0)_n" }, batch: batch, places: places)
    )
  }

  private static func lengths(_ file: TensorFile, batch: Int, steps: Int) throws -> [Int] {
    guard let tensor = file["lengths"] else { return [Int](repeating: steps, count: batch) }
    let lengths = try file.integers("lengths")
    guard tensor.shape == [batch] else {
      throw ExchangeError(
        "lengths of \(file.path) has the shape \(tensor.shape); expected [\(batch)], one for each sequence of x")
    }
    if let bad = lengths.first(where: { !(0...steps).contains($0) }) {
      throw ExchangeError("lengths of \(file.path) holds \(bad); x has \(steps) steps")
    }
    return lengths
  }

  /// - Parameter arrayName: the array of a state's name.
  private static func states(
    _ network: Network, _ file: TensorFile, _ arrayName: (String) -> String, batch: Int, places: [Int]
  ) throws -> [[[Float]]] {
    var states = network.stateWidths.map { $0.map { [Float](repeating: 0, count: batch * $0) } }
    var isGiven = false
    for name in network.stateNames {
      guard file[arrayName(name)] != nil else { continue }
      isGiven = true
      let owners = network.owners(of: name)
      let width = try network.commonWidth(of: name)
      let values = try file.floats(arrayName(name), shape: [owners.count, batch, width])
      for (index, owner) in owners.enumerated() {
        states[owner.pass][owner.state] = places.flatMap { sequence in
          values[(index * batch + sequence) * width..<(index * batch + sequence + 1) * width]
        }
      }
    }
    return isGiven ? states : []
  }

  /// Runs the network.
  ///
  /// - Parameter traces: whether every named quantity of every pass is wanted at every step.
  /// - Returns: `y`, what the network gives at each step, `[B, T, outputs]`, 0 behind a sequence's end; each state behind each
  ///   sequence's last step, `h_n` and so on, in the shape of `h0`; if gradients were given, `gradient.x`, `gradient.h0` and so on, and that of
  ///   each weight, such as `gradient.layers.0.W_f`; and if wanted the quantities as `layers.0.f`, `[B, T, width]`.
  public func callAsFunction(on machine: Machine, traces: Bool = false) throws -> [Safetensors.Entry] {
    let runner = NetworkRunner(network, machine: machine, trains: false, traces: traces)
    let rows = Rows(lengths: lengths, places: places, batch: batch, steps: steps, order: order)
    func entry(_ name: String, _ values: [Float], width: Int) -> Safetensors.Entry {
      let shape = order == .batchFirst ? [batch, steps, width] : [steps, batch, width]
      return Safetensors.Entry(name, rows.unpacked(values, width: width), shape: shape)
    }
    runner.carriedStates = states
    let outputs = runner.outputs(inputs, lengths: lengths, carriesStates: !states.isEmpty)
    var entries = [entry("y", outputs, width: network.architecture.outputWidth)]
    entries += try stateEntries(runner.carriedStates, rows) { $0 + "_n" }
    if let gradients {
      // A runner that trace serves keeps too much to serve training.
      let runner = NetworkRunner(network, machine: machine, trains: true)
      runner.carriedStates = states
      let found = runner.gradients(
        inputs, lengths: lengths, outputs: gradients.outputs, finalStates: gradients.finalStates, carriesStates: !states.isEmpty)
      entries.append(entry("gradient.x", found.inputs, width: network.architecture.inputWidth))
      entries += try stateEntries(found.initialStates, rows) { "gradient.\($0)0" }
      entries += network.layout.entries.map {
        Safetensors.Entry("gradient.\($0.name)", Array(found.weights[$0.range]), shape: $0.shape)
      }
    }
    guard traces else { return entries }
    runner.carriedStates = states
    let traced = runner.trace(inputs, lengths: lengths, .init(preactivations: true), carriesStates: !states.isEmpty)
    for (pass, trace) in zip(network.architecture.passes, traced) {
      entries += trace.quantities.map { entry(pass.prefix + $0.name, $0.values, width: $0.width) }
    }
    return entries
  }

  /// - Parameter arrayName: the array of a state's name.
  private func stateEntries(
    _ states: [[[Float]]], _ rows: Rows, _ arrayName: (String) -> String
  ) throws -> [Safetensors.Entry] {
    try network.stateNames.map { name in
      let width = try network.commonWidth(of: name)
      let owners = network.owners(of: name)
      let values = owners.flatMap { owner in rows.unsorted(states[owner.pass][owner.state], width: width) }
      return Safetensors.Entry(arrayName(name), values, shape: [owners.count, batch, width])
    }
  }
}

/// Arrays of sequences as a file has them, and as packed rows, the longest sequence first.
private struct Rows {
  let lengths: Lengths
  let places: [Int]
  let batch: Int
  let steps: Int
  let order: ArrayRun.Order

  /// Where a step of one of the file's sequences stands in the file's arrays, in rows.
  private func place(step: Int, sequence: Int) -> Int {
    order == .batchFirst ? sequence * steps + step : step * batch + sequence
  }

  private func eachRow(_ body: (_ row: Int, _ place: Int) -> Void) {
    for (sorted, length) in lengths.lengths.enumerated() {
      for step in 0..<length { body(lengths.row(step: step, sequence: sorted), place(step: step, sequence: places[sorted])) }
    }
  }

  func packed<Element: ExpressibleByIntegerLiteral>(_ values: [Element], width: Int) -> [Element] {
    var packed = [Element](repeating: 0, count: lengths.rows * width)
    eachRow { row, place in
      for column in 0..<width { packed[row * width + column] = values[place * width + column] }
    }
    return packed
  }

  func unpacked(_ rows: [Float], width: Int) -> [Float] {
    var values = [Float](repeating: 0, count: batch * steps * width)
    eachRow { row, place in
      for column in 0..<width { values[place * width + column] = rows[row * width + column] }
    }
    return values
  }

  /// `[B, width]` in the order of the file.
  func unsorted(_ values: [Float], width: Int) -> [Float] {
    var unsorted = values
    for (sorted, sequence) in places.enumerated() {
      for column in 0..<width { unsorted[sequence * width + column] = values[sorted * width + column] }
    }
    return unsorted
  }
}

extension Network {
  /// The names of all states, each once.
  fileprivate var stateNames: [String] {
    plans.flatMap { $0.cell.states.map(\.name) }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The passes whose cells have a state of that name, and which of their states it is.
  fileprivate func owners(of name: String) -> [(pass: Int, state: Int)] {
    plans.enumerated().compactMap { pass, plan in
      plan.cell.states.firstIndex { $0.name == name }.map { (pass, $0) }
    }
  }

  /// The length of a state, which must be the same in all passes to stand in one array.
  fileprivate func commonWidth(of name: String) throws(ExchangeError) -> Int {
    let widths = Set(owners(of: name).map { stateWidths[$0.pass][$0.state] }).sorted()
    guard widths.count == 1 else {
      throw ExchangeError(
        "the network's layers have states \(name) of \(widths.map(String.init).joined(separator: " and ")) numbers, which do not fit in one array"
      )
    }
    return widths[0]
  }
}

extension Architecture {
  /// How many symbols the network reads, if it reads symbols.
  fileprivate var vocabulary: Int? { if case .tokens(let vocabulary, _) = input { vocabulary.count } else { nil } }
}
