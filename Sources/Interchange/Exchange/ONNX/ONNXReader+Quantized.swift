import ONNXFiles
import Storage
import Support

// DynamicQuantizeLSTM, as ONNX Runtime's quantisation writes LSTMs: the operator with matrices of bytes, `W` `[D, I, 4 · H]` and `R`
// `[D, H, 4 · H]`, and after its own inputs a scale and a zero point for each, `[D]` or `[D, 4 · H]`.
extension ONNXNode {
  /// Whether it is an LSTM whose matrices are bytes.
  var isQuantizedLSTM: Bool { domain == "com.microsoft" && operation == "DynamicQuantizeLSTM" }

  /// The LSTM of the default set of operators that has the same inputs but for the matrices.
  var unquantized: ONNXNode {
    var node = self
    (node.domain, node.operation) = ("", "LSTM")
    node.inputs = Array(inputs.prefix(ONNXRecurrentNode.inputNames.count))
    return node
  }
}

extension ONNXReader {
  /// The matrices of such an operator as the numbers that they stand for, `[D, 4 · H, I]` and `[D, 4 · H, H]`.
  mutating func dequantized(
    _ constants: [ONNXArray?], of node: ONNXNode, _ title: String
  ) throws(ONNXRefusal) -> [ONNXArray?] {
    var constants = constants
    for (place, name, scale) in [(1, "W", 8), (2, "R", 10)] {
      guard let matrix = constants[place] else { continue }
      guard let scales = try quantity(scale, of: node, title), let zeros = try quantity(scale + 1, of: node, title) else {
        throw ONNXRefusal("whose \(name) lacks its scale or its zero point")
      }
      guard matrix.shape.count == 3, case .integers(let bytes) = matrix.elements else {
        throw ONNXRefusal("whose \(name) has the shape \(matrix.shape); expected bytes with three axes")
      }
      let (directions, rows, columns) = (matrix.shape[0], matrix.shape[1], matrix.shape[2])
      let whole = [[directions], [directions, columns]]
      guard whole.contains(scales.shape), !scales.isWhole, case .integers(let points) = zeros.elements,
        zeros.shape == scales.shape
      else {
        throw ONNXRefusal(
          "whose scale and zero point of \(name) have the shapes \(scales.shape) and \(zeros.shape); expected \(whole[0]) or \(whole[1])"
        )
      }
      let isOfRows = scales.shape.count == 2, factors = scales.floats
      let numbers = bytes.indices.map { index in
        let own = isOfRows ? index / (rows * columns) * columns + index % columns : index / (rows * columns)
        return Float(bytes[index] - points[own]) * factors[own]
      }
      constants[place] = ONNXArray(matrix.shape, .floats(numbers)).transposed([0, 2, 1])
    }
    return constants
  }

  private mutating func quantity(_ place: Int, of node: ONNXNode, _ title: String) throws(ONNXRefusal) -> ONNXArray? {
    guard place < node.inputs.count, !node.inputs[place].isEmpty else { return nil }
    do throws(Problem) { return try array(node.inputs[place], of: title) } catch {
      throw ONNXRefusal("whose \(node.inputs[place]) can't be read: \(error.text)")
    }
  }
}
