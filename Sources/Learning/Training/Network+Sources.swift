public import Engine
public import Networks
import Support

extension Network {
  /// Trains the network to give a sequence of symbols after each source, another sequence of symbols: to translate, to spell out, to
  /// answer.
  ///
  ///     var network = try Network(
  ///       Architecture(
  ///         input: .tokens(letters, embedding: 16), layers: [.init(.gru, units: 64)],
  ///         context: .encoder(input: .tokens(letters, embedding: 16), layers: [.init(.gru, units: 64)]), output: .categorical))
  ///     try network.train(toGive: words, after: reversed, begin: 0, end: 1, epochs: 20)
  ///
  /// At each step it reads the symbol before, at the first one `begin`, and learns the probability of the one to come, at last that of
  /// `end`; ``BeamSearch`` finds what follows another source.
  ///
  /// - Parameters:
  ///   - sequences: what is to be given, `[B][T]`, symbols of the network's vocabulary without those that begin and end; they may have
  ///     different lengths.
  ///   - sources: what each follows, `[B][S]`, symbols of the encoder's vocabulary, at least one each.
  ///   - begin: the symbol that is read first.
  ///   - end: the symbol that ends a sequence.
  ///   - epochs: how often the sequences are gone through, each time in another order.
  ///   - batch: sequences that are trained on at once.
  ///   - learningRate: of Adam.
  ///   - heldOut: the fraction of the sequences, the last ones, that is not trained on; the network keeps the weights with which it does
  ///     best on these. With 0 it keeps the last weights.
  ///   - seed: the same seed gives the same weights.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  /// - Throws: ``RecurrentError`` if the network begins with, reads or gives something else, a setting makes no sense, or a number is no
  ///   longer finite. The network is then as it was.
  public mutating func train(
    toGive sequences: [[Int32]], after sources: [[Int32]], begin: Int, end: Int, epochs: Double = 10, batch: Int = 32,
    learningRate: Double = 0.002, heldOut: Double = 0, seed: UInt64 = 0, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws {
    try train(
      toGive: sequences, .tokens(sources), begin, end, epochs, batch, learningRate, heldOut, seed, machine, progress)
  }

  /// Trains the network to give a sequence of symbols after each source of numbers: to describe what is measured, or, where the network
  /// begins with a vector (``Architecture/Context/vector(_:)``), to describe what a vector stands for, such as a picture.
  ///
  ///     try network.train(toGive: captions, after: vectors.map { [$0] }, begin: 0, end: 1)  // each source a single step
  ///
  /// - Parameters:
  ///   - sequences: what is to be given, `[B][T]`, symbols of the network's vocabulary without those that begin and end.
  ///   - sources: what each follows, `[B][S][features]`, at least one step each.
  ///   - begin: the symbol that is read first.
  ///   - end: the symbol that ends a sequence.
  ///   - epochs: how often the sequences are gone through, each time in another order.
  ///   - batch: sequences that are trained on at once.
  ///   - learningRate: of Adam.
  ///   - heldOut: the fraction of the sequences, the last ones, that is not trained on; the network keeps the weights with which it does
  ///     best on these. With 0 it keeps the last weights.
  ///   - seed: the same seed gives the same weights.
  ///   - machine: what to compute on; nil for the fastest kernels and all processors.
  ///   - progress: called after each iteration.
  /// - Throws: ``RecurrentError`` if the network begins with, reads or gives something else, a setting makes no sense, or a number is no
  ///   longer finite. The network is then as it was.
  public mutating func train(
    toGive sequences: [[Int32]], after sources: [[[Float]]], begin: Int, end: Int, epochs: Double = 10, batch: Int = 32,
    learningRate: Double = 0.002, heldOut: Double = 0, seed: UInt64 = 0, machine: Machine? = nil,
    progress: (TrainingProgress) -> Void = { _ in }
  ) throws {
    try train(
      toGive: sequences, .features(sources), begin, end, epochs, batch, learningRate, heldOut, seed, machine, progress)
  }

  private mutating func train(
    toGive sequences: [[Int32]], _ sources: SourcedSymbols.Sources, _ begin: Int, _ end: Int, _ epochs: Double, _ batch: Int,
    _ learningRate: Double, _ heldOut: Double, _ seed: UInt64, _ machine: Machine?, _ progress: (TrainingProgress) -> Void
  ) throws {
    guard architecture.vocabulary != nil, architecture.givesClasses, architecture.readout == .everyStep,
      let begin = Int32(exactly: begin), let end = Int32(exactly: end)
    else {
      throw RecurrentError(
        .network,
        "what follows a source are symbols: the network must read symbols of a vocabulary and give one of the same at each step")
    }
    guard sequences.count == sources.count else {
      throw RecurrentError(
        .shape, "there are \(sequences.count) sequences and \(sources.count) sources: give the source of each sequence")
    }
    let parts = try HeldOut(heldOut, of: sequences.count, batch: batch)
    func source(_ range: Range<Int>, seed: UInt64?) -> SourcedSymbols {
      SourcedSymbols(
        targets: Array(sequences[range]), sources: sources[range], begin: begin, end: end, batch: batch, seed: seed)
    }
    let training = source(parts.training, seed: seed)
    let options = try TrainingOptions(
      epochs: epochs, of: training.iterationsPerEpoch ?? 1, learningRate: learningRate, seed: seed)
    let validation = parts.validation.map { source($0, seed: nil) }
    try train(on: training, validation: validation, options: options, machine: machine, progress: progress)
  }
}
