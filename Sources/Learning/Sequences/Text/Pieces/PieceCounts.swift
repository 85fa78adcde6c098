/// How often words and characters stand in texts.
struct PieceCounts {
  /// The different words, with ``PieceWords/space`` for a space, in the order in which they come up, and how often each does.
  private(set) var words: [(scalars: [Unicode.Scalar], count: Int)] = []
  /// The characters that stand in several texts, the most frequent ones first.
  let characters: [Unicode.Scalar]
  /// Words that stand in several texts, the most frequent ones first.
  private(set) var frequentWords: [[Unicode.Scalar]] = []

  init(_ texts: some Sequence<String>) {
    var places: [[Unicode.Scalar]: Int] = [:]
    var last: [Int] = []
    var textsOfWord: [Int] = []
    var scalars: [Unicode.Scalar: (count: Int, texts: Int, last: Int)] = [:]
    for (number, text) in texts.enumerated() {
      for word in PieceWords(text) {
        let escaped = word.map { $0 == " " ? PieceWords.space : $0 }
        // What stands for a space is never a character of a text: see PieceWords.
        for scalar in word where scalar != PieceWords.space {
          let key = scalar == " " ? PieceWords.space : scalar
          var entry = scalars[key] ?? (0, 0, -1)
          entry.count += 1
          if entry.last != number { (entry.texts, entry.last) = (entry.texts + 1, number) }
          scalars[key] = entry
        }
        if word.contains(PieceWords.space) { continue }
        if let place = places[escaped] {
          words[place].count += 1
          if last[place] != number { (textsOfWord[place], last[place]) = (textsOfWord[place] + 1, number) }
        } else {
          places[escaped] = words.count
          words.append((escaped, 1))
          last.append(number)
          textsOfWord.append(1)
        }
      }
    }
    characters = scalars.filter { $0.value.texts > 1 || $0.key == PieceWords.space }.sorted {
      ($1.value.count, $0.key.value) < ($0.value.count, $1.key.value)
    }.map(\.key)
    // Equally frequent ones stay in the order in which they came up.
    frequentWords = words.indices.filter { textsOfWord[$0] > 1 }.sorted {
      (words[$1].count, $0) < (words[$0].count, $1)
    }.map { words[$0].scalars }
  }
}
