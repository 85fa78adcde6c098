import Foundation
import Sequences
import Tables
import Testing

/// Labelled sequences in all the forms that people have them in.
struct SequenceReaderTests {
  /// The form of a table, and what it reads: `label: sequence` each.
  private func read(
    _ text: String, _ name: String = "t.csv", _ request: SequenceRequest = .init()
  ) throws -> (form: SequenceForm, sequences: [String]) {
    try withFile(text, name: name) { path in
      let summary = try TableSummary(ofLabelled: path, names: request.names)
      let form = try summary.sequenceForm(request)
      let reader = try SequenceReader(path: path, form: form, labels: true)
      var sequences: [String] = []
      while let sequence = try reader.next() {
        let content =
          switch sequence.content {
          case .text(let text): text
          case .numbers(let numbers): numbers.map { "\($0)" }.joined(separator: " ")
          }
        sequences.append(sequence.labels.joined(separator: "+") + ": " + content)
      }
      return (form, sequences)
    }
  }

  @Test(arguments: [
    ("Satoshi\tJapanese\nO'Neill\tIrish\nSato\tJapanese\n", "t.tsv"),
    ("text,label\nSatoshi,Japanese\nO'Neill,Irish\nSato,Japanese\n", "t.csv"),
    ("language,name\nJapanese,Satoshi\nIrish,O'Neill\nJapanese,Sato\n", "t.csv"),
    (
      "{\"id\": 1, \"name\": \"Satoshi\", \"class\": \"Japanese\"}\n{\"id\": 2, \"name\": \"O'Neill\", \"class\": \"Irish\"}\n"
        + "{\"id\": 3, \"name\": \"Sato\", \"class\": \"Japanese\"}\n", "t.jsonl"
    ),
  ])
  func textsAreFound(text: String, name: String) throws {
    #expect(try read(text, name).sequences == ["Japanese: Satoshi", "Irish: O'Neill", "Japanese: Sato"])
  }

