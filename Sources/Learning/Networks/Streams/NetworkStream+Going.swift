import CellCompiler
import Engine
import Support

/// Streams that go on from elsewhere.
extension NetworkStream {
  /// A stream of its own that goes on from where this one is, and shares its weights.
  package func copy() -> NetworkStream {
    let copy = NetworkStream(weights)
    for (own, other) in zip(copy.startNodes + copy.stepNodes.nodes, startNodes + stepNodes.nodes) { own.adopt(other) }
    copy.hasStepped = hasStepped
    // Number by number: arrays that two streams share would be copied by the first step that writes to one of them.
    for (place, value) in logits.enumerated() { copy.given[place] = value }
    for (place, value) in (hasFunction ? outputs : []).enumerated() { copy.made[place] = value }
    (copy.isGiven, copy.isMade) = (true, true)
    return copy
  }

  /// A state of a layer as it is now, `[width]`, which may be written to between steps; what the last step gave stays what it was.
  package func withState<Result>(
    _ state: Int, ofLayer layer: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    ensure(layers.indices.contains(layer), "the stream has no layer \(layer); it has \(layers.count), counted from 0")
    let (plan, cell) = (layers[layer].plan, layers[layer].cell)
    // The head reads the states themselves.
    _ = outputs
    return try body(UnsafeMutableBufferPointer(start: cell.state(state), count: plan.width(ofState: state)))
  }

  /// Runs a block of steps on symbols, and on the numbers that stand beside them. It neither allocates nor takes a lock.
  ///
  /// - Parameters:
  ///   - symbols: `[steps]`, each below ``InputStream/symbols``; nil if the network reads none.
  ///   - numbers: `[steps, numbers]`; nil if it reads none.
  ///   - output: receives `[steps, outputs]`; nil to go on without.
  package func process(
    symbols: UnsafePointer<Int32>?, numbers: UnsafePointer<Float>?, steps: Int, into output: UnsafeMutablePointer<Float>?
  ) {
    var (numbers, output) = (numbers, output)
    for step in 0..<steps {
      var symbol = 0
      if let symbols { symbol = Int(symbols[step]) }
      input.write(symbol: symbol, numbers)
      run()
      if let target = output {
        give(to: target)
        output = target + count
      }
      if let source = numbers { numbers = source + input.numbers }
    }
  }
}
