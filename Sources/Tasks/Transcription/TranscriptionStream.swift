import Networks
public import Support

/// Transcribes a sequence as its steps come, for a network that reads forward only.
///
///     let stream = try transcriber.stream()
///     for step in steps where stream.read(step) { print(stream.symbols) }
public final class TranscriptionStream {
  private let transcriber: Transcriber
  private let stream: NetworkStream
  private let beam: Int
  private var search: PrefixBeam
  /// The number of steps so far.
  public private(set) var steps = 0

  init(_ transcriber: Transcriber, beam: Int) throws(RecurrentError) {
    self.transcriber = transcriber
    self.beam = beam
    stream = try transcriber.network.stream()
    search = PrefixBeam(width: beam)
  }

  /// The symbols that are most probable after the steps so far. With a beam, later steps may change them.
  public var symbols: [String] { search.best.symbols.map(transcriber.name) }

  /// Reads a step.
  ///
  /// - Parameter step: `[width]`; another number of numbers than the network reads ends the program with a sentence that says so.
  /// - Returns: whether the symbols are others than before.
  @discardableResult
  public func read(_ step: [Float]) -> Bool {
    let before = search.best.symbols
    search.read(stream.step(transcriber.description.features(step)))
    steps += 1
    return search.best.symbols != before
  }

  /// Begins a new sequence.
  public func reset() {
    stream.reset()
    search = PrefixBeam(width: beam)
    steps = 0
  }
}

extension Transcriber {
  /// A stream that transcribes a sequence as its steps come.
  ///
  /// - Parameter beam: how many beginnings are kept after each step; 1 follows the most probable symbol, or none, of each step.
  /// - Throws: ``RecurrentError`` if a layer of the network reads in reverse.
  public func stream(beam: Int = 1) throws(RecurrentError) -> TranscriptionStream {
    try TranscriptionStream(self, beam: beam)
  }
}
