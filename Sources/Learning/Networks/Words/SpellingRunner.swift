import CellCompiler
import CellLanguage
import Engine
import Sequences

/// Gives what a word's vector has after its embedding: what a network makes of its characters, and its shapes. Each different
/// word of a batch is spelled once, and rows point to it.
final class SpellingRunner {
  /// Nil where words are not spelled.
  private let runner: NetworkRunner?
  /// Where that network's weights stand among all.
  private let range: Range<Int>
  /// Whether there is a way back.
  private let trains: Bool
  /// The numbers that the network gives for a word, and those of its shape that follow them.
  private let spelled: Int
  private let shapes: Int
  private var words = Batch.Words(
    tokens: [], spellings: [], lengths: PackedLengths(steps: 0, batch: 0), characters: [], shapes: [])
  /// What it gave, and the gradient of that, `[different words, spelled]`.
  private var vectors: [Float] = []
  private var gradient = FloatBuffer(count: 0)

  init(_ network: Network, _ input: WordInput, machine: Machine, trains: Bool) {
    runner = network.spelling.map { NetworkRunner($0, machine: machine, trains: trains) }
    self.trains = trains
    range = network.layout.spelling ?? 0..<0
    spelled = input.spelling?.outputWidth ?? 0
    shapes = input.shapes.count
  }

  func load(_ weights: UnsafePointer<Float>) {
    runner?.load(Array(UnsafeBufferPointer(start: weights + range.lowerBound, count: range.count)))
  }

  /// Bytes that a batch's words take, as ``NetworkRunner/plannedMemory(_:reading:)`` counts them.
  func plannedBytes(_ words: Batch.Words) -> Int {
    (runner?.plannedMemory(words.lengths).bytes ?? 0) + 4 * words.lengths.batch * spelled
  }

  /// What they take now.
  var allocatedBytes: Int {
    let inSpelling = runner.map { $0.allocatedBytes + $0.startBytes(sequences: words.lengths.batch) }
    return (inSpelling ?? 0) + 4 * gradient.count
  }

  /// Spells the words of a batch.
  func begin(_ words: Batch.Words) {
    self.words = words
    guard let runner else { return }
    let count = words.lengths.batch * spelled
    guard trains else {
      vectors = runner.outputs(.tokens(words.characters), lengths: words.lengths)
      return
    }
    let given = runner.outputsToPullBack(.tokens(words.characters), lengths: words.lengths, carriesStates: false)
    vectors = Array(UnsafeBufferPointer(start: given, count: count))
    gradient = gradient.grown(to: count)
    gradient.clear(0..<count)
  }

  /// Writes what some rows of the batch have.
  func write(_ rows: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int) {
    vectors.withUnsafeBufferPointer { vectors in
      words.shapes.withUnsafeBufferPointer { shapes in
        for (place, row) in rows.enumerated() {
          let (word, target) = (Int(words.spellings[row]), target + place * stride)
          for number in 0..<spelled { target[number] = vectors[word * spelled + number] }
          for number in 0..<self.shapes { target[spelled + number] = shapes[word * self.shapes + number] }
        }
      }
    }
  }

  /// Takes in the gradient of what some rows had, the last row first.
  func add(_ rows: Range<Int>, from source: UnsafePointer<Float>, stride: Int) {
    for (place, row) in rows.enumerated().reversed() {
      let (source, target) = (source + place * stride, gradient.base + Int(words.spellings[row]) * spelled)
      for number in 0..<spelled { target[number] += source[number] }
    }
  }

  /// Adds the gradient of the weights that spelled the batch, all rows of which have been taken in.
  func finish(_ gradients: UnsafeMutablePointer<Float>) {
    runner?.backpropagate(gradient.base, to: gradients + range.lowerBound, inputGradient: nil)
  }
}