  @Test func aRowIsASequence() throws {
    let text = "1,2,3,4,0\n5,6,,,1\n7,8,9,0,1\n"
    let (form, sequences) = try read(text)
    #expect(
      form
        == SequenceForm(
          .row(columns: ["column 1", "column 2", "column 3", "column 4"], perStep: 1), labels: ["column 5"], columnCount: 5))
    #expect(sequences == ["0: 1.0 2.0 3.0 4.0", "1: 5.0 6.0", "1: 7.0 8.0 9.0 0.0"])
    let pairs = try read(text, request: .init(perStep: 2))
    #expect(pairs.form.width == 2 && pairs.sequences == sequences)
  }

  private static let gaps = "id,x,y,label\n1,0,5,u\n1,,6,u\n1,4,,u\n2,,1,d\n2,7,1,d\n"

  @Test func missingNumbersAreInterpolated() throws {
    let (form, sequences) = try read(Self.gaps, request: .init(group: "id", missing: .interpolate))
    #expect(form.missing == .interpolate && form.inputWidth == 2)
    #expect(sequences == ["u: 0.0 5.0 2.0 6.0 4.0 6.0", "d: 7.0 1.0 7.0 1.0"])
    let rows = try read("1,,3,,x\n2,4,,,y\n,1,0,5,x\n", request: .init(missing: .interpolate))
    #expect(rows.sequences == ["x: 1.0 2.0 3.0", "y: 2.0 4.0", "x: 1.0 1.0 0.0 5.0"])
    let pairs = try read("1,2,3,,x\n2,4,5,1,y\n", request: .init(perStep: 2, missing: .interpolate))
    #expect(pairs.sequences == ["x: 1.0 2.0 3.0 2.0", "y: 2.0 4.0 5.0 1.0"])
  }

  @Test func missingNumbersAreMasked() throws {
    let (form, sequences) = try read(Self.gaps, request: .init(group: "id", missing: .mask))
    #expect(form.missing == .mask && form.width == 2 && form.inputWidth == 4)
    #expect(sequences == ["u: 0.0 5.0 nan 6.0 4.0 nan", "d: nan 1.0 7.0 1.0"])
  }

  @Test(arguments: [
    (MissingPolicy.interpolate, ["3 missing values were interpolated"]),
    (.mask, ["3 missing values are masked: the network reads that, and learns nothing from them"]),
  ])
  func whatWasDoneIsSaid(policy: MissingPolicy, sentences: [String]) throws {
    try withFile(Self.gaps) { path in
      let form = SequenceForm(.rows(columns: ["x", "y"], group: "id"), labels: ["label"])
      let reader = try SequenceReader(path: path, form: form, missing: policy, labels: true)
      while try reader.next() != nil {}
      #expect(reader.repairs == sentences)
    }
  }

  @Test func anArrayIsASequence() throws {
    let flat = "{\"values\": [1, 2.5, -3e1], \"label\": \"u\"}\n{\"values\": [4], \"label\": \"d\"}\n"
    let (form, sequences) = try read(flat, "t.jsonl")
    #expect(form == SequenceForm(.arrays(columns: ["values"], widths: [1]), labels: ["label"]))
    #expect(sequences == ["u: 1.0 2.5 -30.0", "d: 4.0"])
    let nested = "{\"steps\": [[1,2],[3,4]], \"digit\": 1}\n{\"digit\": 0, \"steps\": [ [5, null] , [6,8] ]}\n"
    let pairs = try read(nested, "t.jsonl", .init(missing: .interpolate))
    #expect(pairs.form.width == 2 && pairs.form.labels == ["digit"])
    #expect(pairs.sequences == ["1: 1.0 2.0 3.0 4.0", "0: 5.0 8.0 6.0 8.0"])
    let several =
      "{\"x\": [1,2], \"id\": 7, \"yz\": [[3,4],[5,6]], \"label\": \"u\"}\n{\"x\": [1], \"id\": 8, \"yz\": [[0,0]], \"label\": \"d\"}\n"
    let all = try read(several, "t.jsonl")
    #expect(all.form == SequenceForm(.arrays(columns: ["x", "yz"], widths: [1, 2]), labels: ["label"]))
    #expect(all.sequences == ["u: 1.0 3.0 4.0 2.0 5.0 6.0", "d: 1.0 0.0 0.0"])
    #expect(try read(several, "t.jsonl", .init(columns: ["yz"])).sequences == ["u: 3.0 4.0 5.0 6.0", "d: 0.0 0.0"])
    // Others write tables with arrays in quotes.
    #expect(try read("values,label\n\"[1, 2]\",u\n[3],d\n").sequences == ["u: 1.0 2.0", "d: 3.0"])
  }

  private static let arrays: [(String, String)] = [
    (
      "\"values\": [1, \"two\"]",
      "t.jsonl, line 2, column values: expected a number at byte 15, found `\"`; write one flat object a line, "
    ),
    (
      "\"values\": [[[1]]]",
      "t.jsonl, line 2, column values: expected a number: arrays within arrays of arrays are not read at byte 13"
    ),
    ("\"values\": []", "t.jsonl, line 2, column values: the array is empty; a sequence has at least one step"),
    (
      "\"values\": [1, null]",
      "t.jsonl, line 2, column values, step 2: the number is missing; put it in, leave the sequence out, or give"
    ),
    ("\"values\": [1,, 2]", "t.jsonl, line 2, column values: number 2 is missing; write null there"),
    (
      "\"values\": [1, Infinity]",
      "t.jsonl, line 2, column values: number 2: “Infinity” is not a number; write null where one is missing"
    ),
    (
      "\"values\": [[1, 2]]",
      "t.jsonl, line 2, column values: a step has 2 numbers, and 1 is expected, as in the first sequence that "
    ),
    ("\"values\": [[1, 2], [3]]", "t.jsonl, line 2, column values: step 2 has 1 number, and the first has 2"),
    (
      "\"values\": [[1, 2], 3]",
      "t.jsonl, line 2, column values: step 2 is no array, and the first one is; give all steps as arrays"
    ),
    ("\"values\": [[1][2]]", "t.jsonl, line 2, column values: a comma is missing after step 1"),
    ("\"values\": null", "t.jsonl, line 2, column values: it is empty; a sequence is an array with at least one step"),
    ("\"value\": [1]", "t.jsonl, line 2: the first line has no “value”; give all objects the same keys"),
  ]

  @Test(arguments: arrays)
  func whatIsWrongWithAnArrayIsNamed(member: String, message: String) {
    let line = { (values: String) in "{\(values), \"label\": \"u\"}\n" }
    let text = line("\"values\": [1]") + line(member) + String(repeating: line("\"values\": [2, 3]"), count: 20)
    let error = #expect(throws: Refusal.self) { _ = try read(text, "t.jsonl", .init(labels: ["label"])) }
    #expect(error?.text.hasPrefix(message) == true, "\(error?.text ?? "")")
  }

  private static let requests: [(SequenceRequest, String)] = [
    (.init(group: "label"), "the column “label” can't hold labels and what they are of"),
    (.init(perStep: 2), "t.jsonl, column x: each row has a whole sequence there, as an array: leave out group and perStep"),
    (
      .init(columns: ["x", "n"]),
      "t.jsonl, column n: it holds numbers, and column x arrays: name columns of arrays in columns, or columns of numbers"
    ),
    (
      .init(columns: ["x", "y"]),
      "t.jsonl, line 1, column y: it has 1 step, and column x has 2; the arrays of a row have the same steps"
    ),
    (.init(text: "label", missing: .mask), "the column “label” can't hold labels and what they are of"),
  ]

  @Test(arguments: requests)
  func whatArraysCanNotBeIsNamed(request: SequenceRequest, message: String) {
    let text = "{\"x\": [1, 2], \"y\": [1], \"n\": 1.5, \"label\": \"u\"}\n{\"x\": [3], \"y\": [4], \"n\": 2, \"label\": \"d\"}\n"
    var request = request
    request.labels = ["label"]
    #expect(throws: Refusal(text: message)) { _ = try read(text, "t.jsonl", request) }
  }

  private func read(_ text: String, request: SequenceRequest) throws -> (form: SequenceForm, sequences: [String]) {
    try read(text, "t.csv", request)
  }

  @Test func rowsAreStepsOfSequences() throws {
    let text = "recording,step,x,y,activity\n1,1,0.5,2,walk\n1,2,1,3,walk\n2,1,4,5,run\n2,2,4,5,run\n2,3,6,7,run\n"
    let (form, sequences) = try read(text)
    #expect(form == SequenceForm(.rows(columns: ["x", "y"], group: "recording"), labels: ["activity"]))
    #expect(sequences == ["walk: 0.5 2.0 1.0 3.0", "run: 4.0 5.0 4.0 5.0 6.0 7.0"])
    let some = try read(text, request: .init(columns: ["y"], group: "recording"))
    #expect(some.sequences == ["walk: 2.0 3.0", "run: 5.0 5.0 7.0"])
  }

  @Test func aSequenceMayHaveSeveralLabels() throws {
    let separated = try read(
      "text,topics\nprices rise,economy; world\nnothing,\nit rains,weather\n", request: .init(labels: ["topics"]))
    #expect(separated.form.separator == ";" && separated.form.isMultiple)
    #expect(separated.sequences == ["economy+world: prices rise", ": nothing", "weather: it rains"])
    let columns = try read("text,a,b\nx y,1,0\nz,1,1\nu,0,0\n", request: .init(labels: ["a", "b"]))
    #expect(columns.form.isMultiple && columns.sequences == ["a: x y", "a+b: z", ": u"])
    let whole = try read("text,topics\nprices rise,a; b\nz,c\n", request: .init(labels: ["topics"], hasSingleLabels: true))
    #expect(whole.sequences == ["a; b: prices rise", "c: z"])
  }

  /// Texts without their labels, as somebody has them who wants labels: what stands in a text is no separator because each of them has it.
  @Test(arguments: [
    ("t.tsv", "the ship, left port\nprices, of grain fell\n", ["the ship, left port", "prices, of grain fell"]),
    ("t.TSV", "the ship; left; port\n", ["the ship; left; port"]),
    ("t.tsv", "the ship, left port\tsea\nprices, of grain fell\ttrade\n", ["the ship, left port", "prices, of grain fell"]),
  ])
  func aTextIsReadWhole(name: String, text: String, expected: [String]) throws {
    let form = try withFile("a, b c\tsea\nd, e\ttrade\nf, g\tsea\n", name: "labelled.tsv") { path in
      try TableSummary(ofLabelled: path).sequenceForm(.init())
    }
    #expect(form.columnCount == 2)
    try withFile(text, name: name) { path in
      let reader = try SequenceReader(path: path, form: form, labels: false)
      for text in expected { #expect(try reader.next()?.content == .text(text)) }
      #expect(try reader.next() == nil)
    }
  }

  /// Each line is answered by one, empty ones at the end as well as others, and comments are no lines.
  @Test(arguments: [
    ("x,y\n1,2\n\n3,4\n", ["1.0 2.0", "", "3.0 4.0"]), ("x,y\n1,2\n\n\n", ["1.0 2.0", "", ""]),
    ("x,y\n1,2\n# end\n\n", ["1.0 2.0", ""]), ("x,y\n1,2\n\n# end\n", ["1.0 2.0", ""]), ("x,y\n1,2", ["1.0 2.0"]),
    ("x\n1\n\n3\n\n\n", ["1.0", "", "3.0", "", ""]), ("x\n1\n", ["1.0"]),
  ])
  func anEmptyLineIsASequenceWithoutAnything(text: String, expected: [String]) throws {
    let columns = text.hasPrefix("x,y") ? ["x", "y"] : ["x"]
    let form = SequenceForm(.row(columns: columns, perStep: columns.count), labels: ["label"])
    try withFile(text, name: "t.csv") { path in
      var dialect = TableDialect()
      dialect.hasComments = true
      let reader = try SequenceReader(TableFile(path, dialect: dialect), form: form, labels: false)
      var read: [String] = []
      while let sequence = try reader.next() {
        guard case .numbers(let numbers) = sequence.content else { continue }
        read.append(numbers.map { "\($0)" }.joined(separator: " "))
      }
      #expect(read == expected)
      #expect(try reader.next() == nil)
    }
  }

  @Test func moreColumnsThanInTheTrainingAreRefused() throws {
    let form = SequenceForm(.text(column: "column 1"), labels: ["column 2"], columnCount: 2)
    let message =
      "t.csv has 3 columns separated by commas, and the table that was trained on has 2: put texts that hold what separates columns in quotes"
    #expect(throws: Refusal(text: message)) {
      try withFile("the ship, left, port\n", name: "t.csv") { path in
        _ = try SequenceReader(path: path, form: form, labels: false)
      }
    }
  }

  /// Seconds since 1970, which a single-precision number tells from each other only every two minutes.
  @Test(arguments: ["t.csv", "rows.csv", "t.ts"])
  func numbersKeepTheirDigits(name: String) throws {
    let values = [1_700_000_001.0, 1_700_000_002.5, 1_700_000_006]
    let texts = ["1700000001", "1700000002.5", "1700000006"]
    let (text, form): (String, SequenceForm) =
      switch name {
      case "t.csv":
        (
          "a,b,c,label\n" + texts.joined(separator: ",") + ",x\n",
          SequenceForm(.row(columns: ["a", "b", "c"], perStep: 1), labels: ["label"])
        )
      case "rows.csv":
        (
          "id,a,label\n" + texts.map { "1,\($0),x\n" }.joined(),
          SequenceForm(.rows(columns: ["a"], group: "id"), labels: ["label"])
        )
      default:
        ("@classLabel true x\n@data\n" + texts.joined(separator: ",") + ":x\n", SequenceForm(.dimensions(1), labels: []))
      }
    let content = try withFile(text, name: name) { path in
      try SequenceReader(path: path, form: form, labels: true).next()?.content
    }
    #expect(content == .numbers(values))
  }

  /// A mark that some programs put before a text, and lines of blanks, are not part of what a file says.
  @Test func aByteOrderMarkAndBlankLinesArePassedOver() throws {
    let text = "\u{FEFF}@problemName t\n   \n\u{A0}\n@classLabel true a b\n@data\n1,2:a\n \t \n3,4:b\n"
    let sequences = try withFile(text, name: "t.ts") { try LabelledSequences(contentsOf: $0).sequences }
    #expect(sequences.map(\.values) == [[1, 2], [3, 4]] && sequences.map(\.line) == [6, 8])
    let words = try withFile("\u{FEFF}the\tDET\nship\tNOUN\n", name: "t.tsv") { try TaggedSentences(contentsOf: $0).sentences }
    #expect(words.map { $0.map(\.text) } == [["the", "ship"]])
    let lines = try withFile("\u{FEFF}the ship\n", name: "t.txt") { try PlainLines(path: $0).next(upTo: 5).map(\.text) }
    #expect(lines == ["the ship"])
    let objects = try rows("\u{FEFF}{\"a\": 1}\n{\"a\": 2}\n", name: "t.jsonl")
    #expect(objects.columns == ["a"] && objects.rows == [["1"], ["2"]])
  }

  @Test(arguments: [
    (
      "text,label\na,x\n,y\nb,x\n", SequenceRequest(),
      "t.csv, line 3, column text: it is empty; a sequence has at least one character"
    ),
    ("text,label\na,x\nb,\nc,x\n", .init(), "t.csv, line 3, column label: it is empty; each sequence needs a label"),
    (
      "a,b,c,label\n1,2,3,x\n1,,3,y\n", .init(),
      "t.csv, line 3, column b: the number is missing; put it in, leave the sequence out, or give missing interpolate or missing mask"
    ),
    ("a,b,label\n1,2,x\n,,y\n", .init(), "t.csv, line 3: the row has no numbers; a sequence has at least one step"),
    (
      "a,label\n1,x\n2,y\n3,y\n4,x\n5,y\n6,x\n7,x\n8,y\n9,y\n1o,x\n", .init(),
      "t.csv, line 11, column a: “1o” stands where a number is expected; mend it, or leave the place empty"
    ),
    (
      "id,a,label\n1,1,x\n1,2,x\n2,3,y\n1,4,x\n", .init(),
      "t.csv, line 5, column id: “1” comes again after rows of another sequence; sort the rows by id, or give group none if each row is a sequence"
    ),
    (
      "id,a,label\n1,1,x\n1,2,y\n", .init(),
      "t.csv, line 3, column label: “y” stands there, and “x” in line 2 of the same sequence 1; give all rows of a sequence the same label, "
        + "or label each step with `recurrent train label`"
    ),
    (
      "id,a,label\n1,1,x\n1,,x\n2,1,y\n", .init(),
      "t.csv, line 3, column a: the number is missing; put it in, leave the sequence out, or give missing interpolate or missing mask"
    ),
    (
      "text,a,b\nx y,1,0\nz,1,2\n", .init(labels: ["a", "b"]),
      "t.csv, line 3, column b: “2” stands where 0 or 1 is expected, whether the sequence has that label"
    ),
    ("text,label\na,x\nb,y\n", .init(labels: ["labels"]), "t.csv has no column “labels”; it has “text”, “label”"),
    (
      "text,title,label\na b,c,x\nd e,f,x\n", .init(),
      "t.csv has 2 columns of texts, such as “text” and “title”: say which to read with text NAME"
    ),
  ])
  func whatIsWrongIsNamed(text: String, request: SequenceRequest, message: String) {
    #expect(throws: Refusal(text: message)) { _ = try read(text, request: request) }
  }
}
