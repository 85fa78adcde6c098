import CellLanguage

/// `; did you mean --units?` if one of `known` is close to `word`.
func suggestion(_ word: String, _ known: [String]) -> String {
  closest(to: word, in: known).map { "; did you mean \($0)?" } ?? ""
}
