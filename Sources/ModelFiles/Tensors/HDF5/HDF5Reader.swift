#if HDF5
  import CHDF5

  extension HDF5Contents {
    typealias Problem = StrictJSON.Problem

    /// Reads a whole file.
    ///
    /// The library follows no link out of the file, and nothing is allocated that the file's bytes could not fill.
    init(_ place: Place) throws(Problem) {
      try place.checkHeaps()
      self = try HDF5Library.run { () throws(Problem) in
        guard let access = HDF5Handle(H5Pcreate(hdf5_file_access_class()), H5Pclose) else { throw Self.damaged }
        H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG)
        let name: String
        switch place {
        case .file(let path, _): name = path
        case .image(let bytes):
          name = "image"
          H5Pset_fapl_core(access.id, 1 << 16, false)
          let status = bytes.withUnsafeBytes {
            H5Pset_file_image(access.id, UnsafeMutableRawPointer(mutating: $0.baseAddress), $0.count)
          }
          guard status >= 0 else { throw Self.damaged }
        }
        guard let file = HDF5Handle(H5Fopen(name, 0, access.id), H5Fclose),
          let root = HDF5Handle(H5Gopen2(file.id, "/", 0), H5Gclose)
        else { throw Self.damaged }
        var walk = HDF5Walk(bytes: place.bytes)
        try walk.visit(root.id, path: "", depth: 0)
        return walk.contents
      }
    }

    static let damaged = Problem("it is no HDF5 file, or a damaged one")
  }

  /// Goes through all groups of a file.
  private struct HDF5Walk {
    typealias Problem = StrictJSON.Problem

    private(set) var contents = HDF5Contents()
    private let bytes: Int
    /// Links that have been followed: a group may hold itself, and a file says each link once.
    private var links = 0
    /// Bytes that arrays and texts take in the file.
    private var taken = 0

    init(bytes: Int) { self.bytes = bytes }

    mutating func visit(_ group: hid_t, path: String, depth: Int) throws(Problem) {
      guard depth <= 16 else { throw Problem("its groups are nested more than 16 deep at \(quoted(path))") }
      try readTexts(of: group, path)
      var info = H5G_info_t()
      guard H5Gget_info(group, &info) >= 0 else { throw Problem("its group \(quoted(path)) is damaged") }
      for place in 0..<info.nlinks {
        links += 1
        guard links <= bytes / 32 else { throw Problem("its groups hold one another more often than the file is long") }
        let name = try name(ofLink: place, in: group, path)
        let child = path.isEmpty ? name : "\(path)/\(name)"
        guard hdf5_link_is_hard(group, place) == 1 else {
          throw Problem("\(quoted(child)) is a link to another place or file, which is not followed")
        }
        guard let object = HDF5Handle(H5Oopen_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, place, 0), H5Oclose) else {
          throw Problem("its object \(quoted(child)) is damaged")
        }
        switch H5Iget_type(object.id) {
        case H5I_GROUP: try visit(object.id, path: child, depth: depth + 1)
        case H5I_DATASET:
          try readTexts(of: object.id, child)
          do throws(Problem) { try readArray(object.id, child) } catch {
            throw Problem("array \(quoted(child)): \(error.text)")
          }
        default: break
        }
      }
    }

    private func name(ofLink place: hsize_t, in group: hid_t, _ path: String) throws(Problem) -> String {
      var buffer = [CChar](repeating: 0, count: 1024)
      let length = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, place, &buffer, buffer.count, 0)
      guard length > 0, length < buffer.count, let name = String(validating: buffer.prefix(length), as: UTF8.self) else {
        throw Problem("a name in its group \(quoted(path)) can't be read")
      }
      return name
    }

    /// Notes that so many more bytes of the file belong to values; they can't be more than there are.
    private mutating func take(_ count: Int) throws(Problem) {
      guard count >= 0, count <= bytes - taken else { throw Problem("its values take more than the \(bytes) bytes of the file") }
      taken += count
    }

    private func shape(_ space: hid_t) throws(Problem) -> [Int] {
      let rank = H5Sget_simple_extent_ndims(space)
      guard H5Sget_simple_extent_type(space) != H5S_NULL, (0...32).contains(rank) else { throw Problem("it has no shape") }
      var lengths = [hsize_t](repeating: 0, count: Int(rank))
      guard H5Sget_simple_extent_dims(space, &lengths, nil) >= 0 else { throw Problem("its shape is damaged") }
      return lengths.map { Int(clamping: $0) }
    }

    // MARK: Arrays

    /// An array of other things than numbers is left out.
    private mutating func readArray(_ dataset: hid_t, _ path: String) throws(Problem) {
      guard let type = HDF5Handle(H5Dget_type(dataset), H5Tclose), let space = HDF5Handle(H5Dget_space(dataset), H5Sclose) else {
        throw Problem("it is damaged")
      }
      guard let dataType = DataType(hdf5: type.id), H5Sget_simple_extent_type(space.id) != H5S_NULL else { return }
      let shape = try shape(space.id)
      let stored = Int(clamping: H5Dget_storage_size(dataset))
      try take(stored)
      let count = elements(shape, dataType, atMost: try mostBytes(dataset, stored: stored))
      guard let count else { throw Problem("its shape \(shortened(shape)) takes more than the \(stored) bytes that it has") }
      var values = [UInt8](repeating: 0, count: count * dataType.size)
      guard count == 0 || H5Dread(dataset, type.id, hdf5_all(), hdf5_all(), 0, &values) >= 0 else {
        throw Problem("its numbers can't be read: the file is damaged or cut short")
      }
      contents.tensors.append(
        TensorFile.Tensor(
          name: path, dataType: dataType, shape: shape,
          storage: .mapped(
            MappedFile(values), start: 0, strides: contiguousStrides(shape), isBigEndian: H5Tget_order(type.id) == H5T_ORDER_BE)))
    }

    /// How many bytes an array's stored ones can unfold to.
    private func mostBytes(_ dataset: hid_t, stored: Int) throws(Problem) -> Int {
      guard let creation = HDF5Handle(H5Dget_create_plist(dataset), H5Pclose) else { throw Problem("it is damaged") }
      let layout = H5Pget_layout(creation.id)
      guard [H5D_COMPACT, H5D_CONTIGUOUS, H5D_CHUNKED].contains(layout), H5Pget_external_count(creation.id) == 0 else {
        throw Problem("its numbers stand in another file, which is not opened")
      }
      var most = stored
      for place in 0..<max(0, H5Pget_nfilters(creation.id)) {
        var (flags, values, settings): (UInt32, Int, UInt32) = (0, 0, 0)
        let filter = H5Pget_filter2(creation.id, UInt32(place), &flags, &values, nil, 0, nil, &settings)
        switch filter {
        case H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32: break
        // Deflate can't unfold a byte to more than 1032.
        case H5Z_FILTER_DEFLATE: most = stored.multipliedReportingOverflow(by: 1032).partialValue
        default: throw Problem("its numbers are packed by filter \(filter), which is not known here")
        }
      }
      return most
    }

    // MARK: Texts

    /// Attributes that are texts; others are left out.
    private mutating func readTexts(of object: hid_t, _ path: String) throws(Problem) {
      for place in 0..<max(0, H5Aget_num_attrs(object)) {
        guard
          let attribute = HDF5Handle(H5Aopen_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, hsize_t(place), 0, 0), H5Aclose),
          let type = HDF5Handle(H5Aget_type(attribute.id), H5Tclose), let space = HDF5Handle(H5Aget_space(attribute.id), H5Sclose)
        else { throw Problem("an attribute of \(quoted(path)) is damaged") }
        guard H5Tget_class(type.id) == H5T_STRING, H5Sget_simple_extent_type(space.id) != H5S_NULL else { continue }
        var buffer = [CChar](repeating: 0, count: 1024)
        let length = H5Aget_name(attribute.id, buffer.count, &buffer)
        guard length > 0, length < buffer.count, let name = String(validating: buffer.prefix(length), as: UTF8.self) else {
          throw Problem("the name of an attribute of \(quoted(path)) can't be read")
        }
        let key = "\(path)@\(name)"
        let size = H5Tget_size(type.id)
        guard size > 0, let count = elements(try shape(space.id), .uint8, atMost: bytes / size) else {
          throw Problem("attribute \(quoted(key)) takes more than the \(bytes) bytes of the file")
        }
        try take(count * size)
        let isVariable = H5Tis_variable_str(type.id) > 0
        let texts = isVariable ? variable(attribute.id, type.id, space.id, count) : fixed(attribute.id, type.id, count, size)
        guard let texts else { throw Problem("attribute \(quoted(key)) can't be read") }
        contents.texts[key] = texts
      }
    }

    private func fixed(_ attribute: hid_t, _ type: hid_t, _ count: Int, _ size: Int) -> [String]? {
      var bytes = [UInt8](repeating: 0, count: count * size)
      guard H5Aread(attribute, type, &bytes) >= 0 else { return nil }
      let texts = (0..<count).compactMap { place in
        String(validating: bytes[place * size..<(place + 1) * size].prefix { $0 != 0 }, as: UTF8.self)
      }
      return texts.count == count ? texts : nil
    }

    private func variable(_ attribute: hid_t, _ type: hid_t, _ space: hid_t, _ count: Int) -> [String]? {
      var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
      guard H5Aread(attribute, type, &pointers) >= 0 else { return nil }
      let texts = pointers.compactMap { $0.map { String(cString: $0) } ?? "" }
      H5Dvlen_reclaim(type, space, 0, &pointers)
      return texts
    }
  }

  extension DataType {
    /// The type of numbers whose bytes need not be changed but for their order; nil for others.
    fileprivate init?(hdf5 type: hid_t) {
      let size = H5Tget_size(type)
      switch H5Tget_class(type) {
      case H5T_INTEGER where H5Tget_precision(type) == 8 * size:
        switch (size, H5Tget_sign(type) == H5T_SGN_NONE) {
        case (1, true): self = .uint8
        case (2, true): self = .uint16
        case (4, true): self = .uint32
        case (8, true): self = .uint64
        case (1, false): self = .int8
        case (2, false): self = .int16
        case (4, false): self = .int32
        case (8, false): self = .int64
        default: return nil
        }
      case H5T_FLOAT:
        var (sign, exponent, exponentBits, fraction, fractionBits) = (0, 0, 0, 0, 0)
        guard H5Tget_fields(type, &sign, &exponent, &exponentBits, &fraction, &fractionBits) >= 0 else { return nil }
        switch (size, exponentBits, fractionBits) {
        case (2, 5, 10): self = .float16
        case (2, 8, 7): self = .bfloat16
        case (4, 8, 23): self = .float32
        case (8, 11, 52): self = .float64
        default: return nil
        }
      default: return nil
      }
    }
  }
#endif
