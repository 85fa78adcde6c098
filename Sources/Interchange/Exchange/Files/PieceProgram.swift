/// Python that cuts texts into the pieces of a network's encoder and puts those of its decoder together again. It expects the network's
/// description in `network`.
enum PieceProgram {
  /// - Parameters:
  ///   - begin: lines that take the symbols of a text, the list `read`, and set `states`, and what `step` needs beside them.
  ///   - step: lines that set `y`, the logits after `symbol`, `[1, 1, symbols]`, and the `states` after it.
  ///   - decorator: a line before the function.
  /// - Returns: functions that cut and translate texts, and the loop over the lines of standard input.
  static func translating(begin: [String], step: [String], decorator: String? = nil) -> String {
    func indented(_ lines: [String], _ depth: Int) -> String {
      lines.map { String(repeating: " ", count: depth) + $0 }.joined(separator: "\n")
    }
    return """
      \(text)

      \(decorator.map { "\($0)\n" } ?? "")def translate(text):
          read = encode(text) + [0]
      \(indented(begin, 4))
          tokens, symbol = [], 0
          while len(tokens) < 50 + 4 * len(read):
      \(indented(step, 8))
              symbol = int(y[0, 0].argmax())
              if symbol == 0:
                  break
              tokens.append(symbol)
          return decode(tokens)


      if __name__ == "__main__":
          for line in sys.stdin:
              print(translate(line.rstrip("\\n")), flush=True)

      """
  }

  private static let text = """
    BEGIN = 257  # Before the pieces come the boundary of a text, 0, and the 256 bytes.


    def symbols(part):
        return next(value["symbols"] for value in part["input"].values() if isinstance(value, dict) and "symbols" in value)


    source, target = symbols(network["context"]["encoder"]), symbols(network)
    pieces = {symbol: place for place, symbol in enumerate(source) if place >= BEGIN}


    def kind(scalar):
        if scalar == " ":
            return "space"
        if scalar.isspace():
            return "blank"
        category = unicodedata.category(scalar)
        return "digit" if category == "Nd" else "letters" if category[0] in "LM" else "marks"


    def words(text):
        word, last = " ", "space"
        for scalar in text:
            now = kind(scalar)
            if now not in ("space", "blank") if last == "space" else now == last and now not in ("digit", "blank"):
                word += scalar
            else:
                yield word
                word = scalar
            last = now
        yield word


    def encode(text):
        tokens = []
        for word in words(text):
            word = word.replace(" ", "\u{2581}")
            if word in pieces:
                tokens.append(pieces[word])
                continue
            own = []
            for scalar in word:
                own += [scalar] if scalar in pieces else [bytes([byte]) for byte in scalar.encode()]
            while True:
                pairs = [(pieces.get(a + b), place) for place, (a, b) in enumerate(zip(own, own[1:])) if type(a) is type(b) is str]
                known = [pair for pair in pairs if pair[0] is not None]
                if not known:
                    break
                place = min(known)[1]
                own[place : place + 2] = [own[place] + own[place + 1]]
            tokens += [pieces[part] if isinstance(part, str) else part[0] + 1 for part in own]
        return tokens


    def decode(tokens):
        parts = [bytes([t - 1]) if t < BEGIN else target[t].replace("\u{2581}", " ").encode() for t in tokens]
        return b"".join(parts).decode(errors="replace").removeprefix(" ")

    """
}
