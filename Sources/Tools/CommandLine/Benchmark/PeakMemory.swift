import Platform
import Storage

/// The most physical memory that the process has had at once.
enum PeakMemory {
  /// Lets the peak begin anew at what the process has now, on Linux; elsewhere it stays that of the whole process.
  static func reset() {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    if file < 0 { return }
    write(file, "5", 1)
    close(file)
  }

  /// Bytes at the peak.
  static var bytes: Int {
    #if os(Linux)
      // What getrusage says includes the peak of the process that started this one.
      let status = (try? FileSystem.bytes(of: "/proc/self/status")).map { String(decoding: $0, as: UTF8.self) }
      let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }
}
