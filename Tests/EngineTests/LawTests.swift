import CellCompiler
import CellLanguage
import Engine
import Testing

/// What must hold for every cell, checked for every cell of the library.
@Suite struct LawTests {
  @Test("every CPU level and thread count gives what the reference gives", arguments: Cell.library)
  func engineIsReference(cell: Cell) throws {
    for (steps, batch) in [(1, 1), (9, 1), (1, 3), (9, 3), (1, 17), (9, 17)] {
      let trial = try Trial(cell, lengths: Lengths(steps: steps, batch: batch))
      let expected = try trial.reference()
      for level in CPULevel.available {
        for threads in [1, 2] {
          let result = trial.run(on: try Machine(level: level, threads: threads))
          expectClose(
            result, expected, tolerance: trial.tolerance, "\(cell.name), \(level), \(threads) threads, T \(steps), B \(batch)")
        }
      }
    }
  }

  @Test("a packed batch gives what each sequence gives alone", arguments: Cell.library)
  func packedIsAlone(cell: Cell) throws {
    let trial = try Trial(cell, lengths: try Lengths([9, 9, 7, 4, 1, 0]))
    let result = trial.run(on: try Machine(threads: 2))
    expectClose(result, try trial.reference(), tolerance: trial.tolerance, cell.name)
  }

  @Test("no initial state is a zero initial state", arguments: Cell.library)
  func noStateIsZeroState(cell: Cell) throws {
    let trial = try Trial(cell, lengths: Lengths(steps: 5, batch: 3))
    let machine = try Machine(threads: 1)
    let runner = SequenceRunner(plan: trial.plan, machine: machine, servesBackward: false)
    runner.load(trial.parameters)
    func output(_ fill: (SequenceRunner) -> Void) -> [Float] {
      runner.prepare(trial.lengths)
      fill(runner)
      runner.forward(trial.inputs, keeping: false)
      return Array(UnsafeBufferPointer(start: runner.states(0), count: trial.outputGradients.count))
    }
    _ = output { runner in
      for (state, values) in trial.initial.enumerated() { runner.initialState(state).update(from: values, count: values.count) }
    }
    let untouched = output { _ in }
    let zeroed = output { runner in
      for (state, values) in trial.initial.enumerated() { runner.initialState(state).update(repeating: 0, count: values.count) }
    }
    #expect(untouched == zeroed)
  }

  @Test("a stream gives what a sequence gives", arguments: Cell.library)
  func streamIsSequence(cell: Cell) throws {
    for batch in [1, 3] {
      let trial = try Trial(cell, lengths: Lengths(steps: 9, batch: batch))
      let machine = try Machine(threads: 1)
      let expected = trial.run(on: machine)
      let stream = CellStream(StreamWeights(plan: trial.plan, machine: machine, parameters: trial.parameters), batch: batch)
      for (state, values) in trial.initial.enumerated() { stream.state(state).update(from: values, count: values.count) }
      var outputs: [Float] = []
      let (inputs, width) = (trial.dimensions.inputs, trial.plan.width(ofState: 0))
      for step in 0..<9 {
        let row = Array(trial.inputs[step * batch * inputs..<(step + 1) * batch * inputs])
        stream.input.update(from: row, count: row.count)
        outputs += UnsafeBufferPointer(start: stream.step(), count: batch * width)
      }
      expectClose(outputs, expected.states[0], tolerance: trial.tolerance, cell.name)
    }
  }

  @Test("a run cut in two with the state carried over is the whole run", arguments: Cell.library)
  func cutIsWhole(cell: Cell) throws {
    let trial = try Trial(cell, lengths: Lengths(steps: 9, batch: 3))
    let whole = trial.run(on: try Machine(threads: 1))
    let runner = SequenceRunner(plan: trial.plan, machine: try Machine(threads: 1), servesBackward: false)
    runner.load(trial.parameters)
    var states = trial.initial
    var outputs: [Float] = []
    let (inputs, width) = (trial.dimensions.inputs, trial.plan.width(ofState: 0))
    for steps in [0..<4, 4..<9] {
      runner.prepare(Lengths(steps: steps.count, batch: 3))
      for (state, values) in states.enumerated() { runner.initialState(state).update(from: values, count: values.count) }
      runner.forward(Array(trial.inputs[steps.lowerBound * 3 * inputs..<steps.upperBound * 3 * inputs]), keeping: false)
      outputs += UnsafeBufferPointer(start: runner.states(0), count: steps.count * 3 * width)
      for state in states.indices { runner.copyFinalState(state, to: &states[state]) }
    }
    expectClose(outputs, whole.states[0], tolerance: trial.tolerance, cell.name)
  }

  @Test("the plan obeys the grammar of plans", arguments: Cell.library)
  func planIsSound(cell: Cell) throws {
    #expect(try Trial(cell, lengths: Lengths(steps: 1, batch: 1)).plan.faults == [])
  }
}
