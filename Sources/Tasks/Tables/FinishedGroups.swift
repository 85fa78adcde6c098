/// Names of groups that have ended, by which rows are found that come too late. Input from a pipe may never end, so only the last
/// ones are remembered, so that memory does not grow.
struct FinishedGroups {
  private let isEndless: Bool
  private var names: Set<String> = []
  /// The names before those.
  private var older: Set<String> = []

  private static let most = 10_000

  init(isEndless: Bool) { self.isEndless = isEndless }

  /// Adds a name.
  ///
  /// - Returns: false if it is there already.
  mutating func insert(_ name: String) -> Bool {
    if older.contains(name) || !names.insert(name).inserted { return false }
    if isEndless, names.count == Self.most { (older, names) = (names, []) }
    return true
  }
}
