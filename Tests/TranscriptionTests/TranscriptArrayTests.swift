import Foundation
import Tables
import Testing
import Transcription

struct TranscriptArrayTests {
  private static let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Vectors/transcripts.npz")
    .path

  @Test func arraysAreFoundByWhatAddsUpToWhat() throws {
    let read = try Transcripts(contentsOf: Self.path, TranscriptRequest())
    #expect(
      read.form == TranscriptForm(numbers: "features", symbols: "digits", lengths: "lengths", counts: "digit_counts"))
    #expect(read.width == 2 && read.sequences.map(\.steps) == [4, 3, 5])
    #expect(read.sequences.map(\.symbols) == [["7", "1"], ["3"], ["3", "10", "7"]])
    #expect(read.sequences[1].values == [2, 2.25, 2.5, 2.75, 3, 3.25])
    // As a model reads it that was trained on such a file, with symbols and without.
    #expect(try Transcripts(contentsOf: Self.path, TranscriptRequest(read.form)).sequences == read.sequences)
    let plain = try Transcripts(contentsOf: Self.path, TranscriptRequest(read.form, takesSymbols: false))
    #expect(plain.sequences.map(\.symbols) == [nil, nil, nil])
  }

  @Test func whatDoesNotGoTogetherIsNamed() {
    func message(_ change: (inout TranscriptRequest) -> Void) -> String? {
      var request = TranscriptRequest()
      change(&request)
      return TranscriptionTests.message { _ = try Transcripts(contentsOf: Self.path, request) }
    }
    #expect(
      message { $0.numbers = "frames" }
        == "transcripts.npz: there is no array “frames”; it has features, lengths, digits, digit_counts, speaker")
    #expect(
      message { $0.lengths = "digit_counts" }?.hasPrefix(
        "transcripts.npz: none of its arrays can be the symbols, [all symbols], with another array that says how many") == true)
    #expect(
      message { $0.lengths = "speaker" } == "transcripts.npz: “speaker” says that there are 7 rows, and “features” has 12")
    #expect(
      message { $0.counts = "speaker" }?.hasPrefix("transcripts.npz: none of its arrays can be the symbols") == true)
    #expect(
      message { ($0.symbols, $0.counts) = ("digits", "speaker") }
        == "transcripts.npz: “speaker” says that there are more than 6 rows, and “digits” has 6")
    #expect(
      message { $0.cut = .words }
        == "transcripts.npz lists its symbols, and tokens says how a text is cut: leave it out")
  }
}
