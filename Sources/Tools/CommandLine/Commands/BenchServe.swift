import CellCompiler
import CellLanguage
import CommandKit
package import Console
package import Engine
import Models
import Support

/// Lets another program compare itself with the work: writes all of the work's numbers to `file`, prints the number of operations
/// of a run, and then answers each line, which asks for a number of runs, with the seconds that they took, until there are no
/// more lines.
package func serve(_ work: BenchmarkWork, on machine: Machine, file: String, terminal: Terminal, line: () -> String?) throws {
  let subject = try BenchmarkSubject(checked: work, on: machine)
  try Safetensors.write(subject.tensors, to: file)
  try terminal.print("\(work.operations)")
  while let line = line() {
    guard let runs = Int(line), runs > 0 else {
      throw RecurrentError(.unsuitable, "the line \(line.debugDescription) asks for nothing: write a number of runs, at least 1")
    }
    try terminal.print("\(Timing.seconds { subject.run(runs) })")
  }
}

extension BenchmarkSubject {
  /// The work's weights, inputs and results. Names: `parameter.NAME`, `input`, `state.NAME` before the first step, `memory` of a cell that reads one,
  /// `output`, and in training `gradient.output`, which is given, and the resulting `gradient.NAME` of all others.
  var tensors: [Safetensors.Entry] {
    let results = results()
    let layout = ParameterLayout(work.cell, dimensions: work.dimensions)
    let outputs = [work.steps, work.batch, work.plan.width(ofState: 0)]
    let inputs = [work.steps, work.batch, work.plan.inputWidth]
    let states = work.cell.states.enumerated().map { ("state.\($1.name)", [work.batch, work.plan.width(ofState: $0)]) }
    var tensors = [
      Safetensors.Entry("input", data.inputs, shape: inputs), Safetensors.Entry("output", results.outputs, shape: outputs),
    ]
    tensors += layout.entries.map { .init("parameter.\($0.name)", Array(data.parameters[$0.range]), shape: $0.shape) }
    tensors += zip(states, data.initialStates).map { .init($0.0, $1, shape: $0.1) }
    let memory = [work.memoryRows ?? 0, work.batch, work.plan.memoryWidth ?? 0]
    if work.memoryRows != nil { tensors.append(.init("memory", data.memories, shape: memory)) }
    guard work.mode == .train else { return tensors }
    if work.memoryRows != nil { tensors.append(.init("gradient.memory", results.memoryGradient, shape: memory)) }
    tensors.append(.init("gradient.output", data.outputGradients, shape: outputs))
    tensors.append(.init("gradient.input", results.inputGradients, shape: inputs))
    tensors += layout.entries.map {
      .init("gradient.parameter.\($0.name)", Array(results.parameterGradients[$0.range]), shape: $0.shape)
    }
    return tensors + zip(states, results.initialStateGradients).map { .init("gradient.\($0.0)", $1, shape: $0.1) }
  }
}
