public import CRecurrent
import CellCompiler
import CellLanguage
import Engine
import Networks
import Platform
import Support
import Synchronization

/// A cell with sizes, and the memory of runs that are over, for the next ones.
final class Layer: Handle, Sendable {
  let plan: Plan
  let layout: ParameterLayout
  private let machine: Machine
  /// The process that opened it.
  private let process = System.processNumber
  private let (parameters, states): ([TensorText], [TensorText])
  private let idle: Mutex<Idle>
  /// The most runs whose memory is kept: a layer that is called more often before its tapes are run back makes it anew.
  private static let mostKept = 8

  private struct Idle {
    /// The process whose threads the runs are for.
    var process: Int32
    var runs: [LayerRun] = []
  }

  init(_ cell: Cell, inputs: Int, units: Int, sizes: [String: Int], threads: Int64) throws {
    let further = cell.inputs.dropFirst().map(\.name)
    if !further.isEmpty {
      throw Failure(
        RECURRENT_ERROR_UNSUITABLE,
        "cell \(cell.name) reads \(further.joined(separator: ", ")) beside \(cell.input), and a layer in C reads one input")
    }
    if let memory = cell.memory {
      throw Failure(
        RECURRENT_ERROR_UNSUITABLE, "cell \(cell.name) reads the memory \(memory.name), and a layer in C is given none")
    }
    let dimensions = try cell.dimensions(inputs: inputs, units: units, sizes: sizes)
    layout = ParameterLayout(cell, dimensions: dimensions)
    // Each parameter is there as its caller has it, stacked, and packed both ways.
    let bytes = layout.count.multipliedReportingOverflow(by: 4 * MemoryLayout<Float>.stride)
    guard !bytes.overflow, bytes.partialValue <= System.physicalMemory else {
      throw Failure(
        RECURRENT_ERROR_MACHINE, "a layer of cell \(cell.name) with \(layout.count) weights is more than memory can hold")
    }
    plan = Plan(compiling: cell, dimensions: dimensions).recompiled(drawing: Plan.Drawing(zoneout: true))
    machine = try Machine(threads: threadCount(threads))
    parameters = zip(cell.parameters, layout.entries).map { TensorText($0.name, shape: $1.shape, isFixed: $0.isFixed) }
    let plan = plan
    states = cell.states.enumerated().map { TensorText($1.name, shape: [plan.width(ofState: $0)]) }
    idle = Mutex(Idle(process: process))
  }

  var info: recurrent_layer_info {
    recurrent_layer_info(
      inputs: Int64(plan.dimensions.inputs), units: Int64(plan.dimensions.units), outputs: Int64(plan.width(ofState: 0)),
      states: Int64(states.count), parameters: Int64(parameters.count), weights: Int64(layout.count))
  }

  func parameter(_ index: Int64) throws(Failure) -> recurrent_tensor_info {
    try parameters.element(index, "parameter", of: "the layer").info
  }

  func state(_ index: Int64) throws(Failure) -> recurrent_tensor_info {
    try states.element(index, "state", of: "the layer").info
  }

  func zoneout(_ state: Int64) throws(Failure) -> Double { try plan.cell.states.element(state, "state", of: "the layer").zoneout }

  func initialize(seed: UInt64, _ targets: UnsafePointer<UnsafeMutablePointer<Float>?>) throws {
    var random = Random(.weights, seed: seed)
    let values = plan.initialParameters(&random)
    for (index, entry) in layout.entries.enumerated() {
      let target = try required(targets[index], "the array of parameter \(entry.name)")
      for (place, value) in values[entry.range].enumerated() { target[place] = value }
    }
  }

  /// Memory for a run, with weights from before.
  ///
  /// - Parameter servesBackward: whether it can be run back.
  func run(servesBackward: Bool) throws -> LayerRun {
    // The threads of a process don't go along when it is forked.
    let process = System.processNumber
    let kept = idle.withLock { idle -> LayerRun? in
      if idle.process != process { idle = Idle(process: process) }
      return idle.runs.lastIndex { $0.servesBackward == servesBackward }.map { idle.runs.remove(at: $0) }
    }
    if let kept { return kept }
    let machine = process == self.process ? machine : try Machine(threads: 1)
    return LayerRun(self, on: machine, servesBackward: servesBackward)
  }

  /// Takes back memory that is not needed any more.
  func takeBack(_ run: LayerRun) {
    if run.process != System.processNumber { return }
    idle.withLock { idle in
      if idle.runs.count < Self.mostKept { idle.runs.append(run) }
    }
  }
}

@c @implementation
public func recurrent_layer_open(
  _ cell: OpaquePointer?, _ inputs: Int64, _ units: Int64, _ size_names: UnsafePointer<UnsafePointer<CChar>?>?,
  _ sizes: UnsafePointer<Int64>?, _ size_count: Int64, _ threads: Int64, _ layer: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  Layer.open(layer, "layer", error) {
    var values: [String: Int] = [:]
    guard size_count >= 0 else { throw Failure.argument("size_count is \(size_count); it can't be negative") }
    if size_count > 0 {
      let (names, sizes) = (try required(size_names, "size_names"), try required(sizes, "sizes"))
      for index in 0..<Int(size_count) { values[try CText.text(names[index], "a name of a size")] = Int(sizes[index]) }
    }
    return try Layer(
      CellHandle.at(cell, "cell").cell, inputs: Int(inputs), units: Int(units), sizes: values, threads: threads)
  }
}

@c @implementation
public func recurrent_layer_close(_ layer: OpaquePointer?) { Layer.close(layer) }

@c @implementation
public func recurrent_layer_describe(
  _ layer: OpaquePointer?, _ info: UnsafeMutablePointer<recurrent_layer_info>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = Layer.at(layer, "layer").info }
}

@c @implementation
public func recurrent_layer_parameter(
  _ layer: OpaquePointer?, _ index: Int64, _ info: UnsafeMutablePointer<recurrent_tensor_info>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = Layer.at(layer, "layer").parameter(index) }
}

@c @implementation
public func recurrent_layer_state(
  _ layer: OpaquePointer?, _ index: Int64, _ info: UnsafeMutablePointer<recurrent_tensor_info>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = Layer.at(layer, "layer").state(index) }
}

@c @implementation
public func recurrent_layer_initialize(
  _ layer: OpaquePointer?, _ seed: UInt64, _ parameters: UnsafePointer<UnsafeMutablePointer<Float>?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try Layer.at(layer, "layer").initialize(seed: seed, required(parameters, "parameters")) }
}

@c @implementation
public func recurrent_layer_zoneout(
  _ layer: OpaquePointer?, _ state: Int64, _ fraction: UnsafeMutablePointer<Double>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(fraction, "fraction").pointee = Layer.at(layer, "layer").zoneout(state) }
}
