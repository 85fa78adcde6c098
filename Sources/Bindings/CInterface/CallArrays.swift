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
    for state in layer.plan.cell.states.indices where call.zoneouts?[state] != nil { try layer.plan.checkZoneout(of: state) }
  }
}

extension Plan {
  /// - Throws: ``Failure`` if zoneout is given for a state that has none.
  func checkZoneout(of state: Int) throws(Failure) {
    if zonedStates.contains(state) { return }
    throw .argument("zoneouts has an array for state \(cell.states[state].name), which has no zoneout in the text of its cell")
  }
}

extension PackedLengths {
  /// The sequences of a call.
  ///
  /// - Parameter bytesPerRow: the memory that a row takes, about.
  /// - Throws: ``Failure`` if there is no such batch, or memory for it; ``RecurrentError`` if it is not sorted.
  init(sequences: Int64, steps: Int64, lengths: UnsafePointer<Int64>?, bytesPerRow: Int) throws {
    let rows = sequences.multipliedReportingOverflow(by: steps)
    guard sequences >= 0, steps >= 0, !rows.overflow, rows.partialValue <= Int32.max, steps <= Int32.max, sequences <= Int32.max
    else {
      throw Failure(
        RECURRENT_ERROR_SHAPE,
        "\(sequences) sequences of \(steps) steps: neither may be negative, nor both together more than \(Int32.max) rows")
    }
    let own: [Int]
    if let lengths {
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
    let bytes = (rows.partialValue + sequences) * Int64(bytesPerRow) + 32 * steps
    guard bytes <= System.physicalMemory else {
      throw Failure(
        RECURRENT_ERROR_MACHINE,
        "\(sequences) sequences of \(steps) steps take about \(bytes >> 30) GB, and this machine has \(System.physicalMemory >> 30)"
      )
    }
    try self.init(own)
  }
}
