import Storage
package import Support

/// A file of named tensors in the safetensors format, checked and mapped into memory.
///
/// The file is eight bytes that hold the length of the header, little-endian; the header, a JSON object; and the
/// tensors' bytes without a gap. The header maps each tensor's name to its data type, its shape and the range of its
/// bytes, and `__metadata__` to strings. Opening a file reads its header alone; a tensor's bytes are read when asked for.
package struct Safetensors: Sendable {
  /// What the file says of itself, under `__metadata__`.
  package let metadata: [String: String]
  /// The tensors in the order of their bytes in the file.
  package let tensors: [Tensor]
  /// The file's path as it was given, for messages; the name that was given to bytes in memory.
  package let path: String

  private let file: MappedFile
  private let places: [String: Int]

  /// A tensor's description.
  package struct Tensor: Sendable, Hashable {
    package let name: String
    package let dataType: DataType
    /// Elements along each axis, the last one varying fastest; empty for a single number.
    package let shape: [Int]
    /// Where its bytes are in the file.
    package let range: Range<Int>
  }

  /// Opens the file at `path`.
  ///
  /// - Throws: ``RecurrentError`` if the file can't be read or breaks any rule of the format.
  package init(contentsOf path: String) throws(RecurrentError) {
    try self.init(try MappedFile(path), path: path)
  }

  /// Reads a file that is in memory.
  ///
  /// - Parameters:
  ///   - bytes: all of the file's; they are copied.
  ///   - name: by which messages call it.
  /// - Throws: ``RecurrentError`` if they break any rule of the format.
  package init(bytes: some Sequence<UInt8>, name: String = "the tensors") throws(RecurrentError) {
    try self.init(MappedFile(Array(bytes)), path: name)
  }

  private init(_ file: MappedFile, path: String) throws(RecurrentError) {
    do throws(StrictJSON.Problem) {
      let header = try SafetensorsHeader(file)
      self.metadata = header.metadata
      self.tensors = header.tensors
    } catch {
      throw RecurrentError(cannotRead: path, error.text)
    }
    self.path = path
    self.file = file
    places = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
  }

  /// The tensor called `name`, if there is one.
  package subscript(name: String) -> Tensor? { places[name].map { tensors[$0] } }

  /// The elements of the tensor called `name`.
  ///
  /// - Parameter shape: the shape that the tensor must have, or nil if any will do.
  /// - Throws: ``RecurrentError`` if there is no such tensor, its elements are not of this type, or its shape is another.
  package func values<Element: TensorElement>(
    _ name: String, as type: Element.Type = Element.self, shape: [Int]? = nil
  ) throws(RecurrentError) -> [Element] {
    values([try tensor(name, of: type, shape: shape)])
  }

  /// The elements of several tensors of this file, one after the other.
  package func values<Element: TensorElement>(_ tensors: [Tensor], as type: Element.Type = Element.self) -> [Element] {
    let size = MemoryLayout<Element>.stride
    return [Element](unsafeUninitializedCapacity: tensors.reduce(0) { $0 + $1.range.count / size }) { elements, count in
      let memory = UnsafeMutableRawBufferPointer(elements)
      for tensor in tensors {
        withBytes(of: tensor) { bytes in
          // A copy byte by byte, since nothing in the format says that a tensor's bytes are aligned.
          UnsafeMutableRawBufferPointer(rebasing: memory[(count * size)...]).copyMemory(from: bytes)
          count += bytes.count / size
        }
      }
    }
  }

  /// The tensor called `name`, which must have elements of this type and, unless that is nil, this shape.
  package func tensor<Element: TensorElement>(
    _ name: String, of type: Element.Type = Element.self, shape: [Int]?
  ) throws(RecurrentError) -> Tensor {
    try tensor(name, dataType: Element.dataType, shape: shape)
  }

  /// The tensor called `name`, which must have that data type and, unless that is nil, that shape.
  func tensor(_ name: String, dataType: DataType, shape: [Int]?) throws(RecurrentError) -> Tensor {
    guard let tensor = self[name] else {
      throw RecurrentError(cannotRead: path, "it has no tensor \(quoted(name))")
    }
    guard tensor.dataType == dataType else {
      throw RecurrentError(
        cannotRead: path,
        "tensor \(quoted(name)) has the data type \(tensor.dataType.rawValue); expected \(dataType.rawValue)")
    }
    if let shape, tensor.shape != shape {
      throw RecurrentError(cannotRead: path, "tensor \(quoted(name)) has the shape \(tensor.shape); expected \(shape)")
    }
    return tensor
  }

  /// Lends the bytes of `tensor`, one of this file's, without copying them. They may be aligned to one byte only.
  package func withBytes<Result, Failure: Error>(
    of tensor: Tensor, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    ensure(
      tensor.range.upperBound <= file.count, "\(path) has no tensor \(quoted(tensor.name)) in such a place: it is another file's")
    return try file.withBytes(in: tensor.range, body)
  }
}
