/// What becomes of a row that a layer's passes gave, and of its gradient on the way back.
protocol Merging: Sendable {
  /// The numbers of the layer's row.
  var width: Int { get }

  /// Makes the layer's row of what its passes gave.
  func merge(_ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>)

  /// Makes the gradients of what the passes gave from that of the layer's row.
  func split(
    _ gradient: UnsafePointer<Float>, _ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>,
    intoForward: UnsafeMutablePointer<Float>, intoReverse: UnsafeMutablePointer<Float>)
}

extension Architecture.Direction {
  /// - Parameter widths: of the rows that the passes give.
  /// - Returns: nil for a layer that reads forward only, whose row stays where it is.
  func merging(_ widths: [Int]) -> (any Merging)? {
    switch self {
    case .forward: nil
    case .reverse: ReverseAlone(width: widths[0])
    case .bidirectional(.concatenate, _): Concatenation(forward: widths[0], reverse: widths[1])
    case .bidirectional(.sum, _): ScaledSum(width: widths[0], scale: 1)
    case .bidirectional(.average, _): ScaledSum(width: widths[0], scale: 0.5)
    case .bidirectional(.multiply, _): Product(width: widths[0])
    }
  }
}

/// The only pass reads in reverse, and counts as the forward one, too.
private struct ReverseAlone: Merging {
  let width: Int

  func merge(_ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    target.update(from: reverse, count: width)
  }

  func split(
    _ gradient: UnsafePointer<Float>, _ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>,
    intoForward: UnsafeMutablePointer<Float>, intoReverse: UnsafeMutablePointer<Float>
  ) {
    intoReverse.update(from: gradient, count: width)
  }
}

private struct Concatenation: Merging {
  let forward: Int
  let reverse: Int
  var width: Int { forward + reverse }

  func merge(_ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    target.update(from: forward, count: self.forward)
    (target + self.forward).update(from: reverse, count: self.reverse)
  }

  func split(
    _ gradient: UnsafePointer<Float>, _ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>,
    intoForward: UnsafeMutablePointer<Float>, intoReverse: UnsafeMutablePointer<Float>
  ) {
    intoForward.update(from: gradient, count: self.forward)
    intoReverse.update(from: gradient + self.forward, count: self.reverse)
  }
}

/// The sum, or with a scale of a half the average.
private struct ScaledSum: Merging {
  let width: Int
  let scale: Float

  func merge(_ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    for place in 0..<width { target[place] = scale * (forward[place] + reverse[place]) }
  }

  func split(
    _ gradient: UnsafePointer<Float>, _ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>,
    intoForward: UnsafeMutablePointer<Float>, intoReverse: UnsafeMutablePointer<Float>
  ) {
    for place in 0..<width {
      let fraction = scale * gradient[place]
      intoForward[place] = fraction
      intoReverse[place] = fraction
    }
  }
}

private struct Product: Merging {
  let width: Int

  func merge(_ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
    for place in 0..<width { target[place] = forward[place] * reverse[place] }
  }

  func split(
    _ gradient: UnsafePointer<Float>, _ forward: UnsafePointer<Float>, _ reverse: UnsafePointer<Float>,
    intoForward: UnsafeMutablePointer<Float>, intoReverse: UnsafeMutablePointer<Float>
  ) {
    for place in 0..<width {
      intoForward[place] = gradient[place] * reverse[place]
      intoReverse[place] = gradient[place] * forward[place]
    }
  }
}
