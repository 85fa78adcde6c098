import Platform
import Storage

/// The largest physical memory of the process so far.
enum PeakMemory {
  /// Resets the peak to the present memory on Linux; elsewhere it stays that of the whole process.
  static func reset() {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    if file < 0 { return }
    write(file, "5", 1)
    close(file)
  }

  /// The peak in bytes.
  static var bytes: Int {
    #if os(Linux)
      // The peak of getrusage includes that of the process that started this one.
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
