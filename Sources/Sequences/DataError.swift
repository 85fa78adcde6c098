/// What is wrong with data, or with what is asked of it: one sentence that names the place and what to do.
public struct DataError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
