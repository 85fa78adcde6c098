package import Engine
package import Sequences
package import Support

/// A part of the vector that a network's first layer reads: numbers as they are, a symbol's learned vector.
package protocol InputPart: Sendable {
  /// Its numbers.
  var width: Int { get }
  /// What it is to other systems and to streams.
  var form: InputForm { get }
  /// What its numbers are, for the weights that multiply them.
  var axis: WeightAxis { get }
  /// Its weights, in the order in which they lie in the network's.
  var tensors: [WeightTensor] { get }

  /// The part with whatever it compiles, ready to make encoders.
  ///
  /// - Throws: ``RecurrentError`` if it can't be built.
  func prepared() throws -> Self
  /// Fresh weights.
  ///
  /// - Parameter isTied: whether its matrix is the output's, too.
  func initialWeights(isTied: Bool, using random: inout Random) -> [Float]
  /// What is wrong with a batch's rows, as the end of the sentence `the batch …`; nil if nothing is.
  func fault(in rows: any InputRows, count: Int) -> String?
  /// What writes the part of a batch's rows.
  ///
  /// - Parameters:
  ///   - dropout: the fraction of the symbols that are left out in a batch of a training.
  ///   - isTied: whether its matrix is the output's, too.
  func encoder(machine: Machine, trains: Bool, dropout: Double, isTied: Bool) -> any PartEncoder
}

extension InputPart {
  package var axis: WeightAxis { .plain(width) }
  package var tensors: [WeightTensor] { [] }
  package func prepared() throws -> Self { self }
  package func initialWeights(isTied: Bool, using random: inout Random) -> [Float] { [] }
}

/// What a part of an input is to other systems and to streams, which can do the first three.
package enum InputForm: Sendable, Hashable {
  /// Numbers as they are.
  case numbers(Int)
  /// The row of a symbol in a matrix of weights, `[symbols, width]`.
  case embedded(symbols: Int, width: Int, weight: String)
  /// A 1 at the symbol's place, 0 elsewhere.
  case oneHot(symbols: Int)
  /// Something else, as a message names it: `words with their spelling`.
  case special(String)

  /// How many symbols there are, if it is one.
  package var symbols: Int? {
    switch self {
    case .embedded(let symbols, _, _), .oneHot(let symbols): symbols
    case .numbers, .special: nil
    }
  }
}

/// Writes one part of the vectors that the first layer reads, and takes in their gradient.
package protocol PartEncoder: AnyObject {
  /// Whether it has weights that learn.
  var isLearned: Bool { get }

  /// Takes over the part's weights, which begin at `weights`.
  func load(_ weights: UnsafePointer<Float>)
  /// Begins a batch, whose drawings depend on `seed` only; nil to draw nothing.
  func begin(_ rows: any InputRows, _ lengths: PackedLengths, seed: UInt64?)
  /// Writes the part of some rows of the batch, `stride` floats apart.
  func write(_ rows: Range<Int>, to target: UnsafeMutablePointer<Float>, stride: Int)
  /// Takes in the gradient of some rows' part. Segments of rows come the last one first.
  ///
  /// - Parameter gradients: of the part's weights, to be added to here or when the batch is finished.
  func backward(
    _ rows: Range<Int>, from source: UnsafePointer<Float>, stride: Int, _ gradients: UnsafeMutablePointer<Float>)
  /// Ends a batch all rows of which have had their gradient.
  func finish(_ gradients: UnsafeMutablePointer<Float>)
  /// How many numbers it sums up over a batch from which, and only then, the gradient of its weights follows; 0 if it adds up that
  /// gradient itself.
  var sumCount: Int { get }
  /// Adds the sums over the rows that have had their gradient, in place of ``finish(_:)`` where these are a part of a batch.
  func addSums(to sums: UnsafeMutablePointer<Float>)
  /// Adds the gradient of the weights that follows from the sums over the whole batch.
  func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>)
  /// Bytes that a batch's rows will take beside the vectors.
  func plannedBytes(_ rows: any InputRows) -> Int
  /// What they take now.
  var allocatedBytes: Int { get }
}

extension PartEncoder {
  package var isLearned: Bool { false }
  package func load(_ weights: UnsafePointer<Float>) {}
  package func backward(
    _ rows: Range<Int>, from source: UnsafePointer<Float>, stride: Int, _ gradients: UnsafeMutablePointer<Float>
  ) {}
  package func finish(_ gradients: UnsafeMutablePointer<Float>) {}
  package var sumCount: Int { 0 }
  package func addSums(to sums: UnsafeMutablePointer<Float>) {}
  package func finish(_ gradients: UnsafeMutablePointer<Float>, from sums: UnsafePointer<Float>) {}
  package func plannedBytes(_ rows: any InputRows) -> Int { 0 }
  package var allocatedBytes: Int { 0 }
}

extension InputRows {
  /// The rows as the kind that a part reads; a batch was checked to have them.
  func read<Rows: InputRows>(as kind: Rows.Type) -> Rows {
    guard let rows = self as? Rows else { fatalError("a part of the input reads \(Rows.self), and the batch has \(Self.self)") }
    return rows
  }
}
