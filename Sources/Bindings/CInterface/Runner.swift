public import CRecurrent
import CellAnalysis
import Engine
import Networks

/// What runs a model over batches, and what traces it.
final class Runner: Handle {
  let model: Model
  private let machine: Machine
  private lazy var runner = NetworkRunner(model.network, machine: machine, trains: false)
  private lazy var tracer = NetworkRunner(model.network, machine: machine, trains: false, traces: true)

  init(_ model: Model, threads: Int64) throws {
    self.model = model
    machine = try Machine(threads: threadCount(threads))
  }

  /// - Parameter output: `[sequences, steps, outputs]`, or `[sequences, outputs]` of a model that reads out sequences.
  func run(_ batch: recurrent_batch, to output: UnsafeMutablePointer<Float>) throws {
    let packed = try PackedBatch(batch, of: model)
    if packed.sequences == 0 { return }
    let rows = try runner.outputs(packed.inputs, lengths: packed.lengths)
    let architecture = model.network.architecture
    if architecture.readout == .everyStep {
      packed.unpack(rows, width: architecture.outputWidth, to: output)
    } else {
      packed.unpackSequences(rows, width: architecture.outputWidth, to: output)
    }
  }

  func trace(_ batch: recurrent_batch) throws -> Tracing {
    let packed = try PackedBatch(batch, of: model)
    return Tracing(try tracer.trace(packed.inputs, lengths: packed.lengths), packed)
  }
}

/// The quantities of all passes, with what C reads of them.
final class Tracing: Handle {
  private let batch: PackedBatch
  private let quantities: [Quantity]

  private struct Quantity {
    let pass: Int
    let (name, role): (CText, CText)
    let label: CText?
    let width: Int
    let values: [Float]
  }

  init(_ traces: [Trace], _ batch: PackedBatch) {
    self.batch = batch
    quantities = traces.enumerated().flatMap { pass, trace in
      trace.quantities.map {
        Quantity(
          pass: pass, name: CText($0.name), role: CText($0.role.rawValue), label: $0.label.map(CText.init), width: $0.width,
          values: $0.values)
      }
    }
  }

  var count: Int { quantities.count }

  func info(_ index: Int64) throws(Failure) -> recurrent_quantity_info {
    let quantity = try quantities.element(index, "quantity", of: "the trace")
    return recurrent_quantity_info(
      pass: Int64(quantity.pass), name: quantity.name.pointer, label: quantity.label?.pointer, role: quantity.role.pointer,
      width: Int64(quantity.width))
  }

  func copy(_ index: Int64, to values: UnsafeMutablePointer<Float>) throws(Failure) {
    let quantity = try quantities.element(index, "quantity", of: "the trace")
    batch.unpack(quantity.values, width: quantity.width, to: values)
  }
}

@c @implementation
public func recurrent_runner_open(
  _ model: OpaquePointer?, _ threads: Int64, _ runner: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  Runner.open(runner, "runner", error) { try Runner(Model.at(model, "model"), threads: threads) }
}

@c @implementation
public func recurrent_runner_close(_ runner: OpaquePointer?) { Runner.close(runner) }

@c @implementation
public func recurrent_runner_run(
  _ runner: OpaquePointer?, _ batch: UnsafePointer<recurrent_batch>?, _ output: UnsafeMutablePointer<Float>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) {
    try Runner.at(runner, "runner").run(required(batch, "batch").pointee, to: required(output, "output"))
  }
}

@c @implementation
public func recurrent_trace_open(
  _ runner: OpaquePointer?, _ batch: UnsafePointer<recurrent_batch>?, _ trace: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  Tracing.open(trace, "trace", error) { try Runner.at(runner, "runner").trace(required(batch, "batch").pointee) }
}

@c @implementation
public func recurrent_trace_close(_ trace: OpaquePointer?) { Tracing.close(trace) }

@c @implementation
public func recurrent_trace_count(_ trace: OpaquePointer?, _ count: UnsafeMutablePointer<Int64>?) -> recurrent_status {
  guard let trace, let count else { return RECURRENT_ERROR_ARGUMENT }
  count.pointee = Int64(Tracing.at(trace).count)
  return RECURRENT_OK
}

@c @implementation
public func recurrent_trace_describe(
  _ trace: OpaquePointer?, _ quantity: Int64, _ info: UnsafeMutablePointer<recurrent_quantity_info>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try required(info, "info").pointee = Tracing.at(trace, "trace").info(quantity) }
}

@c @implementation
public func recurrent_trace_copy(
  _ trace: OpaquePointer?, _ quantity: Int64, _ values: UnsafeMutablePointer<Float>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try Tracing.at(trace, "trace").copy(quantity, to: required(values, "values")) }
}
