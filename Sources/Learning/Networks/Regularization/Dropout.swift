package import Engine
import Support

/// Dropout between layers: sets a fraction of what goes along an edge to 0 while training, and scales the rest up.
package final class Dropout: NodeRunner {
  package let span: NetworkGraph.Span
  private let edge: EdgeRows
  private let mask: RowMask
  /// Whether the same elements are 0 at all steps of a sequence.
  private let isVariational: Bool
  private let machine: Machine
  private var seed: UInt64?
  private var factors = FloatBuffer(count: 0)
  private var outputs = FloatBuffer(count: 0)

  /// Nil if nothing is dropped.
  ///
  /// - Parameter place: of the edge among those along which something is dropped.
  package init?(_ fraction: Double, on edge: EdgeRows, place: Int, isVariational: Bool, machine: Machine) {
    if fraction == 0 { return nil }
    self.edge = edge
    span = edge.span
    mask = RowMask(dropping: fraction, .dropout, place: place, width: edge.width)
    self.isVariational = isVariational
    self.machine = machine
  }

  package func begin(_ run: BatchRun) {
    seed = run.seed
    guard let seed, isVariational else { return }
    factors = factors.grown(to: run.lengths.batch * edge.width)
    mask.fill(factors.base, sequencesOf: run.lengths, seed: seed)
  }

  package func forward(_ segment: Segment) {
    guard let seed else { return }
    let lengths = segment.lengths(of: span)
    let count = lengths.rows * edge.width
    outputs = outputs.grown(to: count)
    if !isVariational {
      factors = factors.grown(to: count)
      if span.isOfSteps {
        mask.fill(factors.base, steps: segment.steps, of: segment.whole, seed: seed, on: machine)
      } else {
        // A sequence's row is dropped as one step's would be.
        mask.fill(factors.base, sequencesOf: segment.whole, seed: seed)
      }
    }
    let (values, output) = (edge.values, outputs.base)
    eachRun(of: lengths) { start, mask, count in
      for element in 0..<count { output[start + element] = values[start + element] * mask[element] }
    }
    edge.values = UnsafePointer(output)
  }

  /// The gradient of what was dropped becomes that of what it was made from.
  package func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    if seed == nil || !edge.takesGradient { return }
    let lengths = segment.lengths(of: span)
    let gradient = edge.gradient(rows: lengths.rows)
    eachRun(of: lengths) { start, mask, count in
      for element in 0..<count { gradient[start + element] *= mask[element] }
    }
  }

  /// Calls `body` with where elements begin whose factors lie side by side: all of them, or, if the factors are a
  /// sequence's, those of each step.
  private func eachRun(of lengths: PackedLengths, _ body: (Int, UnsafePointer<Float>, Int) -> Void) {
    let (mask, width) = (UnsafePointer(factors.base), edge.width)
    if !isVariational { return body(0, mask, lengths.rows * width) }
    for step in 0..<lengths.steps {
      let rows = lengths.rows(of: step..<step + 1)
      body(rows.lowerBound * width, mask, rows.count * width)
    }
  }

  package func plannedBytes(_ plan: MemoryPlan) -> Int {
    4 * edge.width * (plan.rows(of: span) + (isVariational ? plan.sequences : plan.rows(of: span)))
  }
  package var allocatedBytes: Int { 4 * (factors.count + outputs.count) }
}
