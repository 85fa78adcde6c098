import Platform
import Storage

extension Terminal {
  /// The process's standard output and standard error.
  ///
  /// From here on a reader that goes away is an error of the write that finds out, ``OutputError/closed``, and not a
  /// signal that ends the process.
  package static func system() -> Terminal {
    signal(SIGPIPE, SIG_IGN)
    return Terminal(output: .system(STDOUT_FILENO), messages: .system(STDERR_FILENO))
  }
}

extension Channel {
  fileprivate static func system(_ descriptor: Int32) -> Channel {
    Channel(
      abilities: Abilities(isTerminal: isatty(descriptor) == 1, environment: environment),
      columns: { columns(descriptor) },
      send: { text throws(OutputError) in try writeAll(text, to: descriptor) })
  }

  private static func columns(_ descriptor: Int32) -> Int {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    if let columns = environment("COLUMNS").flatMap({ Int($0) }), columns > 0 { return columns }
    return 80
  }
}

private func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

private func writeAll(_ text: String, to descriptor: Int32) throws(OutputError) {
  var text = text
  // The stage between is for the error type: closures of `withUTF8` throw any.
  let failure = text.withUTF8 { bytes -> OutputError? in
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = UnsafeBufferPointer(rebasing: rest)
      let count = write(descriptor, chunk.baseAddress, chunk.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EINTR: break
      case EAGAIN:
        // Whoever shares the descriptor has set it to answer at once; wait for room.
        var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&readiness, 1, -1)
      case EPIPE: return .closed
      case let code: return .failed(systemCause(code))
      }
    }
    return nil
  }
  if let failure { throw failure }
}
