import Console
import Support
import Tables

/// How well a model of a system does, as lines of text and as JSON.
struct MapReport {
  private let scores: MapScores
  /// Whether the outputs are sound.
  private let isAudio: Bool

  init(_ scores: MapScores, isAudio: Bool) { (self.scores, self.isAudio) = (scores, isAudio) }

  /// The result in one line.
  var summary: String {
    if isAudio {
      return
        "error to signal: \(percent(scores.errorToSignal)), with low frequencies weakened \(percent(scores.emphasizedErrorToSignal)), over \(scores.steps.grouped) samples"
    }
    let output = scores.outputs.count == 1 ? scores.outputs[0] : nil
    let error = output.map { "; root mean square error \($0.rootMeanSquare.withFourDigits)" } ?? ""
    return "explained: \(percent(scores.explained)) of the variance\(error), over \(scores.steps.grouped) steps"
  }

  func lines(on channel: Channel) -> [String] {
    var lines = [summary]
    if scores.explained <= 0 { lines.append("always giving the mean would be no worse") }
    var table = Table(columns: [
      .text("output"), .numbers("steps"), .numbers("RMSE"), .numbers("MAE"), .numbers("explained"), .numbers("error to signal"),
      .numbers("emphasized"),
    ])
    for output in scores.outputs {
      table.rows.append([
        output.name, output.count.grouped, output.rootMeanSquare.withFourDigits, output.meanAbsolute.withFourDigits,
        percent(output.explained), percent(output.errorToSignal), percent(output.emphasizedErrorToSignal),
      ])
    }
    return lines + [""] + table.lines(width: channel.width) { channel.styled($0, .bold) }
  }

  private func percent(_ fraction: Double) -> String { "\((100 * fraction).fixed(2)) %" }

  /// The report as it is written as JSON.
  var report: Report {
    Report(
      steps: scores.steps, explained: scores.explained, errorToSignal: scores.errorToSignal,
      emphasizedErrorToSignal: scores.emphasizedErrorToSignal,
      outputs: scores.outputs.map {
        .init(
          output: $0.name, steps: $0.count, rootMeanSquare: $0.rootMeanSquare, meanAbsolute: $0.meanAbsolute,
          explained: $0.explained, errorToSignal: $0.errorToSignal, emphasizedErrorToSignal: $0.emphasizedErrorToSignal)
      })
  }

  struct Report: Encodable {
    let steps: Int
    let explained: Double
    let errorToSignal: Double
    let emphasizedErrorToSignal: Double
    let outputs: [Output]

    struct Output: Encodable {
      let output: String
      let steps: Int
      let rootMeanSquare: Double
      let meanAbsolute: Double
      let explained: Double
      let errorToSignal: Double
      let emphasizedErrorToSignal: Double
    }
  }
}
