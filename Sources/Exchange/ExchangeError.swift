/// A layer that can't be carried over from another system or to one; the message names the attribute and its value.
public struct ExchangeError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  package init(_ description: String) { self.description = description }
}
