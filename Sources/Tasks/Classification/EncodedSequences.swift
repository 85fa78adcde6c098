import Engine
import Networks
import Sequences
import Support
import Tables

/// Sequences as a network reads them.
enum EncodedSequences: Sendable {
  case tokens([[Int32]])
  /// `[T, width]` each, all numbers that the network reads at a step.
  case features([[Float]], Architecture.Input)

  /// - Throws: ``RecurrentError`` if a text is too long to be read.
  init(_ contents: [SequenceReader.Content], for input: Architecture.Input, _ description: ClassifierDescription)
    throws(RecurrentError)
  {
    if let vocabulary = (input.encoding as? TokensInput)?.vocabulary {
      self = .tokens(try vocabulary.encoded(contents.map { if case .text(let text) = $0 { text } else { "" } }))
      return
    }
    self = .features(
      contents.map { content in
        guard case .numbers(let numbers) = content else { return [] }
        return description.form.features(numbers, description.scaling)
      }, input)
  }

  /// The number of steps of each sequence.
  var lengths: [Int] {
    switch self {
    case .tokens(let sequences): sequences.map(\.count)
    case .features(let sequences, let input): sequences.map { $0.count / input.encoding.width }
    }
  }

  /// The inputs of a batch of some of the sequences.
  ///
  /// - Parameter places: the indices of the sequences, the longest first.
  func packed(_ places: [Int]) -> (lengths: PackedLengths, inputs: Batch.Inputs) {
    switch self {
    case .tokens(let sequences):
      let lengths = PackedLengths(sorted: places.map { sequences[$0].count })
      var rows: [Int32] = []
      rows.reserveCapacity(lengths.rows)
      for step in 0..<lengths.steps {
        for place in places.prefix(while: { sequences[$0].count > step }) { rows.append(sequences[place][step]) }
      }
      return (lengths, .tokens(rows))
    case .features(let sequences, let input):
      let width = input.encoding.width
      let lengths = PackedLengths(sorted: places.map { sequences[$0].count / width })
      var rows: [Float] = []
      rows.reserveCapacity(lengths.rows * width)
      for step in 0..<lengths.steps {
        for place in places.prefix(while: { sequences[$0].count > step * width }) {
          rows += sequences[place][step * width..<(step + 1) * width]
        }
      }
      return (lengths, input.rows(rows))
    }
  }
}
