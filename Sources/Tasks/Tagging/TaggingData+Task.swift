import Console
package import Engine
package import Networks
package import Pages
import Sequences
import Support
import Tables
package import TaskKit
package import Training

extension TaggingData: TaskData {
  package var subject: String { "\(sentenceCount.grouped) sentences, \(tags.count) tags" }
  package var unit: String { "words" }

  package func fits(_ network: Network) -> Bool { (try? Tagger(network, path: ""))?.description.tags == tags }

  package func batches(of file: String) throws -> any BatchSource { try source(of: TaggedSentences(contentsOf: file)) }

  package func fractionRight(_ network: Network, from path: String, machine: Machine) throws -> Double? {
    try scores(of: Tagger(network, path: path), machine: machine)?.all.accuracy
  }

  package func figures(
    of network: Network, from path: String, on file: String, loss: Double, machine: Machine
  ) throws -> [Figure: Double] {
    let runner = NetworkRunner(network, machine: machine, trains: false)
    let scores = try TaggingScores(Tagger(network, path: path), TaggedSentences(contentsOf: file), by: runner)
    var figures: [Figure: Double] = [.accuracy: scores.all.accuracy]
    if let entities = scores.entities { figures[.entityF1] = entities.all.f1 }
    if scores.known.count > 0 { figures[.knownAccuracy] = scores.known.accuracy }
    if scores.unknown.count > 0 { figures[.unknownAccuracy] = scores.unknown.accuracy }
    return figures
  }

  package func passages(_ path: String, machine: Machine) throws -> [TrainingReport.Passage] {
    guard let scores = try scores(of: Tagger(contentsOf: path), machine: machine) else { return [] }
    return [
      TrainingReport.Passage(title: "What was held out", lines: TaggingReport(scores: scores).lines(on: .page(columns: 110)))
    ]
  }

  package func conclusion(
    _ path: String, folder: String, machine: Machine
  ) throws -> (results: [String], advice: [String]) {
    let scores = try scores(of: Tagger(contentsOf: path), machine: machine)
    return (
      scores.map { ["held out: \(TaggingReport(scores: $0).summary)"] } ?? [],
      ["to tag sentences, a line each: recurrent predict \(folder) FILE"]
    )
  }

  /// A sentence about what the file holds.
  ///
  /// - Parameter file: the file as it was named.
  func note(shownAs file: String) -> Sentence {
    let sentences = sentenceCount == 1 ? "1 sentence" : "\(sentenceCount.grouped) sentences"
    let known = (input.vocabulary.count - 1).grouped
    return
      "\(file): \(sentences) to train on, \(wordCount.grouped) words, \(known) of them with a vector of their own, \(tags.count) tags"
  }
}
