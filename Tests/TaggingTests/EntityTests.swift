import Foundation
import Networks
import Tables
import Tagging
import TaskKit
import Testing

struct EntityTests {
  private struct Case: Decodable {
    let tags: [String]
    let actual: [[String]]
    let given: [[String]]
    let count: Int
    let found: Int
    let precision: Double
    let recall: Double
    let f1: Double
  }

  /// What seqeval counts, which agrees with `conlleval`: sentences in which tags stand in any order (`script/structure-vectors`).
  @Test func entitiesAreThoseOfSeqeval() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/entities.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    #expect(cases.count == 6)
    for each in cases {
      var scores = EntityScores(try #require(TagScheme(each.tags)))
      func numbers(_ tags: [String]) -> [Int] { tags.compactMap { each.tags.firstIndex(of: $0) } }
      for (actual, given) in zip(each.actual, each.given) { scores.record(numbers(actual), given: numbers(given)) }
      #expect(scores.all.count == each.count && scores.all.given == each.found)
      #expect(abs(scores.all.precision - each.precision) < 1e-12 && abs(scores.all.recall - each.recall) < 1e-12)
      #expect(abs(scores.all.f1 - each.f1) < 1e-12)
      #expect(scores.kinds.values.reduce(0) { $0 + $1.right } == scores.all.right)
    }
  }

  @Test(arguments: [
    ("O B-a I-a", "BIO"), ("I-a B-a", "BIO"), ("O I-a", "IO"), ("B I O", "BIO"), ("O B-a I-a E-a S-a", "BIOES"),
    ("B-a L-a U-a O", "BILOU"), ("B I E S", "BIOES"), ("O", nil), ("NOUN VERB", nil), ("B-a E-a U-a", nil), ("B-a X-a O", nil),
    ("O I", nil), ("B- I-a", nil), ("Bx I-a", nil),
  ])
  func schemesAreRecognised(tags: String, name: String?) {
    #expect(TagScheme(tags.split(separator: " ").map(String.init))?.name == name)
  }

  @Test func onlyWhatASchemeAllowsMayFollow() throws {
    let bio = ["O", "B-a", "I-a", "B-b", "I-b"]
    let bioes = ["O", "B-a", "I-a", "E-a", "S-a", "E-b"]
    func isRight(_ text: String, _ tags: [String]) throws -> Bool {
      let numbers = text.split(separator: " ").map { word in Int32(tags.firstIndex(of: String(word)) ?? 0) }
      return try #require(TagScheme(tags)).order.fault(in: numbers) == nil
    }
    for text in ["O", "B-a I-a I-a O", "B-a B-a B-b I-b", "O O B-a"] { #expect(try isRight(text, bio), "\(text)") }
    for text in ["I-a", "O I-a", "B-a I-b", "I-b O"] { #expect(try !isRight(text, bio), "\(text)") }
    for text in ["S-a S-a", "B-a E-a O", "B-a I-a E-a B-a E-a"] { #expect(try isRight(text, bioes), "\(text)") }
    for text in ["B-a", "B-a O", "E-a", "S-a E-a", "B-a I-a", "B-a S-a", "B-a E-b", "B-a E-a E-a", "I-a E-a"] {
      #expect(try !isRight(text, bioes), "\(text)")
    }
  }

  /// A line with nothing but a tab stands between sentences as an empty one does.
  @Test func blankLinesEndSentences() throws {
    #expect(try tagged("x/A y/B\n/\nz/A").sentences.map { $0.map(\.text) } == [["x", "y"], ["z"]])
  }

  private func finding(_ text: String, heldOut: String? = nil) throws -> (text: String, ruledOut: Int) {
    let data = try TaggingData(
      tagged(text), heldOut: heldOut.map { try tagged($0) }, split: .init(validation: 0, batch: 4, seed: 1), scoresTogether: true
    ) { try $0.input(.init()) }
    let order = try #require(data.order)
    return (order.finding.replacing(/\/\S*\//, with: ""), order.order.ruledOut)
  }

  @Test func whatIsFoundOfTheOrderIsSaid() throws {
    let bio = "x/B-a y/I-a z/O\nx/B-b y/I-b"
    #expect(try finding(bio) == ("the tags are BIO: of 25 pairs of neighbours 6 can't be", 6))
    #expect(try finding("a/X b/Y") == ("the tags mark no stretches of words as B-, I- and O do: any tag may follow any other", 0))
    #expect(try finding("a/O b/I-a") == ("the tags are IO: any tag may follow any other", 0))
    #expect(
      try finding("a/B-a b/E-a").text == "the tags look like BIOES, but no word can stand alone: any tag may follow any other")
    let odd = try finding(bio, heldOut: "x/O y/I-a").text
    #expect(odd.hasPrefix("the tags look like BIO, but ") && odd.contains(", line 2: “I-a” can't stand after “O”: any tag may"))
    #expect(try finding(bio + "\nx/I-b").text.contains(", line 8: “I-b” can't begin a sentence: any tag may"))
  }
}
