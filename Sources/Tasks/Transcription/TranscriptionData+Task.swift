package import Engine
package import Networks
import Support
import Tables
package import TaskKit
package import Training
import Models

extension TranscriptionData: TaskData {
  package var subject: String { "\(all.sequences.count.grouped) sequences of \(description.symbols.count.grouped) symbols" }

  package func batches(of file: String) throws -> any BatchSource {
    try TranscriptionSource(
      Transcripts(contentsOf: file, TranscriptRequest(description.form)).checked(description), description, batch: 64, seed: nil)
  }

  package func fits(_ network: Network) -> Bool {
    (try? TranscriptionDescription(of: network, path: ""))?.symbols == description.symbols
  }

  package func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double? {
    guard let heldOut else { return nil }
    return max(0, 1 - (try TranscriptionScores(Transcriber(network, path: path), heldOut, machine: machine)).errorRate)
  }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    let transcriber = try Transcriber(network, path: path)
    let scores = try TranscriptionScores(transcriber, transcriber.transcripts(file), machine: machine)
    return [.symbolErrorRate: scores.errorRate, .wholeSequences: scores.wholeRate]
  }

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    let scores = try heldOut.map { try TranscriptionScores(Transcriber(contentsOf: path), $0, machine: machine) }
    return (
      scores.map { ["held out: \(TranscriptionReport($0).summary)"] } ?? [],
      ["to transcribe others: recurrent predict \(folder) FILE"]
    )
  }

  /// What the file holds and how it is read.
  ///
  /// - Parameter file: the file as it was named.
  func notes(shownAs file: String) -> [Note] {
    let held = heldOut.map { ", \($0.sequences.count.grouped) held out" } ?? ", none held out"
    let form = description.form
    let symbols: Sentence =
      switch form.cut {
      case .characters?: "each character of “\(form.symbolsTitle)” is a symbol (\(Setting("tokens")))"
      case .words?: "each word of “\(form.symbolsTitle)” is a symbol (\(Setting("tokens")))"
      case nil: "symbols are listed in “\(form.symbolsTitle)” (\(Setting("target")))"
      }
    return [
      .finding(
        "\(file): \(all.sequences.count.grouped) sequences of \(all.stepCount.grouped) steps and \(all.symbolCount.grouped) symbols together\(held)"
      ),
      .reason("a step has \(all.width == 1 ? "1 number" : "\(all.width) numbers"), in “\(form.numbers)” (\(Setting("values")))"),
      .reason("\(symbols), \(description.symbols.count.grouped) different ones: \(shortened(description.symbols))"),
    ]
  }
}

extension Transcripts {
  /// The sequences, if they have as many numbers a step as a network reads.
  func checked(_ description: TranscriptionDescription) throws(RecurrentError) -> Transcripts {
    try description.check(width: width, of: source)
    return self
  }
}

extension TranscriptionDescription {
  /// - Throws: ``RecurrentError`` if the steps of a source have another number of numbers than the network reads.
  func check(width: Int, of source: String) throws(RecurrentError) {
    if width == scaling.count { return }
    throw RecurrentError(
      .data,
      "\(source) has \(width == 1 ? "1 number" : "\(width) numbers") a step, and the model reads \(scaling.count)")
  }
}
