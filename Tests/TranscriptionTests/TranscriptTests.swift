import Foundation
import Support
import Tables
import Testing
import Transcription

struct TranscriptTests {
  private func read(_ lines: String, _ request: TranscriptRequest = TranscriptRequest()) throws -> Transcripts {
    var found: Transcripts?
    try withFolder { folder in
      let path = folder + "/t.jsonl"
      try Data(lines.utf8).write(to: URL(filePath: path))
      found = try Transcripts(contentsOf: path, request, collectsFaults: true)
    }
    return try #require(found)
  }

  @Test func linesAreReadAsTheyShow() throws {
    let listed = try read(
      """
      {"steps": [[0.5, 1], [2, 3], [4, 5]], "symbols": ["a", "bc"], "id": 7}
      {"symbols": ["bc"], "steps": [[0, 1]]}

      """)
    #expect(listed.form == TranscriptForm(numbers: "steps", symbols: "symbols") && listed.width == 2)
    #expect(listed.sequences.map(\.symbols) == [["a", "bc"], ["bc"]] && listed.sequences.map(\.steps) == [3, 1])
    #expect(listed.sequences[0].values == [0.5, 1, 2, 3, 4, 5] && listed.sequences[1].line == 2)
    #expect(listed.symbolCounts.map(\.symbol) == ["bc", "a"] && listed.symbolCount == 3 && listed.stepCount == 4)

    let numbers = try read(#"{"frames": [[1], [2]], "digits": [3]}"#)
    #expect(numbers.form == TranscriptForm(numbers: "frames", symbols: "digits") && numbers.sequences[0].symbols == ["3"])

    let text = try read(#"{"signal": [1, 2, 3, 4], "text": "a b"}"#)
    #expect(text.form.cut == .characters && text.width == 1 && text.sequences[0].symbols == ["a", " ", "b"])
    var request = TranscriptRequest()
    request.cut = .words
    #expect(try read(#"{"signal": [1, 2, 3], "text": "ab  cd"}"#, request).sequences[0].symbols == ["ab", "cd"])
  }

  @Test func whatCanBeReadInTwoWaysIsAsked() throws {
    #expect(
      try message(reading: #"{"a": [[1]], "b": [[2]], "text": "x"}"#)
        == "t.jsonl, line 1: the numbers may be “a” or “b”: say which with values")
    #expect(
      try message(reading: #"{"a": [[1]], "speaker": "eva", "digits": [1]}"#)
        == "t.jsonl, line 1: the symbols may be “speaker” or “digits”: say which with target")
    var request = TranscriptRequest()
    request.symbols = "digits"
    #expect(try message(reading: #"{"a": [[1]], "speaker": "eva", "digits": [1]}"#, request) == nil)
    // Of two flat arrays one may be either.
    #expect(
      try message(reading: #"{"a": [1, 2], "b": [1]}"#) == "t.jsonl, line 1: the numbers may be “a” or “b”: say which with values"
    )
    #expect(try message(reading: #"{"a": [1, 2], "b": [1]}"#, request) == "t.jsonl, line 1: there is no “digits”; it has a, b")
    request.symbols = "b"
    #expect(try message(reading: #"{"a": [1, 2], "b": [1]}"#, request) == nil)
    request.cut = .words
    #expect(
      try message(reading: #"{"a": [1, 2], "b": [1]}"#, request)
        == "t.jsonl, line 1: “b” lists its symbols, and tokens says how a text is cut: leave it out")
  }

  @Test(arguments: [
    (
      #"{"steps": [[1], [2], [3]], "symbols": ["a", "a", "b"]}"#,
      "its 3 symbols take at least 4 steps, one each and one between equal ones, and there are 3; give it more steps, or leave it out"
    ),
    (#"{"steps": [[1], [2]], "symbols": []}"#, "“symbols” is empty; give the sequence its symbols, or leave it out"),
    (#"{"steps": [], "symbols": ["a"]}"#, "“steps” has no steps; give it at least one, or leave the sequence out"),
    (
      #"{"steps": [[1], [2, 3]], "symbols": ["a"]}"#,
      "step 2 of “steps” has 2 numbers, and the first step of all has 1; give all steps equally many"
    ),
    (
      #"{"steps": [[1], [1e300]], "symbols": ["a"]}"#,
      "step 2 of “steps” has a number that is not finite; give finite ones"
    ),
  ])
  func wrongSequencesAreNamedAndCounted(line: String, expected: String) throws {
    let good = #"{"steps": [[1], [2]], "symbols": ["a"]}"# + "\n"
    #expect(try message(reading: good + line) == "t.jsonl, line 2: \(expected)")
    let counted = try read(good + line + "\n" + good + line)
    #expect(counted.sequences.map(\.line) == [1, 3] && counted.faults.count == 2)
    #expect(counted.faults[0].fault.sentence("steps", "symbols") == expected)
  }

  @Test(arguments: [
    ("", "t.jsonl is empty; it has a sequence a line"),
    ("[1]", "t.jsonl, line 1: expected an object"),
    (#"{"a": 1}"#, "t.jsonl, line 1: nothing in it can be the numbers of a sequence; write an object a line, such as"),
    (#"{"a": [[1]]}"#, "t.jsonl, line 1: nothing in it can be the symbols of a sequence; write an object a line, such as"),
    (#"{"a": [[1, null]], "t": "x"}"#, "t.jsonl, line 1: “a”: "),
    (#"{"a": [[1], 2], "t": "x"}"#, "t.jsonl, line 1: “a”: an array has numbers, texts or steps in it, but not several of these"),
    (#"{"a": [[]], "t": "x"}"#, "t.jsonl, line 1: the first step of “a” has no number; give each step at least one"),
    ("{\"a\": [[1]], \"t\": \"x\"}\n{\"t\": \"x\"}", "t.jsonl, line 2: there is no “a”"),
    ("{\"a\": [[1]], \"t\": \"x\"}\n{\"a\": \"x\", \"t\": \"x\"}", "t.jsonl, line 2: it has no array of steps as “a”"),
    (
      "{\"a\": [[1]], \"t\": \"x\"}\n{\"a\": [[1]]}",
      "t.jsonl, line 2: there is no “t” as in the first line: give all lines the same form"
    ),
    ("{\"a\": [[1]], \"t\": \"x\"}\n{", "t.jsonl, line 2: "),
  ])
  func wrongFilesAreRefused(lines: String, expected: String) throws {
    let found = try message(reading: lines)
    #expect(found?.contains(expected) == true, "\(found ?? "nothing")")
  }

  @Test func sequencesInMemoryAreChecked() {
    func message(_ sequences: [[[Float]]], _ symbols: [[String]]) -> String? {
      TranscriptionTests.message { _ = try Transcriber.train(on: sequences, symbols: symbols) }
    }
    #expect(
      message([[[1]]], []) == "there are 1 sequences and symbols of 0: give the symbols of each sequence")
    #expect(message([], []) == "sequence 1 has no step, or a step without a number; give each step at least one")
    #expect(
      message([[[1]], [[1], [1, 2]]], [["a"], ["a"]])
        == "sequence 2: step 2 of “steps” has 2 numbers, and the first step of all has 1; give all steps equally many")
    #expect(
      message([[[1]]], [["a", "a"]])
        == "sequence 1: its 2 symbols take at least 3 steps, one each and one between equal ones, and there is 1; give it more "
        + "steps, or leave it out")
  }
}
