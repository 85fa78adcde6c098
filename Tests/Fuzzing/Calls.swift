import CInterface
import CRecurrent

/// Calls of the C library as a program makes them: whatever it is given, a call gives a status, and never ends the process.
///
/// The first byte says whether a model or a cell follows and, of a cell, the second and third how it is run.
func callLibrary(_ input: UnsafeBufferPointer<UInt8>) {
  guard let first = input.first else { return }
  let rest = UnsafeBufferPointer(rebasing: input.dropFirst())
  if first == UInt8(ascii: "m") {
    withModel(rest)
  } else if rest.count > 2 {
    withCell(UnsafeBufferPointer(rebasing: rest.dropFirst(2)), sizes: rest[0], calls: rest[1])
  }
}

// MARK: Models

private func withModel(_ bytes: UnsafeBufferPointer<UInt8>) {
  var model: OpaquePointer?
  guard recurrent_model_open_bytes(bytes.baseAddress, Int64(bytes.count), &model, nil) == RECURRENT_OK else { return }
  defer { recurrent_model_close(model) }
  var info = recurrent_model_info()
  guard recurrent_model_describe(model, &info, nil) == RECURRENT_OK else { return }
  // One that runs for long is no fault.
  guard info.weights < 100_000 else { return }
  for index in -1..<min(info.passes + 1, 4) {
    var pass = recurrent_pass_info()
    _ = recurrent_model_pass(model, index, &pass, nil)
    var state = recurrent_tensor_info()
    _ = recurrent_model_state(model, index, 0, &state, nil)
  }
  let (steps, sequences) = (3, 2)
  let numbers = [Float](repeating: 0.5, count: max(1, steps * sequences * Int(info.inputs)))
  let symbols: [Int32] = [0, 1, Int32.max, -1, 0, 0]
  var output = [Float](repeating: 0, count: max(1, steps * sequences * Int(info.outputs)))

  var stream: OpaquePointer?
  if recurrent_stream_open(model, &stream, nil) == RECURRENT_OK {
    _ = recurrent_stream_process(stream, numbers, &output, Int64(steps))
    var other: OpaquePointer?
    _ = recurrent_stream_clone(stream, &other, nil)
    _ = recurrent_stream_reset(stream)
    recurrent_stream_close(other)
    recurrent_stream_close(stream)
  }
  var runner: OpaquePointer?
  if recurrent_runner_open(model, 1, &runner, nil) == RECURRENT_OK {
    for lengths in [[3, 1], [1, 3], [0, 0], [4, -1]] as [[Int64]] {
      lengths.withUnsafeBufferPointer { lengths in
        numbers.withUnsafeBufferPointer { numbers in
          symbols.withUnsafeBufferPointer { symbols in
            var batch = recurrent_batch()
            (batch.sequences, batch.steps, batch.lengths) = (Int64(sequences), Int64(steps), lengths.baseAddress)
            (batch.input, batch.symbols) = (numbers.baseAddress, symbols.baseAddress)
            _ = recurrent_runner_run(runner, &batch, &output, nil)
          }
        }
      }
    }
    recurrent_runner_close(runner)
  }
}

// MARK: Cells

