import Storage
import Support

/// What an HDF5 file holds, as far as it can be read here: arrays of numbers by their paths, and texts that stand as attributes.
struct HDF5Contents {
  typealias Problem = StrictJSON.Problem

  private(set) var tensors: [TensorFile.Tensor] = []
  /// The texts of attributes by `path@name`.
  var texts: [String: [String]] = [:]

  /// - Parameter range: where in `file` the HDF5 file is.
  init(_ file: MappedFile, in range: Range<Int>) throws(Problem) {
    var blocks = try HDF5Blocks(file, in: range)
    try visit(blocks.root, path: "", depth: 0, &blocks)
  }

  private mutating func visit(_ address: UInt64, path: String, depth: Int, _ blocks: inout HDF5Blocks) throws(Problem) {
    guard depth <= 16 else { throw Problem("its groups are nested more than 16 deep at \(quoted(path))") }
    var links: [(name: String, address: UInt64)] = []
    do throws(Problem) {
      let messages = try blocks.messages(at: address)
      for (name, texts) in try blocks.texts(messages) { self.texts["\(path)@\(name)"] = texts }
      if messages.contains(where: { $0.kind == .layout }) {
        if let tensor = try blocks.array(messages, path) { tensors.append(tensor) }
      } else {
        links = try blocks.links(messages)
      }
    } catch {
      throw Problem("\(path.isEmpty ? "its root group" : "its object \(quoted(path))"): \(error.text)")
    }
    for (name, address) in links {
      try visit(address, path: path.isEmpty ? name : "\(path)/\(name)", depth: depth + 1, &blocks)
    }
  }
}
