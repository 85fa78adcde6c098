import CellLanguage
import CommandLine
import Foundation
import TaskKit
import Testing

struct CellArgumentTests {
  @Test func aNameIsTheLibrarys() throws {
    #expect(try cell(named: "gru") == .gru)
  }

  @Test func aMisspeltNameIsUnderstood() {
    let error = #expect(throws: UnknownCell.self) { try cell(named: "gur") }
    #expect(error?.description == "no cell of the library is called `gur`; did you mean `gru`?")
  }

  /// A text has nothing for its second input.
  @Test func aCellOfSeveralInputsIsNotTrained() throws {
    let shop = try Workshop()
    let outcome = shop.train("--cell t-lstm", into: "run")
    #expect(outcome.code != 0)
    #expect(
      outcome.messages.contains(
        "cell t-lstm reads dt beside x, and a language model is trained on nothing of that name: `recurrent run` runs it over arrays"
      ))
  }

  @Test func aPathIsAFile() throws {
    let file = try CellFile(Cell.rnn.description)
    #expect(try cell(named: file.path) == .rnn)
  }

  @Test func parametersCanStartInAnotherWay() throws {
    let changed = try cell(named: "lstm[b_f=0, W_f=uniform(-0.1, 0.1),b_i=-1]")
    let starts = Dictionary(uniqueKeysWithValues: changed.parameters.map { ($0.name, $0.initializer) })
    #expect(starts["b_f"] == .constant(0) && starts["W_f"] == .uniform(-0.1, 0.1) && starts["b_i"] == .constant(-1))
    #expect(changed.parameters.allSatisfy { ["b_f", "W_f", "b_i"].contains($0.name) || $0.initializer == nil })
    #expect(changed.equations == Cell.lstm.equations && changed.name == "lstm")
  }

  @Test func aFilesParametersCanStartInAnotherWay() throws {
    let file = try CellFile(Cell.rnn.description)
    #expect(try cell(named: "\(file.path)[b=1]").parameters.last?.initializer == .constant(1))
  }

  @Test func constantsCanBeOtherNumbers() throws {
    let file = try CellFile("cell mine\ninput x\nstate h\nconstant k = 2\nh' = tanh(k * (W [h, x] + b))\n")
    let changed = try cell(named: "\(file.path)[k=0.5,b=1]")
    #expect(changed.constants.map(\.value) == [0.5] && changed.parameters.last?.initializer == .constant(1))
    #expect { try cell(named: "\(file.path)[k=identity]") } throws: {
      ($0 as? Diagnostic)?.message == "the constant `k` is no number"
    }
  }

  @Test(arguments: ["lstm[b_f]", "lstm[]", "lstm[=1]"])
  func aStartThatIsNoneIsRefused(argument: String) {
    let messages = run(["cells", "show", argument], exits: 2).messages
    #expect(messages.contains("does not say how a parameter starts; write it like lstm[b_f=0] or rnn[W_h=orthogonal]"))
  }

  @Test(arguments: [("rnn[W_q=1]", "no parameter is called `W_q`"), ("rnn[W_h=foo]", "`W_h` can't start like this")])
  func aStartThatDoesNotFitIsRefused(argument: String, message: String) {
    let error = #expect(throws: Diagnostic.self) { try cell(named: argument) }
    #expect(error?.message == message)
    #expect(error?.file == "rnn")
  }

  @Test(arguments: ["mine.cell", "cells/mine"])
  func aPathWithoutAFileIsSaid(path: String) {
    #expect { try cell(named: path) } throws: { "\($0)" == "can't read \(path): there is no such file" }
  }

  @Test func whatIsNoTextIsSaid() throws {
    let file = try CellFile(bytes: [0x63, 0xFF])
    #expect { try cell(named: file.path) } throws: { "\($0)" == "can't read \(file.path): it is not text in UTF-8" }
  }

  @Test func whatIsTooLongForACellIsSaid() throws {
    let file = try CellFile(String(repeating: "# a line\n", count: 200_000))
    #expect { try cell(named: file.path) } throws: {
      "\($0)" == "can't read \(file.path): it has 1800000 bytes, more than any cell's equations"
    }
  }

  @Test func mistakesNameTheFile() throws {
    let file = try CellFile("cell mine\ninput x\nstate h\nh' = tanh(W x\n")
    let error = #expect(throws: Diagnostic.self) { try cell(named: file.path) }
    #expect(error?.file == file.path)
    #expect(error?.line == 4)
  }
}

/// A file `mine.cell` for one test, removed with this value.
final class CellFile: Sendable {
  let path: String
  private let folder: URL

  init(bytes: [UInt8]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "cells-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appending(path: "mine.cell")
    try Data(bytes).write(to: url)
    path = url.path
  }

  convenience init(_ text: String) throws { try self.init(bytes: Array(text.utf8)) }

  deinit { try? FileManager.default.removeItem(at: folder) }
}
