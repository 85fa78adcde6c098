public import CRecurrent
import Networks

/// A stream, with what its caller's numbers are held against.
final class Stream: Handle {
  let stream: NetworkStream
  /// What a step reads.
  let (numbers, symbols): (Int, Int)
  private let widths: [[Int]]

  init(_ stream: NetworkStream, reading reads: (numbers: Int, symbols: Int), widths: [[Int]]) {
    self.stream = stream
    (numbers, symbols) = reads
    self.widths = widths
  }

  convenience init(_ model: Model) throws {
    let stream = try model.streamingNetwork().stream()
    guard let reads = model.reads else { throw Failure(RECURRENT_ERROR_UNSUITABLE, "the model can't be run step by step") }
    self.init(stream, reading: reads, widths: model.network.stateWidths)
  }

  func copy() -> Stream { Stream(stream.copy(), reading: (numbers, symbols), widths: widths) }

  func withState(
    _ state: Int64, ofPass pass: Int64, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) throws {
    let states = try Array(widths.enumerated()).element(pass, "pass", of: "the stream")
    let found = try Array(states.element.indices).element(state, "state", of: "pass \(pass)")
    try stream.withState(found, ofLayer: states.offset, body)
  }
}

@c @implementation
public func recurrent_stream_open(
  _ model: OpaquePointer?, _ stream: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  Stream.open(stream, "stream", error) { try Stream(Model.at(model, "model")) }
}

@c @implementation
public func recurrent_stream_close(_ stream: OpaquePointer?) { Stream.close(stream) }

@c @implementation
public func recurrent_stream_process(
  _ stream: OpaquePointer?, _ input: UnsafePointer<Float>?, _ output: UnsafeMutablePointer<Float>?, _ steps: Int64
) -> recurrent_status {
  guard let stream, steps >= 0 else { return RECURRENT_ERROR_ARGUMENT }
  return Stream.with(stream) { own in
    if own.symbols > 0 || input == nil && steps > 0 { return RECURRENT_ERROR_ARGUMENT }
    own.stream.process(symbols: nil, numbers: input, steps: Int(steps), into: output)
    return RECURRENT_OK
  }
}

@c @implementation
public func recurrent_stream_read(
  _ stream: OpaquePointer?, _ symbols: UnsafePointer<Int32>?, _ input: UnsafePointer<Float>?,
  _ output: UnsafeMutablePointer<Float>?, _ steps: Int64
) -> recurrent_status {
  guard let stream, steps >= 0 else { return RECURRENT_ERROR_ARGUMENT }
  return Stream.with(stream) { own in
    if steps == 0 { return RECURRENT_OK }
    guard let symbols, own.symbols > 0, own.numbers == 0 || input != nil else { return RECURRENT_ERROR_ARGUMENT }
    for step in 0..<Int(steps) where symbols[step] < 0 || Int(symbols[step]) >= own.symbols { return RECURRENT_ERROR_ARGUMENT }
    own.stream.process(symbols: symbols, numbers: input, steps: Int(steps), into: output)
    return RECURRENT_OK
  }
}

@c @implementation
public func recurrent_stream_outputs(_ stream: OpaquePointer?, _ outputs: UnsafeMutablePointer<Float>?) -> recurrent_status {
  guard let stream, let outputs else { return RECURRENT_ERROR_ARGUMENT }
  return Stream.with(stream) { own in
    for (place, value) in own.stream.outputs.enumerated() { outputs[place] = value }
    return RECURRENT_OK
  }
}

@c @implementation
public func recurrent_stream_reset(_ stream: OpaquePointer?) -> recurrent_status {
  guard let stream else { return RECURRENT_ERROR_ARGUMENT }
  return Stream.with(stream) { own in
    own.stream.reset()
    return RECURRENT_OK
  }
}

@c @implementation
public func recurrent_stream_clone(
  _ stream: OpaquePointer?, _ clone: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  Stream.open(clone, "clone", error) { try Stream.at(stream, "stream").copy() }
}

@c @implementation
public func recurrent_stream_get_state(
  _ stream: OpaquePointer?, _ pass: Int64, _ state: Int64, _ values: UnsafeMutablePointer<Float>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) {
    let values = try required(values, "values")
    try Stream.at(stream, "stream").withState(state, ofPass: pass) { own in
      for (place, value) in own.enumerated() { values[place] = value }
    }
  }
}

@c @implementation
public func recurrent_stream_set_state(
  _ stream: OpaquePointer?, _ pass: Int64, _ state: Int64, _ values: UnsafePointer<Float>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) {
    let values = try required(values, "values")
    try Stream.at(stream, "stream").withState(state, ofPass: pass) { own in
      for place in own.indices { own[place] = values[place] }
    }
  }
}
