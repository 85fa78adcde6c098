import Engine
import Exchange
import Foundation
import Models
import Networks
import Storage
import Support
import TensorFiles

/// A chain run layer by layer, also one that no network can hold as a whole: recurrent layers by networks of their own, the
/// others plainly.
struct ChainEvaluation {
  let chain: LayerChain
  /// 0 for the steps that are passed over, `[B · T]`; nil for none.
  var mask: [Int]?
  /// Of the first recurrent layer, `[directions, B, width]`.
  var states: [String: (values: [Float], shape: [Int])] = [:]

  /// An array with its shape.
  struct Array {
    var values: [Float]
    var shape: [Int]
  }

  /// - Parameter x: `[B, T, inputs]`, or `[B, T]` of symbols.
  /// - Returns: what the last part gives, and the states after the last recurrent layer.
  func callAsFunction(_ x: Array) throws -> (y: Array, states: [String: [Float]]) {
    var (now, states, last): (Array, [String: [Float]], FoundLayer?) = (x, [:], nil)
    for part in chain.parts {
      switch part {
      case .embedding(let layer):
        now.values = now.values.flatMap { layer.weight[Int($0) * layer.width..<(Int($0) + 1) * layer.width] }
        now.shape.append(layer.width)
      case .recurrent(let found):
        (now, states) = try run(found, now, isFirst: last == nil)
        last = found
      case .dense(let layer): now = dense(layer, now)
      case .pointwise(let layer): throw RecurrentError(.interchange, "layer \(layer.name) is left to networks")
      case .readout(.last): now = try ends(require(last), now, states)
      case .readout(let readout): throw RecurrentError(.interchange, "the \(readout.rawValue) of steps is left to networks")
      case .gain(let gain): throw RecurrentError(.interchange, "\(gain.name) is left to networks")
      case .shortcut: throw RecurrentError(.interchange, "the input that is added is left to networks")
      case .other(let name, let what): throw RecurrentError(.interchange, "\(name) is \(what)")
      case .unreadable(_, let error): throw error
      }
    }
    return (now, states)
  }

  static func sigmoid(_ number: Float) -> Float { 1 / (1 + Foundation.exp(-number)) }

  private func require<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw RecurrentError(.interchange, "nothing stands there") }
    return value
  }

  private func run(_ found: FoundLayer, _ x: Array, isFirst: Bool) throws -> (Array, [String: [Float]]) {
    var entries = [Safetensors.Entry("x", x.values, shape: x.shape)]
    if let mask { entries.append(.init("mask", mask.map(Int64.init), shape: Swift.Array(x.shape.prefix(2)))) }
    if isFirst { entries += states.map { .init($0.key, $0.value.values, shape: $0.value.shape) } }
    let (input, output) = (TemporaryFile(), TemporaryFile())
    try Safetensors.write(entries, to: input.path)
    let run = try ArrayRun(Network([found.layer]), TensorFile(contentsOf: input.path))
    try Safetensors.write(run(on: Machine(threads: 1)), to: output.path)
    let results = try TensorFile(contentsOf: output.path)
    var states = ["h_n": try results.floats("h_n")]
    if results["c_n"] != nil { states["c_n"] = try results.floats("c_n") }
    return (Array(values: try results.floats("y"), shape: results["y"]?.shape ?? []), states)
  }

  /// What each direction gives at its own last step, merged.
  private func ends(_ found: FoundLayer, _ y: Array, _ states: [String: [Float]]) throws -> Array {
    let (batch, hidden) = (y.shape[0], try require(states["h_n"]))
    guard case .bidirectional(let merge) = found.layer.description.direction else {
      return Array(values: hidden, shape: [batch, hidden.count / batch])
    }
    let width = hidden.count / 2 / batch
    let halves = (hidden.prefix(batch * width), hidden.suffix(batch * width))
    let pairs = Swift.Array(zip(halves.0, halves.1))
    switch merge {
    case .concatenate:
      let both = (0..<batch).flatMap { row in
        halves.0.dropFirst(row * width).prefix(width) + halves.1.dropFirst(row * width).prefix(width)
      }
      return Array(values: both, shape: [batch, 2 * width])
    case .sum: return Array(values: pairs.map { $0 + $1 }, shape: [batch, width])
    case .multiply: return Array(values: pairs.map { $0 * $1 }, shape: [batch, width])
    case .average: return Array(values: pairs.map { ($0 + $1) / 2 }, shape: [batch, width])
    }
  }

  private func dense(_ layer: DenseLayer, _ x: Array) -> Array {
    let rows = x.values.count / layer.inputs
    let values = (0..<rows).flatMap { row -> [Float] in
      let own = x.values[row * layer.inputs..<(row + 1) * layer.inputs]
      let sums = (0..<layer.outputs).map { output in
        zip(own, layer.weight[output * layer.inputs..<(output + 1) * layer.inputs]).reduce(layer.bias?[output] ?? 0) {
          $0 + $1.0 * $1.1
        }
      }
      return apply(layer.function, sums)
    }
    return Array(values: values, shape: x.shape.dropLast() + [layer.outputs])
  }

  private func apply(_ function: DenseLayer.Function, _ sums: [Float]) -> [Float] {
    switch function {
    case .softmax, .logSoftmax:
      let powers = sums.map { Foundation.exp($0) }
      return powers.map { $0 / powers.reduce(0, +) }
    case .elementwise(let activation):
      switch activation.name {
      case "relu": return sums.map { max(0, $0) }
      case "tanh": return sums.map { Foundation.tanh($0) }
      case "sigmoid": return sums.map(Self.sigmoid)
      default: return sums
      }
    }
  }
}

extension Network {
  /// What the network gives for an array of numbers, `[B, T, inputs]`, or symbols, `[B, T]`.
  func outputs(_ x: ChainEvaluation.Array) throws -> [Float] {
    let (input, output) = (TemporaryFile(), TemporaryFile())
    if architecture.vocabulary != nil {
      try Safetensors.write([.init("x", x.values.map { Int64($0) }, shape: x.shape)], to: input.path)
    } else {
      try Safetensors.write([.init("x", x.values, shape: x.shape)], to: input.path)
    }
    try Safetensors.write(ArrayRun(self, TensorFile(contentsOf: input.path))(on: Machine(threads: 1)), to: output.path)
    return try TensorFile(contentsOf: output.path).floats("y")
  }
}
