import Engine
import Platform
import Sequences
public import Support

/// Finds the sequences of symbols that a network gives after a source with the greatest probability.
///
///     let search = try BeamSearch(width: 5, longest: 80)
///     let found = try search.run(decoder, after: source, begin: 1, end: 2)
///     print(vocabulary.decode(found[0].tokens))
///
/// At each step the most probable continuations of all that is alive are kept, as many as the beam is wide; one that comes to its end
/// takes its place in the beam with it, so that in the end as many sequences are found (Graves 2012, Sequence transduction with recurrent
/// neural networks, section 2.5; Sutskever, Vinyals & Le 2014, section 3.2). A beam of width 1 takes the most probable symbol at each step.
public struct BeamSearch: Sendable, Hashable {
  /// How many sequences are followed.
  public let width: Int
  /// The most symbols of a sequence, the one that ends it included.
  public let longest: Int
  /// How much longer sequences are favoured: the exponent of ((5 + length) / 6), by which the logarithms of probabilities are divided
  /// when finished sequences are ranked (Wu et al. 2016, equation 14). With 0 the probabilities alone decide.
  public let lengthPenalty: Double
  /// How many sequences are wanted: the search is over when nothing that it follows can be among them.
  public let best: Int
  /// How many sources are followed at the same time.
  public let together: Int

  /// - Throws: ``RecurrentError`` if a number makes no sense.
  public init(width: Int = 5, longest: Int, lengthPenalty: Double = 0.6, best: Int = 1, together: Int = 8) throws(RecurrentError)
  {
    try Self.require(width, in: 1...4096, "the width of the beam")
    guard (1...width).contains(best) else {
      throw RecurrentError(
        .setting,
        "\(best) sequences are wanted of a beam of width \(width); it finds at least 1, and at most as many as it is wide")
    }
    try Self.require(longest, in: 1...1 << 20, "the greatest length")
    try Self.require(together, in: 1...4096, "the number of sources that are followed together")
    guard lengthPenalty >= 0 && lengthPenalty.isFinite else {
      throw RecurrentError(.setting, "the length penalty is \(lengthPenalty); it must be at least 0")
    }
    self.width = width
    self.longest = longest
    self.lengthPenalty = lengthPenalty
    self.best = best
    self.together = together
  }

  private static func require(_ number: Int, in range: ClosedRange<Int>, _ what: String) throws(RecurrentError) {
    if range.contains(number) { return }
    throw RecurrentError(
      .setting, "\(what) is \(number); it must be a whole number from \(range.lowerBound) to \(range.upperBound)")
  }

  /// Finds what follows one source.
  ///
  /// - Parameters:
  ///   - begin: the symbol that the network reads first.
  ///   - end: the one that ends a sequence.
  /// - Returns: the best first, at most as many as are wanted; those that were cut off at the greatest length after all others.
  /// - Throws: ``RecurrentError`` if the network does not read symbols and give at each step one of the same symbols.
  public func run(
    _ decoder: StreamingDecoder, after source: EncodedSource, begin: Int, end: Int
  ) throws(RecurrentError) -> [Hypothesis] {
    try run(decoder, after: [source], begin: begin, end: end)[0]
  }

  /// Finds what follows each of some sources.
  ///
  /// - Parameters:
  ///   - begin: the symbol that the network reads first.
  ///   - end: the one that ends a sequence.
  ///   - longest: the most symbols of what follows each source, the one that ends it included, where fewer than ``longest``.
  ///   - isStopped: asked before each step; the search then ends with what it has.
  /// - Returns: for each source the best first, at most as many as are wanted; those that were cut off at the greatest length, or
  ///   when the search was stopped, after all others.
  /// - Throws: ``RecurrentError`` if the network does not read symbols and give at each step one of the same symbols.
  public func run(
    _ decoder: StreamingDecoder, after sources: [EncodedSource], begin: Int, end: Int, longest limits: [Int]? = nil,
    isStopped: () -> Bool = { false }
  ) throws(RecurrentError) -> [[Hypothesis]] {
    try check(decoder.network.architecture, begin: begin, end: end)
    if let limits, limits.count != sources.count || limits.contains(where: { $0 < 1 }) {
      throw RecurrentError(
        .setting,
        "the greatest lengths are \(limits.map { "\($0)" }.joined(separator: ", ")): give one of at least 1 for each of \(sources.count) sources"
      )
    }
    var found = sources.map { _ in [Hypothesis]() }
    if sources.isEmpty { return found }
    let slots = min(together, sources.count)
    let rows = slots * width
    let streams = try StreamBatch(decoder.weights, rows: rows, longest: sources.map(\.steps).max() ?? 0)
    let level = decoder.weights.machine.instructionSet
    let probabilities = FloatBuffer(count: streams.outputs)
    var (parents, symbols) = (Array(0..<rows), [Int](repeating: begin, count: rows))
    var beams: [(source: Int, beam: Beam)?] = Array(repeating: nil, count: slots)
    var next = 0
    func refill(_ slot: Int) {
      guard next < sources.count else { return beams[slot] = nil }
      let own = slot * width..<(slot + 1) * width
      streams.begin(own, after: sources[next])
      for row in own { (parents[row], symbols[row]) = (row, begin) }
      beams[slot] = (next, Beam(self, longest: min(longest, limits?[next] ?? longest), end: end))
      next += 1
    }
    for slot in 0..<slots { refill(slot) }
    while beams.contains(where: { $0 != nil }), !isStopped() {
      let logits = streams.step(symbols)
      for slot in 0..<slots where beams[slot] != nil {
        let first = slot * width
        beams[slot]?.beam.beginStep()
        for row in 0..<(beams[slot]?.beam.alive.count ?? 0) {
          let own = logits + (first + row) * streams.outputs
          let logSum = Self.logSum(own, streams.outputs, probabilities.base, level)
          beams[slot]?.beam.consider(row, logits: own, count: streams.outputs, logSum: logSum)
        }
        beams[slot]?.beam.endStep(parents: &parents, symbols: &symbols, from: first)
      }
      streams.follow(parents)
      for row in 0..<rows { parents[row] = row }
      for slot in 0..<slots {
        guard let own = beams[slot], own.beam.isOver else { continue }
        found[own.source] = own.beam.found
        refill(slot)
      }
    }
    for case (let source, let beam)? in beams { found[source] = beam.found }
    return found
  }

  /// The logarithm of the sum of the exponentials of some numbers.
  private static func logSum(
    _ logits: UnsafePointer<Float>, _ count: Int, _ probabilities: UnsafeMutablePointer<Float>, _ level: InstructionSet
  ) -> Double {
    probabilities.update(from: logits, count: count)
    level.softmax(probabilities, rows: 1, width: count)
    var largest = 0
    for place in 1..<max(1, count) where logits[place] > logits[largest] { largest = place }
    return Double(logits[largest]) - log(Double(probabilities[largest]))
  }

  private func check(_ architecture: Architecture, begin: Int, end: Int) throws(RecurrentError) {
    guard let vocabulary = architecture.vocabulary, architecture.givesClasses, architecture.readout == .everyStep,
      architecture.outputWidth == vocabulary.count
    else {
      throw RecurrentError(
        .network,
        "a beam search needs a network that reads symbols of a vocabulary and gives one of the same symbols at each step")
    }
    for (symbol, what) in [(begin, "begins"), (end, "ends")] where !(0..<vocabulary.count).contains(symbol) {
      throw RecurrentError(
        .setting,
        "symbol \(symbol), with which a sequence \(what), is not in the vocabulary; it has \(vocabulary.count), counted from 0")
    }
  }
}
