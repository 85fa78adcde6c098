import Engine
import Sequences
import Support

/// The steps that a stream takes.
extension NetworkStream {
  /// Runs one step on a symbol of the vocabulary.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ token: Int) -> [Float] {
    read(token)
    return outputs
  }

  /// Runs one step of a network that reads one number at each.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ value: Float) -> [Float] {
    expectFeatures(1)
    layers[0].input[0] = value
    run()
    return outputs
  }

  /// Runs one step on a vector of features, `[features]`.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ features: [Float]) -> [Float] {
    expectFeatures(features.count)
    for place in 0..<features.count { layers[0].input[place] = features[place] }
    run()
    return outputs
  }

  /// Runs one step on a vector of features, `[features]`, and the symbol of the name that stands beside them.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ features: [Float], name: Int) -> [Float] {
    guard case .namedFeatures(let count, let names, let embedded) = input else {
      fatalError("the network reads no names beside its features")
    }
    ensure(features.count == count, "a step takes \(count) features, not \(features.count)")
    ensure((0..<names).contains(name), "the vocabulary has no name \(name); it has \(names), counted from 0")
    embed(name, width: embedded)
    for place in 0..<count { layers[0].input[embedded + place] = features[place] }
    run()
    return outputs
  }

  /// Runs one step on a symbol of the vocabulary. What it gives is made only when it is asked for, which spares the way through a
  /// beginning the products with the weights of a large vocabulary.
  public func read(_ token: Int) {
    guard case .symbol(let count) = input else {
      fatalError("the network reads no symbols: a step takes \(weights.network.architecture.inputWidth) numbers")
    }
    ensure((0..<count).contains(token), "the vocabulary has no symbol \(token); it has \(count), counted from 0")
    if embedding != nil {
      embed(token, width: widths[0])
    } else {
      layers[0].input.update(repeating: 0, count: widths[0])
      layers[0].input[token] = 1
    }
    run()
  }

  /// Runs a step on each of some symbols of the vocabulary, as ``Vocabulary/encode(_:)`` gives them.
  public func read(_ tokens: some Sequence<Int32>) {
    for token in tokens { read(Int(token)) }
  }

  /// Runs a block of steps, for an audio callback: no allocation, no lock, and the same numbers as those of single steps.
  ///
  ///     stream.process(input, into: output)  // two channels in and one out: 128 and 64 samples are 64 steps
  ///
  /// - Parameters:
  ///   - input: the features of `T` steps, `[T, features]`, those of the first step first; `T` may be any number and change from
  ///     call to call.
  ///   - output: receives what each of ``outputs`` is after its step, `[T, outputs]`. It may be the memory of the input if a step
  ///     gives no more numbers than it reads.
  public func process(_ input: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>) {
    let width = widths[0]
    let steps = input.count / width
    expectFeatures(width)
    ensure(
      input.count == steps * width && output.count == steps * count,
      "a step takes \(width) numbers and gives \(count): \(input.count) numbers in and \(output.count) out are not "
        + "those of whole steps"
    )
    guard let source = input.baseAddress, let target = output.baseAddress else { return }
    for step in 0..<steps {
      layers[0].input.update(from: source + step * width, count: width)
      run()
      give(to: target + step * count)
    }
  }

  /// Runs a block of steps in memory whose bounds and lifetime are checked, without allocation and without a lock.
  ///
  ///     var output = samples.mutableSpan
  ///     stream.process(block.span, into: &output)
  ///
  /// - Parameters:
  ///   - input: `[T, features]`
  ///   - output: receives `[T, outputs]`.
  public func process(_ input: Span<Float>, into output: inout MutableSpan<Float>) {
    input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in process(input, into: output) }
    }
  }

  private func expectFeatures(_ count: Int) {
    switch input {
    case .features(let expected): ensure(count == expected, "a step takes \(expected) features, not \(count)")
    case .symbol: fatalError("the network reads a symbol at each step, and no numbers")
    case .namedFeatures(let expected, _, _):
      fatalError("a step takes the symbol of a name beside its \(expected) features")
    }
  }
}
