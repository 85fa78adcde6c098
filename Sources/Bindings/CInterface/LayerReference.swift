public import CRecurrent
import CellCompiler
import CellLanguage
import Engine
import EngineLaws
import Support

extension Layer {
  /// Runs sequences in double precision, straight from the equations, and back if a gradient is given.
  func runReference(_ call: recurrent_reference_call) throws {
    let reference = ReferenceCell(plan.cell, dimensions: plan.dimensions)
    // What the interpreter keeps of a row, names included, is some hundred times what the kernels do.
    let lengths = try PackedLengths(
      sequences: call.sequences, steps: call.steps, lengths: call.lengths, bytesPerRow: 100 * (plan.trainingBytes + 64))
    let arrays = ReferenceArrays(plan, layout, lengths, isReverse: call.reverse != 0)
    let (input, output) = (try required(call.input, "input"), try required(call.output, "output"))
    let run = try reference.run(
      packed: arrays.rows(input, width: plan.dimensions.inputs), lengths: lengths,
      initialStates: arrays.states(call.initial_states), parameters: try arrays.parameters(call.parameters),
      zoneout: try arrays.zoneouts(call.zoneouts))
    let (states, width) = (plan.cell.states.map(\.name), plan.width(ofState: 0))
    arrays.write(found(run.quantities[states[0]], orFail: "the reference gave no \(states[0])"), width: width, to: output)
    arrays.write(run.finalStates, of: states, to: call.final_states)
    if call.output_gradient == nil && call.final_gradients == nil { return }
    let outputs =
      call.output_gradient.map { arrays.rows($0, width: width) } ?? [Double](repeating: 0, count: lengths.rows * width)
    let gradients = try reference.gradients(of: run, outputs: outputs, finalStates: arrays.states(call.final_gradients))
    if let target = call.input_gradient { arrays.write(gradients.inputs, width: plan.dimensions.inputs, to: target) }
    arrays.write(gradients.initialStates, of: states, to: call.initial_gradients)
    arrays.write(gradients.parameters, of: layout.entries.map(\.name), to: call.parameter_gradients)
  }
}

/// The arrays of a call as the reference takes and gives them: by name, and rows in the order in which they are read.
private struct ReferenceArrays {
  private let plan: Plan
  private let layout: ParameterLayout
  private let lengths: PackedLengths
  /// The row that each row changes places with.
  private let order: [Int]

  init(_ plan: Plan, _ layout: ParameterLayout, _ lengths: PackedLengths, isReverse: Bool) {
    (self.plan, self.layout, self.lengths) = (plan, layout, lengths)
    order = isReverse ? lengths.reversal : Array(0..<lengths.rows)
  }

  /// `[rows, width]`
  func rows(_ values: UnsafePointer<Double>, width: Int) -> [Double] {
    order.flatMap { UnsafeBufferPointer(start: values + $0 * width, count: width) }
  }

  func write(_ rows: [Double], width: Int, to target: UnsafeMutablePointer<Double>) {
    for (row, other) in order.enumerated() {
      for place in 0..<width { target[row * width + place] = rows[other * width + place] }
    }
  }

  /// `[sequences, width]` of each state that is given.
  func states(_ arrays: UnsafePointer<UnsafePointer<Double>?>?) -> [String: [Double]] {
    var states: [String: [Double]] = [:]
    for (index, state) in plan.cell.states.enumerated() {
      guard let array = arrays?[index] else { continue }
      states[state.name] = Array(UnsafeBufferPointer(start: array, count: lengths.batch * plan.width(ofState: index)))
    }
    return states
  }

  func zoneouts(_ arrays: UnsafePointer<UnsafePointer<Double>?>?) throws(Failure) -> [String: [Double]] {
    var zoneouts: [String: [Double]] = [:]
    for (index, state) in plan.cell.states.enumerated() {
      guard let array = arrays?[index] else { continue }
      try plan.checkZoneout(of: index)
      zoneouts[state.name] = Array(UnsafeBufferPointer(start: array, count: lengths.rows * plan.width(ofState: index)))
    }
    return zoneouts
  }

  func parameters(_ arrays: UnsafePointer<UnsafePointer<Double>?>?) throws(Failure) -> [String: [Double]] {
    var parameters: [String: [Double]] = [:]
    for (index, entry) in layout.entries.enumerated() {
      let array = try required(required(arrays, "parameters")[index], "the array of parameter \(entry.name)")
      parameters[entry.name] = Array(UnsafeBufferPointer(start: array, count: entry.range.count))
    }
    return parameters
  }

  /// Writes what there is by name to those of the arrays that are given.
  func write(_ values: [String: [Double]], of names: [String], to arrays: UnsafePointer<UnsafeMutablePointer<Double>?>?) {
    for (index, name) in names.enumerated() {
      let own = found(values[name], orFail: "the reference gave no \(name)")
      arrays?[index]?.update(from: own, count: own.count)
    }
  }
}

@c @implementation
public func recurrent_layer_run_reference(
  _ layer: OpaquePointer?, _ call: UnsafePointer<recurrent_reference_call>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try Layer.at(layer, "layer").runReference(required(call, "call").pointee) }
}
