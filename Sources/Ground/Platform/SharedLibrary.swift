/// A library of the system's that is opened while the program runs: only one that an installation has put beside the program.
package struct SharedLibrary {
  private let handle: UnsafeMutableRawPointer

  /// Opens a library of `lib/recurrent/`, the folder beside the one in which the program's own file stands.
  ///
  /// Neither an environment variable nor the working folder has a say in where that is.
  ///
  /// - Returns: nil if it is not there; `problem` then says where it should be, or why it can't be opened.
  package init?(besideProgram name: String, problem: inout String) {
    let path = SharedLibrary.path(besideProgram: name)
    guard let path, access(path, R_OK) == 0 else {
      problem = "there is no \(path ?? name)"
      return nil
    }
    // What the library opens in turn looks for its names in it.
    guard let handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
      problem = dlerror().map { String(cString: $0) } ?? "\(path) can't be opened"
      return nil
    }
    self.handle = handle
  }

  /// A function of the library; nil if it has none of that name.
  ///
  /// - Parameter type: what it is in C.
  package func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    dlsym(handle, name).map { unsafeBitCast($0, to: type) }
  }

  /// Where a library stands that belongs to the program.
  package static func path(besideProgram name: String) -> String? {
    guard let program = System.programPath else { return nil }
    var folders = program.split(separator: "/").dropLast(2)
    folders += ["lib", "recurrent", Substring(name)]
    return "/" + folders.joined(separator: "/")
  }
}

extension System {
  /// The file of the program that runs, without symbolic links; nil if the system doesn't say.
  package static var programPath: String? {
    #if canImport(Darwin)
      var size = UInt32(PATH_MAX)
      var name = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&name, &size) == 0, let path = realpath(name, nil) else { return nil }
    #else
      guard let path = realpath("/proc/self/exe", nil) else { return nil }
    #endif
    defer { free(path) }
    return String(cString: path)
  }

  /// Processors that are there, whether or not this process may use them.
  package static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// The name of the machine in its network.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, 255) == 0 else { return "an unnamed machine" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
