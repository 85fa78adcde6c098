/// Arrays that an HDF5 file is to have, by their paths, and texts that are to stand as attributes.
package struct HDF5Tree: Sendable {
  package var arrays: [(path: String, values: [Float], shape: [Int])] = []
  /// Groups without arrays, which some readers look for.
  package var groups: [String] = []

  package init() {}
}

#if HDF5
  import CHDF5

  extension HDF5Tree {
    /// The bytes of the file: the same ones for the same tree.
    package func bytes() throws(FileError) -> [UInt8] {
      do throws(StrictJSON.Problem) {
        return try HDF5Library.run { () throws(StrictJSON.Problem) in try image() }
      } catch {
        throw FileError(cannotWrite: "an HDF5 file", error.text)
      }
    }

    private func image() throws(StrictJSON.Problem) -> [UInt8] {
      let failure = StrictJSON.Problem("libhdf5 can't make it")
      guard let access = HDF5Handle(H5Pcreate(hdf5_file_access_class()), H5Pclose) else { throw failure }
      H5Pset_fapl_core(access.id, 1 << 16, false)
      guard let file = HDF5Handle(H5Fcreate("image", hdf5_truncate(), 0, access.id), H5Fclose) else { throw failure }
      var made: Set<String> = []
      for path in groups { try makeGroups(path, in: file.id, &made, failure) }
      for (path, values, shape) in arrays {
        let parent = path.split(separator: "/").dropLast().joined(separator: "/")
        try makeGroups(parent, in: file.id, &made, failure)
        guard let space = HDF5Handle(H5Screate_simple(Int32(shape.count), shape.map { hsize_t($0) }, nil), H5Sclose),
          let creation = HDF5Handle(H5Pcreate(hdf5_dataset_creation_class()), H5Pclose)
        else { throw failure }
        // Times of day would make each file another one.
        H5Pset_obj_track_times(creation.id, false)
        guard let dataset = HDF5Handle(H5Dcreate2(file.id, path, hdf5_float32(), space.id, 0, creation.id, 0), H5Dclose),
          H5Dwrite(dataset.id, hdf5_float32(), hdf5_all(), hdf5_all(), 0, values) >= 0
        else { throw failure }
      }
      H5Fflush(file.id, H5F_SCOPE_GLOBAL)
      let size = H5Fget_file_image(file.id, nil, 0)
      guard size > 0 else { throw failure }
      var bytes = [UInt8](repeating: 0, count: size)
      guard H5Fget_file_image(file.id, &bytes, size) == size else { throw failure }
      return bytes
    }

    private func makeGroups(
      _ path: String, in file: hid_t, _ made: inout Set<String>, _ failure: StrictJSON.Problem
    ) throws(StrictJSON.Problem) {
      var whole = ""
      for name in path.split(separator: "/") {
        whole += whole.isEmpty ? "\(name)" : "/\(name)"
        guard made.insert(whole).inserted else { continue }
        guard HDF5Handle(H5Gcreate2(file, whole, 0, 0, 0), H5Gclose) != nil else { throw failure }
      }
    }
  }
#else
  extension HDF5Tree {
    package func bytes() throws(FileError) -> [UInt8] {
      throw FileError(
        cannotWrite: "an HDF5 file",
        "this program was built without libhdf5: build it with the package's trait HDF5, which is on by default")
    }
  }
#endif