/// - Parameters:
///   - sizes: the inputs and the units of a layer, three bits each, of which 0 is refused.
///   - calls: which sequences a call has, and whether it is run back, in reverse, or by the reference.
private func withCell(_ bytes: UnsafeBufferPointer<UInt8>, sizes: UInt8, calls: UInt8) {
  let text = bytes.map { CChar(bitPattern: $0) } + [0]
  var cell: OpaquePointer?
  guard recurrent_cell_open(text, nil, &cell, nil) == RECURRENT_OK else { return }
  defer { recurrent_cell_close(cell) }
  var layer: OpaquePointer?
  guard recurrent_layer_open(cell, Int64(sizes & 7), Int64(sizes >> 3 & 7), nil, nil, 0, 1, &layer, nil) == RECURRENT_OK
  else { return }
  defer { recurrent_layer_close(layer) }
  var info = recurrent_layer_info()
  guard recurrent_layer_describe(layer, &info, nil) == RECURRENT_OK, info.weights < 10_000 else { return }

  let arrays = Arrays<Float>()
  let lengths: [[Int]] = [[2, 1], [3, 0], [1, 2], [3]]
  let own = lengths[Int(calls & 3)]
  let rows = own.reduce(0, +)
  let parameters = (0..<info.parameters).map { index in
    var tensor = recurrent_tensor_info()
    return recurrent_layer_parameter(layer, index, &tensor, nil) == RECURRENT_OK ? Int(tensor.count) : 0
  }
  let states = (0..<info.states).map { index in
    var tensor = recurrent_tensor_info()
    return recurrent_layer_state(layer, index, &tensor, nil) == RECURRENT_OK ? Int(tensor.count) * own.count : 0
  }
  if calls & 4 == 0 {
    var call = recurrent_layer_call()
    (call.sequences, call.steps, call.lengths) = (Int64(own.count), Int64(own[0]), arrays.integers(own))
    call.reverse = calls & 8 == 0 ? 0 : 1
    call.parameters = arrays.constants(parameters)
    (call.input, call.output) = (UnsafePointer(arrays.numbers(rows * Int(info.inputs))), arrays.numbers(rows * Int(info.outputs)))
    if calls & 16 != 0 { call.initial_states = arrays.constants(states) }
    if calls & 32 != 0 { call.final_states = arrays.places(states) }
    var tape: OpaquePointer?
    if recurrent_layer_run(layer, &call, &tape, nil) == RECURRENT_OK {
      var gradients = recurrent_gradients()
      if calls & 64 != 0 { gradients.output = UnsafePointer(arrays.numbers(rows * Int(info.outputs))) }
      if calls & 128 != 0 { gradients.final_states = arrays.constants(states) }
      gradients.input_gradient = arrays.numbers(rows * Int(info.inputs))
      gradients.parameters = arrays.places(parameters)
      _ = recurrent_tape_run_back(tape, &gradients, nil)
      _ = recurrent_tape_run_back(tape, &gradients, nil)
    }
    recurrent_tape_close(tape)
  } else {
    let doubles = Arrays<Double>()
    var call = recurrent_reference_call()
    (call.sequences, call.steps, call.lengths) = (Int64(own.count), Int64(own[0]), arrays.integers(own))
    call.reverse = calls & 8 == 0 ? 0 : 1
    call.parameters = doubles.constants(parameters)
    (call.input, call.output) = (
      UnsafePointer(doubles.numbers(rows * Int(info.inputs))), doubles.numbers(rows * Int(info.outputs))
    )
    if calls & 64 != 0 { call.output_gradient = UnsafePointer(doubles.numbers(rows * Int(info.outputs))) }
    call.parameter_gradients = doubles.places(parameters)
    _ = recurrent_layer_run_reference(layer, &call, nil)
  }
}

/// Arrays of a call, as long as it needs them.
private final class Arrays<Number: BinaryFloatingPoint> {
  private var memory: [UnsafeMutableRawPointer] = []

  deinit { for place in memory { place.deallocate() } }

  func numbers(_ count: Int) -> UnsafeMutablePointer<Number> {
    let array = UnsafeMutablePointer<Number>.allocate(capacity: max(1, count))
    array.initialize(repeating: 0.25, count: max(1, count))
    memory.append(array)
    return array
  }

  func integers(_ values: [Int]) -> UnsafePointer<Int64> {
    let array = UnsafeMutablePointer<Int64>.allocate(capacity: values.count)
    for (place, value) in values.enumerated() { array[place] = Int64(value) }
    memory.append(array)
    return UnsafePointer(array)
  }

  func constants(_ counts: [Int]) -> UnsafePointer<UnsafePointer<Number>?> {
    let array = UnsafeMutablePointer<UnsafePointer<Number>?>.allocate(capacity: max(1, counts.count))
    for (place, count) in counts.enumerated() { array[place] = UnsafePointer(numbers(count)) }
    memory.append(array)
    return UnsafePointer(array)
  }

  func places(_ counts: [Int]) -> UnsafePointer<UnsafeMutablePointer<Number>?> {
    let array = UnsafeMutablePointer<UnsafeMutablePointer<Number>?>.allocate(capacity: max(1, counts.count))
    for (place, count) in counts.enumerated() { array[place] = numbers(count) }
    memory.append(array)
    return UnsafePointer(array)
  }
}
