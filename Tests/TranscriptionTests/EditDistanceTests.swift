import Testing
import Transcription

struct EditDistanceTests {
  private func letters(_ text: String) -> [String] { text.map(String.init) }

  @Test(arguments: [
    ("", "", 0, 0, 0), ("abc", "abc", 0, 0, 0), ("", "ab", 0, 0, 2), ("ab", "", 0, 2, 0), ("kitten", "sitting", 2, 0, 1),
    ("intention", "execution", 5, 0, 0), ("abcd", "bcde", 0, 1, 1), ("aaa", "a", 0, 2, 0),
  ])
  func editsAreCounted(actual: String, given: String, substitutions: Int, deletions: Int, insertions: Int) {
    let distance = EditDistance(from: letters(actual), to: letters(given))
    #expect(distance.substitutions == substitutions && distance.deletions == deletions && distance.insertions == insertions)
    #expect(EditDistance(from: letters(given), to: letters(actual)).all == distance.all)
  }

  @Test func whatIsTakenForWhatIsKept() {
    let distance = EditDistance(from: letters("seven"), to: letters("saven"))
    #expect(distance.confusions.map { [$0.actual, $0.given] } == [["e", "a"]])
  }
}
