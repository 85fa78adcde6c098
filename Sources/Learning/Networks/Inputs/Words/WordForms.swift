package import Engine
import Sequences

/// How the words that rows read are spelled and what they look like: there once for each different word of a batch.
package struct WordForms: InputRows {
  /// Which of the different words each row has, `[rows]`.
  package let spellings: [Int32]
  /// How many characters each different word has, the longest first.
  package let lengths: PackedLengths
  /// The symbols of the different words' characters, packed as ``lengths`` says.
  package let characters: [Int32]
  /// What the different words look like, `[different words, shapes]`.
  package let shapes: [Float]

  package init(spellings: [Int32], lengths: PackedLengths, characters: [Int32], shapes: [Float]) {
    self.spellings = spellings
    self.lengths = lengths
    self.characters = characters
    self.shapes = shapes
  }

  /// - Parameters:
  ///   - words: different ones.
  ///   - rows: which of them each row has.
  init(_ words: [WordReader.Word], rows: [Int32]) {
    let order = words.indices.sorted { (words[$1].characters.count, $0) < (words[$0].characters.count, $1) }
    var places = [Int32](repeating: 0, count: words.count)
    for (place, word) in order.enumerated() { places[word] = Int32(place) }
    let lengths = PackedLengths(sorted: order.map { words[$0].characters.count })
    self.init(
      spellings: rows.map { places[Int($0)] }, lengths: lengths,
      characters: lengths.packed(order.map { words[$0].characters }), shapes: order.flatMap { words[$0].shapes })
  }

  package func taking(_ rows: [Int], of count: Int) -> WordForms {
    WordForms(spellings: rows.map { spellings[$0] }, lengths: lengths, characters: characters, shapes: shapes)
  }
}
