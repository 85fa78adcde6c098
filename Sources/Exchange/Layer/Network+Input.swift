import Networks

extension Network {
  /// - Parameter others: what is to hold the input, for messages.
  /// - Throws: ``ExchangeError`` if the network reads words, of which other systems know nothing.
  func checkInput(for others: String) throws(ExchangeError) {
    if case .words = architecture.input {
      throw ExchangeError(
        "the network reads words with their spelling, which \(others) can't hold: `recurrent predict` runs it on sentences")
    }
  }
}
