import Models
import Storage
import Support

/// Tensors as JSON: an object of numbers and nested arrays of numbers, such as people write of a PyTorch state dict.
enum JSONTensors {
  typealias Problem = StrictJSON.Problem

  static func tensors(_ file: MappedFile) throws(Problem) -> [TensorFile.Tensor] {
    var json = StrictJSON(file.withBytes(in: 0..<file.count) { [UInt8]($0) }[...])
    var tensors: [TensorFile.Tensor] = []
    try json.object { json, name throws(Problem) in
      tensors.append(try TensorFile.Tensor(json: &json, name: name))
    }
    try json.end()
    return tensors
  }
}

/// Nested arrays, all of the same length at the same depth.
struct NestedArray {
  private(set) var numbers: [Double] = []
  private(set) var shape: [Int] = []

  /// - Parameter name: for messages.
  init(_ json: inout StrictJSON, name: String) throws(StrictJSON.Problem) {
    do throws(StrictJSON.Problem) { try read(&json, depth: 0) } catch {
      throw StrictJSON.Problem("tensor \(quoted(name)): \(error.text)")
    }
  }

  private mutating func read(_ json: inout StrictJSON, depth: Int) throws(StrictJSON.Problem) {
    guard json.beginsArray else {
      guard depth == shape.count else { throw StrictJSON.Problem("a number stands where an array was expected") }
      return numbers.append(try json.number())
    }
    guard depth < 8 else { throw StrictJSON.Problem("its arrays are nested more than 8 deep") }
    if depth == shape.count {
      guard numbers.isEmpty else { throw StrictJSON.Problem("an array stands where a number was expected") }
      shape.append(-1)
    }
    var count = 0
    try Self.elements(&self, &json, depth: depth + 1, count: &count)
    // The first array of each depth says how long all others are.
    if shape[depth] == -1 { shape[depth] = count }
    guard shape[depth] == count else {
      throw StrictJSON.Problem("one of its arrays has \(count) elements, another one at the same depth \(shape[depth])")
    }
  }

  private static func elements(
    _ array: inout NestedArray, _ json: inout StrictJSON, depth: Int, count: inout Int
  ) throws(StrictJSON.Problem) {
    try json.array { json throws(StrictJSON.Problem) in
      try array.read(&json, depth: depth)
      count += 1
    }
  }
}
