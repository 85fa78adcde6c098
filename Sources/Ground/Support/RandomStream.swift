/// What random numbers are drawn for. Each purpose has numbers of streams of its own, of which it takes one by an index,
/// such as an iteration: so what is drawn depends on the seed, the purpose and the index only, and a training that goes on
/// after an interruption draws what it would have drawn.
///
/// A new purpose takes numbers that no other one has. No number here may ever change: a training begun by an older version
/// would go on with other numbers. For the same reason those of ``countsFromZero`` keep theirs.
package enum RandomStream: CaseIterable, Sendable {
  /// The weights with which a network begins.
  case weights
  /// The seed of all that an iteration draws (``Seed/iteration``), by iteration.
  case iteration
  /// The direction in which a gradient's reach is measured.
  case gradientDirection
  /// Sequences of a problem, by iteration.
  case problemBatch
  /// Which words a tagger reads as unknown ones, by iteration.
  case unknownWords
  /// The order of the windows of series, by epoch.
  case windowOrder
  /// The order of sequences that are classified, for which numbers are learned, or that follow sources, by epoch.
  case sequenceOrder
  /// The tokens of a text that a network writes.
  case generatedText
  /// Paths that series may take, by the steps that they have had.
  case forecastPaths
  /// The settings of a trial of a search, by trial.
  case searchTrial
  /// A cell's inputs and weights where its laws are checked.
  case lawTrial
  /// What a benchmark runs on.
  case benchmark
  /// What networks read whose gradients are studied.
  case studiedInputs
  /// Which tagged sentences are held out.
  case heldOutSentences

  /// Which sequences with symbols are held out.
  case heldOutTranscripts
  /// The order of sequences with symbols, by epoch.
  case transcriptionOrder

  /// Which pairs of texts are held out.
  case heldOutPairs
  /// The order of pairs of texts, and of their batches, by epoch.
  case pairOrder

  /// Held-out sequences of a problem, by batch.
  case heldOutProblemBatch
  /// Where in a series its windows begin, and which of them lose the series' name, by iteration.
  case windowPlaces
  /// Which sequences to classify are held out, by label.
  case heldOutSequences
  /// The seed of an epoch (``Seed/epoch``) of tagged sentences and the order of its batches, by epoch.
  case sentenceBatchOrder
  /// Sentences of a demonstration that no training sees, by what they are for.
  case demonstration

  /// What is dropped of what layers pass on, by edge, step and sequence (``rowIndex(place:step:sequence:)``).
  case dropout
  /// What is dropped of what matrices read of the states, by state and sequence.
  case recurrentDropout
  /// Which weights of recurrent matrices are dropped.
  case weightDrop
  /// Which symbols' vectors are dropped.
  case embeddingDropout
  /// Which units keep their value, by state, step and sequence.
  case zoneout
  /// What takes the place of the iteration's seed for all that is drawn in an encoder, whose layers, steps and sequences have the numbers of
  /// those above it.
  case encoder

  /// The order of tagged sentences of equal length, by place of the length.
  case sentenceOrder

  /// The seed that a purpose's streams start from. Streams of different seeds have nothing in common, even if their numbers are equal.
  package enum Seed: Sendable {
    /// The seed of the training.
    case chosen
    /// The complement of the chosen seed, which another training of the same data is unlikely to have.
    case complement
    /// One drawn from ``RandomStream/iteration``.
    case iteration
    /// One drawn from ``RandomStream/sentenceBatchOrder``.
    case epoch
  }

  /// The work in which a purpose occurs.
  package enum Work: Sendable {
    /// Trainings of all kinds.
    case training
    case problems, tagging, forecasting, classification, transcription, translation
    case generation, search, gradientStudy, demonstration
    case laws, benchmarks
  }

  private typealias Row = (seed: Seed, work: Work, first: UInt64, bits: UInt64)

  /// The streams of the purpose: `first` and those after it, 2^`bits` in all.
  private var row: Row {
    switch self {
    case .weights: (.chosen, .training, 0, 0)
    case .iteration: (.chosen, .training, 0, 40)
    case .gradientDirection: (.chosen, .training, 0, 0)
    case .problemBatch: (.chosen, .problems, 0, 40)
    case .unknownWords: (.chosen, .tagging, 0, 40)
    case .windowOrder: (.chosen, .forecasting, 0, 40)
    case .sequenceOrder: (.chosen, .classification, 0, 40)
    case .generatedText: (.chosen, .generation, 0, 0)
    case .forecastPaths: (.chosen, .forecasting, 0, 40)
    case .searchTrial: (.chosen, .search, 0, 40)
    case .lawTrial: (.chosen, .laws, 0, 0)
    case .benchmark: (.chosen, .benchmarks, 0, 0)
    case .studiedInputs: (.chosen, .gradientStudy, 1, 0)
    case .heldOutSentences: (.chosen, .tagging, 1 << 40, 0)
    case .heldOutTranscripts: (.chosen, .transcription, 1 << 40, 0)
    case .transcriptionOrder: (.complement, .transcription, 0, 40)
    case .heldOutPairs: (.chosen, .translation, 1 << 40, 0)
    case .pairOrder: (.complement, .translation, 0, 40)
    case .heldOutProblemBatch: (.complement, .problems, 0, 40)
    case .windowPlaces: (.complement, .forecasting, 0, 40)
    case .heldOutSequences: (.complement, .classification, 0, 40)
    case .sentenceBatchOrder: (.complement, .tagging, 0, 40)
    case .demonstration: (.complement, .demonstration, 0, 8)
    case .dropout: (.iteration, .training, 1 << 60, 60)
    case .recurrentDropout: (.iteration, .training, 1 << 61, 60)
    case .weightDrop: (.iteration, .training, 1 << 33, 0)
    case .embeddingDropout: (.iteration, .training, 1 << 34, 0)
    case .zoneout: (.iteration, .training, 1 << 62, 60)
    case .encoder: (.iteration, .training, 1 << 35, 0)
    case .sentenceOrder: (.epoch, .tagging, 0, 40)
    }
  }

  package var seed: Seed { row.seed }
  package var work: Work { row.work }

  /// The numbers of the purpose's streams.
  package var numbers: ClosedRange<UInt64> { row.first...row.first + (1 << row.bits - 1) }

  /// The purposes of the first generation that all begin at stream 0 of the chosen seed, so that some share streams with others.
  ///
  /// It is known to do no harm: an iteration takes one number from its stream, as a seed; an order and a network's first weights
  /// have nothing to do with each other. But it would be better otherwise.
  package static let countsFromZero: Set<RandomStream> = [
    .weights, .iteration, .gradientDirection, .problemBatch, .unknownWords, .windowOrder, .sequenceOrder, .generatedText,
    .forecastPaths, .searchTrial, .studiedInputs, .benchmark,
  ]

  /// The index of the stream of a row's mask.
  ///
  /// - Parameters:
  ///   - place: of what is masked among all that the purpose masks.
  ///   - sequence: its number in the batch.
  package static func rowIndex(place: Int, step: Int, sequence: Int) -> Int {
    ensure(
      0..<1 << 16 ~= place && 0..<1 << 24 ~= step && 0..<1 << 20 ~= sequence,
      "there are no random numbers for step \(step) of sequence \(sequence) at place \(place): a batch that something is drawn for "
        + "has at most 2²⁴ steps and 2²⁰ sequences")
    return place << 44 | step << 20 | sequence
  }
}

extension Random {
  /// The generator for a purpose.
  ///
  /// - Parameters:
  ///   - index: which of the purpose's streams.
  ///   - seed: what the purpose's streams start from (``RandomStream/seed``); of a purpose that takes the complement, the seed
  ///     whose complement it is.
  package init(_ purpose: RandomStream, _ index: Int = 0, seed: UInt64) {
    let numbers = purpose.numbers
    precondition(
      index >= 0 && UInt64(index) <= numbers.upperBound - numbers.lowerBound,
      "there is no stream \(index) of random numbers for \(purpose)")
    self.init(seed: purpose.seed == .complement ? ~seed : seed, stream: numbers.lowerBound + UInt64(index))
  }
}
