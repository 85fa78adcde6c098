import Engine
import Sequences
import Support

/// Writes the parts of what a step reads.
final class InputStream: StreamNode {
  private let output: StreamEdge
  private let parameters: [Float]
  /// How many numbers a step takes, and of how many symbols it takes one; nil of none.
  let numbers: Int
  let symbols: Int?
  private let parts: [Part]

  /// A part of the row, from some column on. Nothing in it is counted by reference, since a step goes through all of them.
  private enum Part {
    case numbers(Int, column: Int)
    /// The row of a symbol in a matrix, which begins at some place among the network's weights.
    case embedded(width: Int, matrix: Int, column: Int)
    case oneHot(Int, column: Int)
  }

  /// - Throws: ``RecurrentError`` if a part has to know whole sequences, or a step would take several symbols.
  init(_ parts: [any InputPart], _ stream: StreamParts) throws(RecurrentError) {
    output = stream.output
    let network = stream.weights.network
    parameters = network.parameters
    var column = 0
    var own: [Part] = []
    for part in parts {
      switch part.form {
      case .numbers(let count): own.append(.numbers(count, column: column))
      case .oneHot(let count): own.append(.oneHot(count, column: column))
      case .embedded(_, let width, let weight):
        guard let matrix = network.layout[weight] else { fatalError("the network has no matrix for its input's symbols") }
        own.append(.embedded(width: width, matrix: matrix.range.lowerBound, column: column))
      case .special(let what):
        throw RecurrentError(
          .network, "the network can't be run step by step: the input reads \(what); run it over whole sequences")
      }
      column += part.width
    }
    self.parts = own
    let counts = parts.compactMap(\.form.symbols)
    guard counts.count <= 1 else {
      throw RecurrentError(
        .network, "the network can't be run step by step: the input reads \(counts.count) symbols at each step")
    }
    symbols = counts.first
    numbers = parts.reduce(0) { if case .numbers(let count) = $1.form { $0 + count } else { $0 } }
    super.init(span: .step)
  }

  /// Writes the row of a step.
  ///
  /// - Parameters:
  ///   - symbol: of the input's, 0 where it has none.
  ///   - values: ``numbers`` of them.
  ///   - row: which of the streams that step together it is.
  func write(symbol: Int, _ values: UnsafePointer<Float>?, row: Int = 0) {
    let row = output.row + row * output.width
    var values = values
    for index in parts.indices {
      switch parts[index] {
      case .numbers(let count, let column):
        guard let source = values else { fatalError("a step takes \(count) numbers, and none came") }
        for place in 0..<count { row[column + place] = source[place] }
        values = source + count
      case .embedded(let width, let matrix, let column):
        for place in 0..<width { row[column + place] = parameters[matrix + symbol * width + place] }
      case .oneHot(let count, let column):
        (row + column).update(repeating: 0, count: count)
        row[column + symbol] = 1
      }
    }
  }

}
