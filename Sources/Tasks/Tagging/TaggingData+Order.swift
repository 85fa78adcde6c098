package import Networks
import Support
import Tables

extension TaggingData {
  /// What a conditional random field knows of the order of tags, and how it comes by it.
  package struct Order: Sendable {
    package let order: TagOrder
    /// What was found of the tags' scheme, as a sentence.
    package let finding: String

    /// The order of some tags, which must be that of all sentences.
    init(_ tags: [String], in files: [TaggedSentences]) {
      let free = TagOrder(count: tags.count)
      let anyway = "any tag may follow any other"
      guard let scheme = TagScheme(tags) else {
        (order, finding) = (free, "the tags mark no stretches of words as B-, I- and O do: \(anyway)")
        return
      }
      let own = scheme.order
      if own.ruledOut == 0 {
        (order, finding) = (free, "the tags are \(scheme.name): \(anyway)")
      } else if !own.hasAllLengths {
        (order, finding) = (free, "the tags look like \(scheme.name), but no word can stand alone: \(anyway)")
      } else if let fault = files.lazy.compactMap({ Self.fault(in: $0, own, tags) }).first {
        (order, finding) = (free, "the tags look like \(scheme.name), but \(fault): \(anyway)")
      } else {
        order = own
        finding =
          "the tags are \(scheme.name): of \((tags.count * tags.count).grouped) pairs of neighbours \(own.ruledOut.grouped) can't be"
      }
    }

    /// The first place where a sentence has tags in an order that can't be.
    static func fault(in file: TaggedSentences, _ order: TagOrder, _ tags: [String]) -> String? {
      let numbers = Dictionary(uniqueKeysWithValues: tags.enumerated().map { ($1, Int32($0)) })
      for sentence in file.sentences {
        guard let place = order.fault(in: sentence.compactMap { numbers[$0.tag] }) else { continue }
        let word = sentence[min(place, sentence.count - 1)]
        let what =
          place == 0
          ? "begin a sentence" : place == sentence.count ? "end a sentence" : "stand after “\(sentence[place - 1].tag)”"
        return "\(file.place(of: word)): “\(word.tag)” can't \(what)"
      }
      return nil
    }
  }

  /// What the network gives.
  package var output: Architecture.Output { order.map { Architecture.Output(CRFHead($0.order)) } ?? .classes(tags.count) }

  /// - Throws: ``RecurrentError`` if a sentence has tags in an order that the conditional random field rules out.
  func checkOrder(of file: TaggedSentences) throws(RecurrentError) {
    guard let order, let fault = Order.fault(in: file, order.order, tags) else { return }
    throw RecurrentError(.data, "\(fault), as in the sentences that are trained on: correct it, or train without a CRF")
  }
}
