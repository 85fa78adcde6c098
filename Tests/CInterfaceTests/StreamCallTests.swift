import AllocationCounter
import CRecurrent
import CellLanguage
import Networks
import Sequences
import Testing

/// Streams through the functions of the header.
struct StreamCallTests {
  private static let steps = 6

  private static func networks() throws -> [Network] {
    let layers: [Architecture.Layer] = [.init(.lstm, units: 5, learnsInitialStates: true), .init(.gru, units: 4)]
    return try [
      Architecture(input: .features(2), layers: layers, output: .values(2)),
      Architecture(input: .features(2), layers: layers, output: .classes(3)),
      Architecture(input: .features(2), layers: layers, output: .values(2), outputReadsInput: true),
      Architecture(input: .features(2), layers: layers, readout: .mean, output: .classes(3)),
      Architecture(input: .features(2), layers: layers, readout: .max, output: .values(1)),
    ].map { try Network($0, seed: 1) }
  }

  private static func process(_ stream: Opened, _ input: [Float], outputs: Int) -> [Float] {
    let steps = input.count / 2
    var output = [Float](repeating: 9, count: steps * outputs)
    #expect(recurrent_stream_process(stream.pointer, input, &output, Int64(steps)) == RECURRENT_OK)
    return output
  }

  @Test func blocksAreWhatTheLibraryGives() throws {
    for network in try Self.networks() {
      let input = numbers(Self.steps * 2)
      let (own, stream) = (try network.stream(), try Opened.stream(.model(network)))
      let width = network.architecture.outputWidth
      let expected = (0..<Self.steps).flatMap { own.step([input[2 * $0], input[2 * $0 + 1]]) }
      #expect(Self.process(stream, Array(input[..<4]), outputs: width) == Array(expected[..<(2 * width)]))
      #expect(recurrent_stream_process(stream.pointer, Array(input[4...]), nil, Int64(Self.steps - 2)) == RECURRENT_OK)
      var last = [Float](repeating: 9, count: width)
      #expect(recurrent_stream_outputs(stream.pointer, &last) == RECURRENT_OK)
      #expect(last == Array(expected.suffix(width)))
      #expect(recurrent_stream_reset(stream.pointer) == RECURRENT_OK)
      #expect(Self.process(stream, input, outputs: width) == expected)
    }
  }

  /// A clone goes on as the stream does, each by itself, whatever was asked of them before.
  @Test func aCloneGoesOn() throws {
    for network in try Self.networks() {
      let (input, width) = (numbers(Self.steps * 2), network.architecture.outputWidth)
      let stream = try Opened.stream(.model(network))
      #expect(recurrent_stream_process(stream.pointer, input, nil, 3) == RECURRENT_OK)
      let clone = try Opened(recurrent_stream_close) { recurrent_stream_clone(stream.pointer, $0, $1) }
      var (ofStream, ofClone) = ([Float](repeating: 8, count: width), [Float](repeating: 9, count: width))
      #expect(recurrent_stream_outputs(clone.pointer, &ofClone) == RECURRENT_OK)
      #expect(recurrent_stream_outputs(stream.pointer, &ofStream) == RECURRENT_OK)
      #expect(ofStream == ofClone)
      let rest = Array(input[6...])
      let expected = Self.process(stream, rest, outputs: width)
      #expect(Self.process(clone, rest, outputs: width) == expected)
    }
  }

