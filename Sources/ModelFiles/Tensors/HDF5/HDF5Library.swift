#if HDF5
  import CHDF5
  import Synchronization

  /// The door to libhdf5, which is not made for several threads and keeps its errors and its plugins to itself.
  enum HDF5Library {
    private static let isReady = Mutex(false)

    /// Runs `body` while nobody else uses the library.
    static func run<Result: ~Copyable, Failure: Error>(
      _ body: () throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      try isReady.withLock { isReady throws(Failure) in
        if !isReady {
          H5dont_atexit()
          H5open()
          // It writes what went wrong to standard error unless told not to.
          H5Eset_auto2(hid_t(H5E_DEFAULT), nil, nil)
          // A file may ask for a filter by number, which the library would look for among shared libraries.
          H5PLset_loading_state(0)
          isReady = true
        }
        return try body()
      }
    }
  }

  /// Something that the library has opened, until this value's end.
  struct HDF5Handle: ~Copyable {
    let id: hid_t
    private let close: (hid_t) -> herr_t

    /// - Parameter id: below 0 if the library could not open it.
    init?(_ id: hid_t, _ close: @escaping (hid_t) -> herr_t) {
      guard id >= 0 else { return nil }
      (self.id, self.close) = (id, close)
    }

    deinit { _ = close(id) }
  }
#endif
