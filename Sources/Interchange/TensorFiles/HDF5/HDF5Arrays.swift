import Models
import Storage

extension HDF5Blocks {
  /// The array that an object's header describes; nil if its elements are no numbers.
  mutating func array(_ messages: [HDF5Message], _ name: String) throws(Problem) -> TensorFile.Tensor? {
    func message(_ kind: HDF5Message.Kind) -> ByteReader? { messages.first { $0.kind == kind }?.body }
    guard let type = message(.dataType), let space = message(.dataspace), let layout = message(.layout) else {
      throw Problem("its type, its shape or its place is missing")
    }
    guard message(.externalFiles) == nil else { throw Problem("its numbers stand in another file, which is not opened") }
    guard case .number(let dataType, let isBigEndian) = try HDF5Type(type), let space = try HDF5Space(space) else {
      return nil
    }
    let shape = space.shape
    guard let size = SafetensorsHeader.byteCount(dataType, shape) else {
      throw Problem("its shape \(shortened(shape)) has more elements than can be counted")
    }
    let filters = try message(.filters).map { message throws(Problem) in try HDF5Filters(message) }
    let (file, start) = try place(of: layout, size, space, dataType, filters)
    return TensorFile.Tensor(
      name: name, dataType: dataType, shape: shape,
      storage: .mapped(file, start: start, strides: contiguousStrides(shape), isBigEndian: isBigEndian))
  }

  /// Where the array's numbers begin, in the file or in memory.
  private mutating func place(
    of layout: ByteReader, _ size: Int, _ space: HDF5Space, _ type: DataType, _ filters: HDF5Filters?
  ) throws(Problem) -> (MappedFile, Int) {
    var reader = layout
    let (version, kind) = (try reader.number(UInt8.self), try reader.number(UInt8.self))
    guard (3...5).contains(version) else {
      throw Problem("its layout is of version \(version); known are 3 to 5, which HDF5 writes since version 1.6.3")
    }
    func check(_ stored: Int) throws(Problem) {
      guard size <= stored else {
        throw Problem("its shape \(shortened(space.shape)) takes more than the \(stored) bytes that it has")
      }
    }
    switch kind {
    case 0:
      let stored = Int(try reader.number(UInt16.self))
      try check(stored)
      return (file, try reader.part(stored).position)
    case 1:
      let address = try reader.number(UInt64.self)
      let stored = try reader.length()
      guard size > 0 else { return (file, 0) }
      guard address != Self.nowhere else { throw Problem("its numbers were never written") }
      try check(stored)
      return (file, try open(address, stored, "its numbers").position)
    case 2:
      guard size > 0 else { return (file, 0) }
      return (MappedFile(try HDF5Chunks(reader, version: version, space, type, filters).values(&self)), 0)
    default: throw Problem("its numbers stand in other arrays or files, which is not read here")
    }
  }
}
