/// What the system says of the machine and of the process.
package enum System {
  /// The value of an environment variable; nil if it is not set.
  package static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// Bytes of memory that the machine has.
  package static var physicalMemory: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

  /// The number of this process.
  package static var processNumber: Int32 { getpid() }

  /// What the system says about the last call that failed, such as `No such file or directory`.
  package static var lastMessage: String { String(cString: strerror(errno)) }

  /// Memory of that size, aligned to 64 bytes; large blocks in pages of 2 MB where the system has them for whoever asks.
  package static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
    #if canImport(Glibc)
      let page = 1 << 21
      if bytes >= page {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: page)
        // A hint: memory in small pages is as good, but slower.
        _ = madvise(memory, bytes, MADV_HUGEPAGE)
        return memory
      }
    #endif
    return .allocate(byteCount: bytes, alignment: 64)
  }

  /// Sees to it that what has been written to a file is on the disk; 0 if it is.
  package static func synchronize(_ descriptor: Int32) -> Int32 {
    #if canImport(Darwin)
      // Darwin's fsync leaves the bytes in the drive's own memory.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
    #endif
    return fsync(descriptor)
  }
}
