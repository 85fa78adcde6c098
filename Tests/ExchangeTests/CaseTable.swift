import Foundation
import Synchronization

/// The comparisons that tests of cases make, as rows for script/check-cases.
enum CaseTable {
  /// Which check of which case the comparisons of a task belong to.
  struct Place: Sendable {
    let folder: String
    let check: String

    init(_ folder: String, _ check: String) { (self.folder, self.check) = (folder, check) }
  }

  @TaskLocal static var place: Place?

  /// The file that gets the rows; nil if nobody asks for them.
  private static let path = ProcessInfo.processInfo.environment["RECURRENT_CASES_TABLE"]
  private static let rows = Mutex<[String]>([])

  /// Adds a comparison of two arrays: whether they are near enough, and the largest distance of two elements.
  static func note(_ actual: [Float], _ expected: [Float], passes: Bool) {
    guard let path, let place else { return }
    let distance = actual.count == expected.count ? zip(actual, expected).map { abs($0 - $1) }.max() ?? 0 : Float.infinity
    rows.withLock { rows in
      rows.append("\(place.folder)\t\(place.check)\t\(passes ? "pass" : "fail")\t\(distance)")
      try? (rows.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }
  }
}
