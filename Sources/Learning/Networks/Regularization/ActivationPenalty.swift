import Engine
import Support

/// The gradient of activation · mean(output²): what the last layer's outputs cost beside the loss (Merity, McCann & Socher 2017).
/// It goes along the edge as dropout leaves it.
final class ActivationPenalty: NodeRunner {
  let span: NetworkGraph.Span
  private let weight: Double
  private let edge: EdgeRows
  private var scale: Float = 0
  private var outputs: UnsafePointer<Float>

  /// Nil if they cost nothing.
  init?(_ weight: Double, on edge: EdgeRows) {
    if weight == 0 { return nil }
    self.weight = weight
    self.edge = edge
    span = edge.span
    outputs = edge.values
  }

  func begin(_ run: BatchRun) {
    scale = Float(2 * weight / Double(max(1, (run.whole?.rows ?? run.lengths.rows) * edge.width)))
  }

  func forward(_ segment: Segment) { outputs = edge.values }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let count = segment.lengths(of: span).rows * edge.width
    let gradient = edge.gradient(rows: segment.lengths(of: span).rows)
    for place in 0..<count { gradient[place] += scale * outputs[place] }
  }
}

/// The gradient of temporal · mean((output - output of the step before)²): what changes of the last layer's outputs from step to
/// step cost (Merity, McCann & Socher 2017). It goes along the edge before dropout.
final class TemporalPenalty: NodeRunner {
  let span = NetworkGraph.Span.step
  private let weight: Double
  private let edge: EdgeRows
  /// The outputs with which segments end, but the last one, by the steps that come next: those begin with the changes from them.
  private var ends: [Int: [Float]] = [:]
  private var scale: Float = 0
  private var outputs: UnsafePointer<Float>
  /// The outputs at the first step of the segment after the current one, and how many sequences have that step.
  private var following = FloatBuffer(count: 0)
  private var followingCount = 0

  /// Nil if they cost nothing.
  init?(_ weight: Double, on edge: EdgeRows) {
    if weight == 0 { return nil }
    self.weight = weight
    self.edge = edge
    outputs = edge.values
  }

  func begin(_ run: BatchRun) {
    let changes = run.whole?.changes ?? run.lengths.changes
    scale = Float(2 * weight / Double(max(1, changes * edge.width)))
    followingCount = 0
    ends = [:]
  }

  func forward(_ segment: Segment) {
    outputs = edge.values
    if segment.isLast || segment.lengths.steps == 0 { return }
    let rows = segment.lengths.rows(of: segment.lengths.steps - 1..<segment.lengths.steps)
    ends[segment.steps.upperBound] = Array(
      UnsafeBufferPointer(start: outputs + rows.lowerBound * edge.width, count: rows.count * edge.width))
  }

  func backward(_ segment: Segment, _ gradients: UnsafeMutablePointer<Float>) {
    let (lengths, width) = (segment.lengths, edge.width)
    if lengths.steps == 0 { return }
    let gradient = edge.gradient(rows: lengths.rows)
    for step in 0..<lengths.steps {
      let rows = lengths.rows(of: step..<step + 1)
      let (own, target) = (outputs + rows.lowerBound * width, gradient + rows.lowerBound * width)
      if step > 0 {
        let earlier = outputs + lengths.rows(of: step - 1..<step).lowerBound * width
        for place in 0..<rows.count * width { target[place] += scale * (own[place] - earlier[place]) }
      } else if !segment.isFirst {
        let earlier = found(
          ends[segment.steps.lowerBound], orFail: "the outputs before step \(segment.steps.lowerBound) are lost")
        for place in 0..<rows.count * width { target[place] += scale * (own[place] - earlier[place]) }
      }
      let isLast = step + 1 == lengths.steps
      let next = isLast ? rows.upperBound..<rows.upperBound + followingCount : lengths.rows(of: step + 1..<step + 2)
      let later = isLast ? UnsafePointer(following.base) : outputs + next.lowerBound * width
      for place in 0..<next.count * width { target[place] -= scale * (later[place] - own[place]) }
    }
    followingCount = lengths.rows(of: 0..<1).count
    following = following.grown(to: followingCount * width)
    following.base.update(from: outputs, count: followingCount * width)
  }
}
