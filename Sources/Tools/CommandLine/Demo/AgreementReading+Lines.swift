import CommandKit
import Console
import Problems
import Sequences
import Support

extension AgreementReading {
  /// The sentence, with a word on each line, the unit after it as a bar and, at each possessive, what the network says there.
  func lines(on channel: Channel) -> [String] {
    let words = sentence.words.prefix(values.count + 1)
    let column = words.map(\.count).max() ?? 0
    let largest = values.map(abs).max() ?? 0
    let bars = Bars(hasUnicode: channel.abilities.hasUnicode)
    let ends = unit.correlation < 0 ? Agreement.possessives.reversed() : Agreement.possessives
    let heading = String(repeating: " ", count: column + 1 + Self.arm - ends[0].count) + "\(ends[0]) <   > \(ends[1])"
    return [heading]
      + words.enumerated().map { place, word in
        guard place < values.count else {
          return "   " + word.padded(to: column + 2 * Self.arm + 11) + answer(at: place, channel)
        }
        let fraction = largest > 0 ? values[place] / largest : 0
        let bar = bars.diverging(fraction, Self.arm)
        let drawn =
          channel.styled(bar.left, Shade.below) + bar.middle + channel.styled(bar.right, Shade.above)
        let line = "  " + channel.styled(" \(word.padded(to: column)) ", Shade.cell(fraction)) + drawn
        let answer = answer(at: place, channel)
        return line + "  " + (answer.isEmpty ? values[place].signed : values[place].signed.padded(to: 7) + answer)
      }
  }

  /// What the network says at a possessive, and whether it is right; empty elsewhere.
  private func answer(at place: Int, _ channel: Channel) -> String {
    guard let question = sentence.questions.first(where: { $0.position == place }) else { return "" }
    let fractions = answers[place - 1]
    let given = fractions[1] > fractions[0] ? 1 : 0
    let isRight = given == question.answer
    let mark = channel.abilities.hasUnicode ? (isRight ? "✓" : "✗") : (isRight ? "right" : "wrong")
    return "says \(Agreement.possessives[given]), \((fractions[given] * 100).fixed(1)) % sure \(mark)"
  }

  /// The mean of the unit at the words that come before each possessive.
  var atQuestions: [(word: String, value: Double, possessive: String)] {
    sentence.questions.map {
      (sentence.words[$0.position - 1], values[$0.position - 1], Agreement.possessives[$0.answer])
    }
  }

  /// The number of characters of a bar on either side.
  private static let arm = 9
}

extension Double {
  /// The number with two decimals and a sign.
  var signed: String { (self < 0 ? "" : "+") + fixed(2) }
}
