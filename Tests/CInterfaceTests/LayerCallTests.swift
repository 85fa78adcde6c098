import CRecurrent
import CellCompiler
import CellLanguage
import Engine
import Testing

/// Layers through the functions of the header, held to the engine's own runs.
struct LayerCallTests {
  /// What a layer is run on, and what comes of it.
  private struct Trial {
    static let lengths = [5, 3, 3, 0]
    let cell: Cell
    let plan: Plan
    let layout: ParameterLayout
    let layer: Opened
    let parameters: [Float]
    let input: [Float]
    let initial: [[Float]]
    let outputGradient: [Float]
    let finalGradients: [[Float]]

    init(_ name: String, inputs: Int = 3, units: Int = 4) throws {
      cell = try Cell.named(name)
      let dimensions = try cell.dimensions(inputs: inputs, units: units)
      plan = Plan(compiling: cell, dimensions: dimensions)
      layout = ParameterLayout(cell, dimensions: dimensions)
      layer = try .layer(.cell(named: name), inputs: Int64(inputs), units: Int64(units))
      parameters = numbers(layout.count, from: 5)
      let (rows, batch) = (Self.lengths.reduce(0, +), Self.lengths.count)
      input = numbers(rows * inputs, from: 11)
      let widths = [plan].flatMap { plan in plan.cell.states.indices.map { plan.width(ofState: $0) } }
      initial = widths.enumerated().map { numbers(batch * $1, from: 17 * $0) }
      outputGradient = numbers(rows * widths[0], from: 23)
      finalGradients = widths.enumerated().map { numbers(batch * $1, from: 29 * $0 + 1) }
    }

    struct Results: Equatable {
      var output: [Float]
      var final: [[Float]]
      var input: [Float] = []
      var initial: [[Float]] = []
      var parameters: [Float] = []

      var all: [[Float]] { [output] + final + [input] + initial + [parameters] }
    }

    /// What the engine gives.
    func expected(reverse: Bool) throws -> Results {
      let lengths = try PackedLengths(Self.lengths)
      func turned(_ rows: [Float], _ width: Int) -> [Float] {
        reverse ? lengths.reversal.flatMap { rows[$0 * width..<($0 + 1) * width] } : rows
      }
      let runner = SequenceRunner(plan: plan, machine: try Machine(threads: 1), servesBackward: true)
      let width = plan.width(ofState: 0)
      runner.load(parameters)
      runner.prepare(lengths)
      for (state, values) in initial.enumerated() { runner.initialState(state).update(from: values, count: values.count) }
      let own = turned(input, plan.dimensions.inputs)
      return own.withUnsafeBufferPointer { own in
        var gradients = [Float](repeating: 0, count: layout.count)
        var inputGradient = [Float](repeating: 0, count: input.count)
        guard let base = own.baseAddress else { return Results(output: [], final: []) }
        runner.forward(base, keeping: true)
        let output = Array(UnsafeBufferPointer(start: runner.states(0), count: lengths.rows * width))
        let final = initial.enumerated().map { state, values in
          var final = values
          runner.copyFinalState(state, to: &final)
          return final
        }
        for (state, gradient) in finalGradients.enumerated() { runner.setFinalGradient(state, gradient) }
        runner.backward(
          outputGradient: turned(outputGradient, width), inputGradient: &inputGradient, parameterGradients: &gradients)
        return Results(
          output: turned(output, width), final: final, input: turned(inputGradient, plan.dimensions.inputs),
          initial: initial.enumerated().map { Array(UnsafeBufferPointer(start: runner.initialGradient($0), count: $1.count)) },
          parameters: gradients)
      }
    }

    /// What the call of the reference gives, to single precision.
    func reference(reverse: Bool) throws -> Results {
      let memory = Memory()
      func doubles(_ values: [Float]) -> UnsafeMutablePointer<Double> { memory.array(values.map(Double.init)) }
      func room(_ count: Int) -> UnsafeMutablePointer<Double> { memory.array([Double](repeating: .nan, count: count)) }
      let outputs = outputGradient.count
      let (output, final) = (room(outputs), initial.map { room($0.count) })
      let (ofInput, ofInitial) = (room(input.count), initial.map { room($0.count) })
      let ofParameters = layout.entries.map { room($0.range.count) }
      var call = recurrent_reference_call(
        sequences: Int64(Self.lengths.count), steps: Int64(Self.lengths[0]), lengths: memory.integers(Self.lengths),
        reverse: reverse ? 1 : 0, parameters: memory.constants(layout.entries.map { doubles(Array(parameters[$0.range])) }),
        input: UnsafePointer(doubles(input)), initial_states: memory.constants(initial.map(doubles)), zoneouts: nil,
        output: output,
        final_states: memory.pointers(final), output_gradient: UnsafePointer(doubles(outputGradient)),
        final_gradients: memory.constants(finalGradients.map(doubles)), input_gradient: ofInput,
        initial_gradients: memory.pointers(ofInitial), parameter_gradients: memory.pointers(ofParameters))
      try CInterfaceTests.call { recurrent_layer_run_reference(layer.pointer, &call, $0) }
      func floats(_ array: UnsafeMutablePointer<Double>) -> [Float] { memory.values(array).map(Float.init) }
      return Results(
        output: floats(output), final: final.map(floats), input: floats(ofInput), initial: ofInitial.map(floats),
        parameters: ofParameters.flatMap(floats))
    }

