import Support

/// The words of ``Agreement``'s sentences.
enum Lexicon {
  /// Nouns of each gender, in the order of the possessives.
  static let subjects = [
    ["boy", "man", "uncle", "brother", "king", "father"],
    ["girl", "woman", "aunt", "sister", "queen", "mother"],
  ]
  static let transitiveVerbs = ["opened", "closed", "found", "lost", "sold", "painted", "carried", "mended"]
  static let objects = ["book", "bag", "letter", "coat", "lamp", "box", "violin", "map"]
  static let intransitiveVerbs = ["slept", "waited", "smiled", "left", "rested"]
  static let connectives = [["."], [",", "but"], [",", "and", "then"], [",", "while"], [",", "and", "later"]]
  private static let adverbs = ["quietly", "slowly", "proudly", "finally", "carefully"]

  /// What a person does, by the number of words: one in the first list, up to five in the last.
  private static let predicates: [[[String]]] = [
    ["sings", "travels", "paints", "dreams", "laughs"],
    ["works hard", "loves music", "plays chess", "speaks softly", "bakes bread"],
    ["lives in town", "likes to learn", "waits for rain", "collects old stamps", "walks to school"],
    ["lives near the river", "dances in the kitchen", "writes about distant stars", "reads beside the fire"],
    [
      "walks along the quiet shore", "sails across the northern lake", "keeps bees behind the house",
      "grows roses under the window",
    ],
  ].map { $0.map { $0.split(separator: " ").map(String.init) } }

  /// `count` words between a subject and its verb: a relative clause with as many predicates as it takes, and an adverb where a
  /// single word is missing.
  static func filler(words count: Int, using random: inout Random) -> [String] {
    var words: [String] = []
    var last: [String] = []
    while count - words.count >= 2 {
      words.append(words.isEmpty ? "who" : "and")
      let length = random.integer(in: 1..<min(predicates.count, count - words.count) + 1)
      last = random.element(of: predicates[length - 1].filter { $0 != last })
      words += last
    }
    return count > words.count ? words + [random.element(of: adverbs)] : words
  }

  /// All words, some more than once.
  static let words: [String] =
    subjects.flatMap { $0 } + transitiveVerbs + objects + intransitiveVerbs + connectives.flatMap { $0 } + adverbs
    + predicates.flatMap { $0.flatMap { $0 } } + ["the", "who", "and", "."]
}
