import CRecurrent
import CellCompiler
import CellLanguage
import Engine
import Platform

/// The arrays that each call of a layer has, none of them missing.
struct CallArrays {
  let parameters: [UnsafePointer<Float>]
  let input: UnsafePointer<Float>
  let output: UnsafeMutablePointer<Float>

  init(_ call: recurrent_layer_call, of layer: Layer) throws(Failure) {
    let entries = layer.layout.entries
    var parameters: [UnsafePointer<Float>] = []
    if !entries.isEmpty {
      let given = try required(call.parameters, "parameters")
      for (index, entry) in entries.enumerated() {
        parameters.append(try required(given[index], "the array of parameter \(entry.name)"))
      }
    }
    self.parameters = parameters
    input = try required(call.input, "input")
    output = try required(call.output, "output")
    for (state, declared) in layer.plan.cell.states.enumerated() {
      if call.zoneouts?[state] != nil && !layer.plan.zonedStates.contains(state) {
        throw .argument("zoneouts has an array for state \(declared.name), which has no zoneout in the text of its cell")
      }
    }
  }
}

extension PackedLengths {
  /// The sequences of a call.
  ///
  /// - Throws: ``Failure`` if there is no such batch, or memory for it; ``RecurrentError`` if it is not sorted.
  init(_ call: recurrent_layer_call, of plan: Plan) throws {
    let (sequences, steps) = (call.sequences, call.steps)
    let rows = sequences.multipliedReportingOverflow(by: steps)
    guard sequences >= 0, steps >= 0, !rows.overflow, rows.partialValue <= Int32.max, steps <= Int32.max, sequences <= Int32.max
    else {
      throw Failure(
        RECURRENT_ERROR_SHAPE,
        "\(sequences) sequences of \(steps) steps: neither may be negative, nor both together more than \(Int32.max) rows")
    }
    let own: [Int]
    if let lengths = call.lengths {
      own = (0..<Int(sequences)).map { Int(lengths[$0]) }
      if let first = own.first, first != Int(steps) {
        throw Failure(
          RECURRENT_ERROR_SHAPE,
          "the first sequence has \(first) steps and the call \(steps): these are those of the longest, which comes first")
      }
    } else {
      own = Array(repeating: Int(steps), count: Int(sequences))
    }
    // What there is for each row, and for each step.
    let bytes = (rows.partialValue + sequences) * Int64(plan.trainingBytes + 64) + 32 * steps
    guard bytes <= System.physicalMemory else {
      throw Failure(
        RECURRENT_ERROR_MACHINE,
        "\(sequences) sequences of \(steps) steps take about \(bytes >> 30) GB, and this machine has \(System.physicalMemory >> 30)"
      )
    }
    try self.init(own)
  }
}