  @Test func statesAreReadAndWritten() throws {
    let network = try Self.networks()[0]
    let model = try Opened.model(network)
    let (first, second) = (try Opened.stream(model), try Opened.stream(model))
    let input = numbers(8)
    let before = Self.process(first, input, outputs: 2)
    for (pass, states) in network.stateWidths.enumerated() {
      for (state, width) in states.enumerated() {
        var values = [Float](repeating: 0, count: width)
        try call { recurrent_stream_get_state(first.pointer, Int64(pass), Int64(state), &values, $0) }
        try call { recurrent_stream_set_state(second.pointer, Int64(pass), Int64(state), values, $0) }
      }
    }
    var last = [Float](repeating: 9, count: 2)
    #expect(recurrent_stream_outputs(second.pointer, &last) == RECURRENT_OK)
    #expect(last == [0, 0], "what the last step gave does not change with a state")
    #expect(Self.process(second, input, outputs: 2) == Self.process(first, input, outputs: 2))
    #expect(before.count == 8)
    #expect(
      refusal { try call { recurrent_stream_get_state(first.pointer, 2, 0, &last, $0) } }
        == "the stream has no pass 2; it has 2, counted from 0")
    #expect(
      refusal { try call { recurrent_stream_set_state(first.pointer, 1, 1, last, $0) } }
        == "pass 1 has no state 1; it has 1, counted from 0")
  }

  @Test func symbolsAreReadAndHeldAgainstTheVocabulary() throws {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    let network = try Network(
      input: .tokens(vocabulary, embedding: 3), layers: [.init(.lstm, units: 4)], output: .categorical, seed: 2)
    let (own, model) = (try network.stream(), try Opened.model(network))
    let stream = try Opened.stream(model)
    let symbols = try vocabulary.encode("abca")
    let expected = symbols.flatMap { own.step(Int($0)) }
    var output = [Float](repeating: 9, count: expected.count)
    #expect(recurrent_stream_read(stream.pointer, symbols, nil, &output, 4) == RECURRENT_OK)
    #expect(output == expected)
    #expect(recurrent_stream_read(stream.pointer, [0, Int32(vocabulary.count)], nil, &output, 2) == RECURRENT_ERROR_ARGUMENT)
    #expect(recurrent_stream_read(stream.pointer, [0, -1], nil, &output, 2) == RECURRENT_ERROR_ARGUMENT)
    #expect(recurrent_stream_process(stream.pointer, output, &output, 1) == RECURRENT_ERROR_ARGUMENT)
    var name: UnsafePointer<CChar>?
    try call { recurrent_model_symbol(model.pointer, Int64(symbols[1]), &name, $0) }
    #expect(name.map { String(cString: $0) } == "b")
  }

  @Test(.enabled(if: ac_counts(), "allocations are counted with glibc and without sanitizers"))
  func aBlockAllocatesNothing() throws {
    for network in try Self.networks() {
      let stream = try Opened.stream(.model(network))
      let input = numbers(64)
      var output = [Float](repeating: 0, count: 32 * network.architecture.outputWidth)
      func run() {
        _ = recurrent_stream_process(stream.pointer, input, &output, 32)
        _ = recurrent_stream_reset(stream.pointer)
      }
      run()
      let clone = try Opened(recurrent_stream_close) { recurrent_stream_clone(stream.pointer, $0, $1) }
      let before = ac_allocations()
      run()
      #expect(ac_allocations() == before)
      withExtendedLifetime(clone) {}
    }
  }

  @Test func modelsSayWhatTheyAre() throws {
    let network = try Self.networks()[1]
    let model = try Opened.model(network)
    var info = recurrent_model_info()
    try call { recurrent_model_describe(model.pointer, &info, $0) }
    #expect([info.inputs, info.symbols, info.outputs, info.passes] == [2, 0, 3, 2])
    #expect([info.gives_steps, info.gives_classes, info.streams] == [1, 1, 1])
    #expect(info.weights == Int64(network.parameters.count) && info.meaning == nil)
    #expect(String(cString: info.reads) == "2 features at each step")
    var pass = recurrent_pass_info()
    try call { recurrent_model_pass(model.pointer, 1, &pass, $0) }
    #expect(String(cString: pass.name) == "layer 2" && String(cString: pass.cell) == "gru" && pass.states == 1)
    var state = recurrent_tensor_info()
    try call { recurrent_model_state(model.pointer, 0, 1, &state, $0) }
    #expect(String(cString: state.name) == "c" && state.count == 5 && state.rank == 1)
  }

  @Test func whatIsWrongIsSaid() throws {
    #expect(
      refusal { _ = try Opened(recurrent_model_close) { recurrent_model_open("missing.safetensors", $0, $1) } }
        == "can't read missing.safetensors: there is no such file")
    #expect(
      refusal { _ = try Opened(recurrent_model_close) { recurrent_model_open(nil, $0, $1) } } == "path is NULL: give a pointer")
    #expect(
      refusal { _ = try Opened(recurrent_model_close) { recurrent_model_open_bytes("abc", 3, $0, $1) } }?
        .hasPrefix("can't read the model: ") == true)
    #expect(refusal { try call { recurrent_model_describe(nil, nil, $0) } } == "info is NULL: give a pointer")
    let reverse = try Network(
      input: .features(1), layers: [.init(.lstm, units: 2, direction: .reverse)], output: .values(1))
    #expect(
      refusal { _ = try Opened.stream(.model(reverse)) }?.hasPrefix("the network can't be run step by step: layer 1 reads each")
        == true)
    #expect(recurrent_stream_process(nil, nil, nil, 1) == RECURRENT_ERROR_ARGUMENT)
    for close in [recurrent_model_close, recurrent_stream_close, recurrent_runner_close, recurrent_tape_close] { close(nil) }
  }
}
