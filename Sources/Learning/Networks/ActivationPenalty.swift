import Engine

/// The gradients of what the last layer's outputs cost beside the loss: how large they are, and how much they change from step to
/// step (Merity, McCann & Socher 2017).
final class ActivationPenalty {
  private let activation: Double
  private let temporal: Double
  private let width: Int
  private var activationScale: Float = 0
  private var temporalScale: Float = 0
  /// The outputs at the first step of the segment after the current one, and how many sequences have that step.
  private var following = FloatBuffer(count: 0)
  private var followingCount = 0

  /// Nil if they cost nothing.
  ///
  /// - Parameter width: of the outputs.
  init?(_ regularization: Regularization, width: Int) {
    if regularization.activationPenalty == 0 && regularization.temporalPenalty == 0 { return nil }
    (activation, temporal) = (regularization.activationPenalty, regularization.temporalPenalty)
    self.width = width
  }

  /// Begins a batch, whose segments come the last one first.
  func begin(_ lengths: PackedLengths) {
    let changes = lengths.rows - lengths.perSequence.count { $0 > 0 }
    activationScale = Float(2 * activation / Double(max(1, lengths.rows * width)))
    temporalScale = Float(2 * temporal / Double(max(1, changes * width)))
    followingCount = 0
  }

  /// Adds the gradient of activation · mean(output²) to `gradient`.
  ///
  /// - Parameter outputs: as dropout leaves them, `[rows, width]`.
  func addActivation(_ outputs: UnsafePointer<Float>, rows: Int, to gradient: UnsafeMutablePointer<Float>) {
    if activationScale == 0 { return }
    for place in 0..<rows * width { gradient[place] += activationScale * outputs[place] }
  }

  /// Adds the gradient of temporal · mean((output - output of the step before)²) to `gradient`.
  ///
  /// - Parameters:
  ///   - outputs: packed rows of a segment, `[rows, width]`.
  ///   - before: the outputs at the step before it, `[B, width]`; nil if there is none in the batch.
  func addTemporal(
    _ outputs: UnsafePointer<Float>, _ lengths: PackedLengths, before: UnsafePointer<Float>?,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    if temporalScale == 0 || lengths.steps == 0 { return }
    for step in 0..<lengths.steps {
      let rows = lengths.rows(of: step..<step + 1)
      let (own, target) = (outputs + rows.lowerBound * width, gradient + rows.lowerBound * width)
      let earlier = step == 0 ? before : outputs + lengths.rows(of: step - 1..<step).lowerBound * width
      if let earlier {
        for place in 0..<rows.count * width { target[place] += temporalScale * (own[place] - earlier[place]) }
      }
      let isLast = step + 1 == lengths.steps
      let next = isLast ? rows.upperBound..<rows.upperBound + followingCount : lengths.rows(of: step + 1..<step + 2)
      let later = isLast ? UnsafePointer(following.base) : outputs + next.lowerBound * width
      for place in 0..<next.count * width { target[place] -= temporalScale * (later[place] - own[place]) }
    }
    followingCount = lengths.rows(of: 0..<1).count
    following = following.grown(to: followingCount * width)
    following.base.update(from: outputs, count: followingCount * width)
  }
}