    /// What the calls give.
    ///
    /// - Parameter tapes: how many tapes are made before one is run back, the first one.
    func called(reverse: Bool, tapes: Int = 1) throws -> Results {
      let memory = Memory()
      let output = memory.array(input.count / plan.dimensions.inputs * plan.width(ofState: 0))
      let final = initial.map { memory.array($0.count) }
      let own = layout.entries.map { memory.array(Array(parameters[$0.range])) }
      let given = memory.array(input)
      var call = recurrent_layer_call(
        sequences: Int64(Self.lengths.count), steps: Int64(Self.lengths[0]), lengths: memory.integers(Self.lengths),
        reverse: reverse ? 1 : 0, parameters: memory.constants(own), input: UnsafePointer(given),
        initial_states: memory.constants(initial.map { memory.array($0) }), zoneouts: nil, output: output,
        final_states: memory.pointers(final))
      let made = try (0..<tapes).map { _ in
        try Opened(recurrent_tape_close) { recurrent_layer_run(layer.pointer, &call, $0, $1) }
      }
      let (ofInput, ofInitial) = (memory.array(input.count), initial.map { memory.array($0.count) })
      let ofParameters = own.enumerated().map { memory.array(layout.entries[$0.offset].range.count) }
      // The input moves, as it does when a program has put it aside meanwhile.
      let moved = memory.array(input)
      given.update(repeating: 0, count: input.count)
      var gradients = recurrent_gradients(
        output: UnsafePointer(memory.array(outputGradient)),
        final_states: memory.constants(finalGradients.map { memory.array($0) }), input: UnsafePointer(moved),
        input_gradient: ofInput, initial_states: memory.pointers(ofInitial), parameters: memory.pointers(ofParameters))
      try CInterfaceTests.call { recurrent_tape_run_back(made[0].pointer, &gradients, $0) }
      #expect(
        refusal { try CInterfaceTests.call { recurrent_tape_run_back(made[0].pointer, &gradients, $0) } }
          == "the tape has been run back, which can be done once: run the layer again with a new tape")
      return Results(
        output: memory.values(output), final: final.map(memory.values), input: memory.values(ofInput),
        initial: ofInitial.map(memory.values), parameters: ofParameters.flatMap(memory.values))
    }
  }

  @Test(arguments: ["lstm", "gru", "lstm-peephole", "lstm-layer-norm"], [false, true])
  func runsAreThoseOfTheEngine(cell: String, reverse: Bool) throws {
    let trial = try Trial(cell)
    let expected = try trial.expected(reverse: reverse)
    #expect(try trial.called(reverse: reverse) == expected)
    #expect(try trial.called(reverse: reverse, tapes: 10) == expected)
  }

  /// In double precision, forward and back, the same comes out but for the roundings of the kernels.
  @Test(arguments: ["lstm", "gru", "lstm-layer-norm"], [false, true])
  func theReferenceAgrees(cell: String, reverse: Bool) throws {
    let trial = try Trial(cell)
    let expected = try trial.expected(reverse: reverse)
    let given = try trial.reference(reverse: reverse)
    for (own, other) in zip(given.all, expected.all) {
      try #require(own.count == other.count)
      #expect(zip(own, other).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, abs($1)) }, "\(own) \(other)")
    }
  }

  /// Each call takes the parameters as they are, however little they have changed.
  @Test func changedParametersAreSeen() throws {
    let layer = try Opened.layer(.cell("cell scale\ninput x\nstate h\nh' = W x\n"), inputs: 1, units: 1)
    let memory = Memory()
    let (weight, output) = (memory.array([2 as Float]), memory.array(1))
    var call = recurrent_layer_call(
      sequences: 1, steps: 1, lengths: nil, reverse: 0, parameters: memory.constants([weight]),
      input: UnsafePointer(memory.array([3])), initial_states: nil, zoneouts: nil, output: output, final_states: nil)
    for value in [2, 2, Float(2).nextUp, -1] as [Float] {
      weight[0] = value
      try CInterfaceTests.call { recurrent_layer_run(layer.pointer, &call, nil, $0) }
      #expect(output[0] == 3 * value)
    }
  }

  /// Where a unit is said to keep its value it does, whatever the cell's fraction is.
  @Test func zoneoutIsTheCallers() throws {
    let layer = try Opened.layer(
      .cell("cell kept\ninput x\nstate h\nzoneout h = 0.25\nh' = W x\n"), inputs: 1, units: 2)
    let memory = Memory()
    let output = memory.array(4)
    var call = recurrent_layer_call(
      sequences: 1, steps: 2, lengths: nil, reverse: 0, parameters: memory.constants([memory.array([1, 1] as [Float])]),
      input: UnsafePointer(memory.array([4, 8])), initial_states: nil,
      zoneouts: memory.constants([memory.array([0, 1, 1, 0])]), output: output, final_states: nil)
    try CInterfaceTests.call { recurrent_layer_run(layer.pointer, &call, nil, $0) }
    #expect(memory.values(output) == [4, 0, 4, 8])
    call.zoneouts = nil
    try CInterfaceTests.call { recurrent_layer_run(layer.pointer, &call, nil, $0) }
    #expect(memory.values(output) == [3, 3, 6.75, 6.75])
  }

  @Test func fixedParametersAreSaid() throws {
    let layer = try Opened.layer(
      .cell("cell echo\ninput x\nstate h\nfixed U\nh' = tanh(W x + U h)\n"), inputs: 2, units: 3)
    let fixed = try ([0, 1] as [Int64]).map { index in
      var tensor = recurrent_tensor_info()
      try call { recurrent_layer_parameter(layer.pointer, index, &tensor, $0) }
      return "\(String(cString: tensor.name)) \(tensor.fixed)"
    }
    #expect(fixed == ["W 0", "U 1"])
  }

  @Test func layersSayWhatTheyAre() throws {
    let cell = try Opened.cell(named: "lstm-projected")
    var names: [String] = []
    var info = recurrent_cell_info()
    try call { recurrent_cell_describe(cell.pointer, &info, $0) }
    for index in 0..<info.parameters {
      var name: UnsafePointer<CChar>?
      try call { recurrent_cell_parameter(cell.pointer, index, &name, $0) }
      names.append(name.map { String(cString: $0) } ?? "")
    }
    let layer = try Opened.layer(cell, inputs: 3, units: 8)
    var sizes = recurrent_layer_info()
    try call { recurrent_layer_describe(layer.pointer, &sizes, $0) }
    #expect(sizes.inputs == 3 && sizes.units == 8 && sizes.outputs == 4 && sizes.parameters == Int64(names.count))
    var count: Int64 = 0
    for (index, name) in names.enumerated() {
      var tensor = recurrent_tensor_info()
      try call { recurrent_layer_parameter(layer.pointer, Int64(index), &tensor, $0) }
      #expect(String(cString: tensor.name) == name && tensor.count == tensor.shape.0 * tensor.shape.1)
      count += tensor.count
    }
    #expect(count == sizes.weights)
    #expect(recurrent_library_count() == Int64(Cell.library.count))
  }

  @Test func whatIsWrongIsSaid() throws {
    #expect(
      refusal { _ = try Opened.cell("cell a\ninput x\nstate h\nh' = tanh(W x\n") }?.hasPrefix("cell:4:10: ") == true)
    #expect(refusal { _ = try Opened.cell(named: "lstn") } == "no cell of the library is called `lstn`; did you mean `lstm`?")
    #expect(
      refusal { _ = try Opened.layer(.cell(named: "lstm"), inputs: 0, units: 2) }
        == "inputs of cell lstm is 0; it must be at least 1")
    #expect(
      refusal { _ = try Opened.layer(.cell(named: "lstm"), inputs: 1 << 24, units: 1 << 24) }?
        .hasSuffix("is more than memory can hold") == true)
    #expect(
      refusal { _ = try Opened.layer(.cell(named: "t-lstm"), inputs: 3, units: 4) }
        == "cell t-lstm reads dt beside x, and a layer in C reads one input")
    let layer = try Opened.layer(.cell(named: "rnn"), inputs: 1, units: 1)
    func refused(_ call: recurrent_layer_call) -> String? {
      var call = call
      return refusal { try CInterfaceTests.call { recurrent_layer_run(layer.pointer, &call, nil, $0) } }
    }
    var call = recurrent_layer_call()
    call.sequences = 1
    call.steps = 1
    #expect(refused(call) == "parameters is NULL: give a pointer")
    call.steps = 1 << 40
    #expect(
      refused(call) == "1 sequences of 1099511627776 steps: neither may be negative, nor both together more than 2147483647 rows")
    let memory = Memory()
    call.lengths = memory.integers([1, 2])
    (call.sequences, call.steps) = (2, 1)
    #expect(refused(call) == "sequence 1 has 2 steps, the one before it 1: sort the batch, longest first")
    call.steps = 2
    #expect(
      refused(call) == "the first sequence has 1 steps and the call 2: these are those of the longest, which comes first")
  }
}
