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
    withUnsafePointer(to: value) { input.write(symbol: 0, $0) }
    run()
    return outputs
  }

  /// Runs one step on a vector of features, `[features]`.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ features: [Float]) -> [Float] {
    expectFeatures(features.count)
    features.withUnsafeBufferPointer { input.write(symbol: 0, $0.baseAddress) }
    run()
    return outputs
  }

  /// Runs one step on a vector of features, `[features]`, and the symbol of the name that stands beside them.
  ///
  /// - Returns: ``outputs``
  @discardableResult
  public func step(_ features: [Float], name: Int) -> [Float] {
    guard let names = input.symbols, input.numbers > 0 else { fatalError("the network reads no names beside its features") }
    ensure(features.count == input.numbers, "a step takes \(input.numbers) features, not \(features.count)")
    ensure((0..<names).contains(name), "the vocabulary has no name \(name); it has \(names), counted from 0")
    features.withUnsafeBufferPointer { input.write(symbol: name, $0.baseAddress) }
    run()
    return outputs
  }

  /// Runs one step on a symbol of the vocabulary. What it gives is made only when it is asked for, which spares the way through a
  /// beginning the products with the weights of a large vocabulary.
  public func read(_ token: Int) {
    guard let count = input.symbols, input.numbers == 0 else {
      fatalError("the network reads no symbols: a step takes \(input.numbers) numbers")
    }
    ensure((0..<count).contains(token), "the vocabulary has no symbol \(token); it has \(count), counted from 0")
    input.write(symbol: token, nil)
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
    let width = self.input.numbers
    expectFeatures(width)
    let steps = input.count / width
    ensure(
      input.count == steps * width && output.count == steps * count,
      "a step takes \(width) numbers and gives \(count): \(input.count) numbers in and \(output.count) out are not "
        + "those of whole steps"
    )
    guard let source = input.baseAddress, let target = output.baseAddress else { return }
    for step in 0..<steps {
      self.input.write(symbol: 0, source + step * width)
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
    if input.symbols != nil {
      fatalError(
        input.numbers == 0
          ? "the network reads a symbol at each step, and no numbers"
          : "a step takes the symbol of a name beside its \(input.numbers) features")
    }
    ensure(count == input.numbers, "a step takes \(input.numbers) features, not \(count)")
  }
}
