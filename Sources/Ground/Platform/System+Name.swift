extension System {
  /// The operating system's kernel with its version, such as `Linux 6.1.0`.
  package static var name: String {
    var names = utsname()
    uname(&names)
    return text(names.sysname) + " " + text(names.release)
  }

  /// What kind of processor the program was built for.
  package static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "another processor"
    #endif
  }
}

/// The characters of a C array, which Swift sees as a tuple, up to its first zero.
private func text<Characters>(_ characters: Characters) -> String {
  withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
}
