// A cell of one's own, from its equations: it is checked, drawn, and trained like any other.
import Recurrent

let cell = try Cell(
  parsing: """
    cell leaky
    input x
    state h
    a  = σ(p)                                  # how much of the past stays, for each unit
    h' = a * h + (1 - a) * tanh(W [h, x] + b)
    """)
print(cell.warnings, cell.parameters.map(\.name), CellDiagram(cell).svg.count)
var network = try Network(input: .features(1), layers: [.init(cell, units: 8)], output: .values(1))
let sequences = (0..<40).map { start in (0..<12).map { [Float((start + $0) % 6) / 6] } }
let next = (0..<40).map { start in (1...12).map { [Float((start + $0) % 6) / 6] } }
try network.train(on: sequences, targets: next, epochs: 20, learningRate: 0.01) { progress in
  if progress.iteration.isMultiple(of: 10) { print(progress.iteration, progress.loss) }
}
