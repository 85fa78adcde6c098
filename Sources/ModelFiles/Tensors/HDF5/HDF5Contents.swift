/// What an HDF5 file holds, as far as it can be read here: arrays of numbers by their paths, and texts that stand as attributes.
struct HDF5Contents {
  var tensors: [TensorFile.Tensor] = []
  /// By `path@name`.
  var texts: [String: [String]] = [:]

  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Where an HDF5 file is.
  enum Place {
    case file(path: String, MappedFile)
    /// In memory, as a member of an archive is.
    case image([UInt8])

    func checkHeaps() throws(StrictJSON.Problem) {
      let file =
        switch self {
        case .file(_, let file): file
        case .image(let bytes): MappedFile(bytes)
        }
      try file.withBytes(in: 0..<file.count) { bytes throws(StrictJSON.Problem) in try HDF5Heaps.check(bytes) }
    }

    var bytes: Int {
      switch self {
      case .file(_, let file): file.count
      case .image(let bytes): bytes.count
      }
    }
  }
}

#if !HDF5
  extension HDF5Contents {
    init(_ place: Place) throws(StrictJSON.Problem) {
      throw StrictJSON.Problem(
        "it is an HDF5 file, and this program was built without libhdf5: build it with the package's trait HDF5, which is on by default"
      )
    }
  }
#endif
