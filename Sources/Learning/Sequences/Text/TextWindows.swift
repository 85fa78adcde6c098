import Engine
package import Support

/// A text cut into parallel streams, and these into windows that follow each other: what truncated backpropagation trains on.
///
/// The text is cut into B parts, one after the other and of the same length or one token longer. A window holds T steps
/// of all of them; the next window goes on where it ended, so that states can be carried from one to the next. After the
/// last window, which may be shorter, an epoch is over, and the next one begins again with states of zero. Every token
/// but the first is a target exactly once an epoch. A window depends on its number only, which is all that a checkpoint has
/// to store.
package struct TextWindows: Sendable {
  package let tokens: Tokens
  /// Parts of the text that are read side by side, B.
  package let streams: Int
  /// Steps of a window, T; the last one of an epoch may have fewer.
  package let steps: Int

  /// - Throws: ``RecurrentError`` if the text is too short for that many streams, or if a number makes no sense.
  package init(_ tokens: Tokens, streams: Int, steps: Int) throws(RecurrentError) {
    guard streams >= 1 else { throw RecurrentError(.data, "a text is read in at least 1 stream, not \(streams)") }
    guard steps >= 1 else { throw RecurrentError(.data, "a window has at least 1 step, not \(steps)") }
    guard tokens.count >= 2 else {
      throw RecurrentError(.data, "a text of \(tokens.count) tokens has nothing to predict; it needs at least 2")
    }
    guard tokens.count > streams else {
      throw RecurrentError(
        .data,
        "a text of \(tokens.count) tokens is too short for \(streams) streams, which need at least \(streams + 1) tokens; "
          + "at most \(tokens.count - 1) streams fit")
    }
    self.tokens = tokens
    self.streams = streams
    self.steps = steps
  }

  /// Steps of the longest stream: each gives a token and the one after it.
  private var longest: Int { (tokens.count - 2) / streams + 1 }

  /// Windows in an epoch.
  package var windowsPerEpoch: Int { (longest - 1) / steps + 1 }

  /// Steps of a full window, all streams together: no more than the text has.
  package var stepsPerWindow: Int { streams * min(steps, longest) }

  /// Whether window `index` goes on where the one before it ended; the others begin an epoch with states of zero.
  package func continues(at index: Int) -> Bool { index % windowsPerEpoch != 0 }

  /// Window `index`, counted from 0 over all epochs: sequences of the same length, `[T, B]`.
  ///
  /// Stream b's token of step t stands at `t * B + b`, its target is the token after it. Where a stream that is one token
  /// shorter than others has ended, which happens in the last step of an epoch only, the input is 0 and the target is -1.
  package func batch(at index: Int) -> Batch {
    let (length, longer) = (tokens.count - 1).quotientAndRemainder(dividingBy: streams)
    let first = index % windowsPerEpoch * steps
    let count = min(steps, longest - first)
    var inputs = [Int32](repeating: 0, count: count * streams)
    var targets = [Int32](repeating: -1, count: count * streams)
    for stream in 0..<streams {
      let start = stream * length + min(stream, longer) + first
      let end = start + min(count, length + (stream < longer ? 1 : 0) - first)
      tokens.copy(start..<end, to: &inputs, from: stream, stride: streams)
      tokens.copy(start + 1..<end + 1, to: &targets, from: stream, stride: streams)
    }
    return Batch(lengths: PackedLengths(steps: count, batch: streams), inputs: .tokens(inputs), targets: .classes(targets))
  }
}
