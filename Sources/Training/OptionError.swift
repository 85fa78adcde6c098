/// An option of training that makes no sense; the message says which, and what it must be.
public struct OptionError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }

  static func require(_ holds: Bool, _ description: @autoclosure () -> String) throws(OptionError) {
    if !holds { throw OptionError(description()) }
  }
}
