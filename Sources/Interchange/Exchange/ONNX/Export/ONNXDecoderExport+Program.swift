extension ONNXDecoderExport {
  /// Python that translates with the models, which stand beside it. Where it says `NAME`, there is the name of their files.
  static let program = """
    # Made by recurrent convert. Translates each line of standard input, the most probable piece after the other:
    #
    #     echo "a text" | python NAME.py
    import json
    import pathlib
    import sys
    import unicodedata

    import numpy
    import onnxruntime

    BEGIN = 257  # Before the pieces come the boundary of a text, 0, and the 256 bytes.


    def load(name):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        path = pathlib.Path(__file__).with_name(name)
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


    encoder, steps = load("NAME.encoder.onnx"), load("NAME.steps.onnx")
    network = json.loads(steps.get_modelmeta().custom_metadata_map["network"])


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


    def translate(text):
        read = numpy.array([encode(text) + [0]])
        begin = dict(zip([value.name for value in encoder.get_outputs()], encoder.run(None, {"x": read})))
        kept = {name: value for name, value in begin.items() if name == "memory"}
        states = {name.removeprefix("decoder."): value for name, value in begin.items() if name.startswith("decoder.")}
        names = ["y"] + [name + "_n" for name in states]
        tokens, symbol = [], 0
        while len(tokens) < 50 + 4 * read.size:
            y, *after = steps.run(names, {"x": numpy.array([[symbol]])} | states | kept)
            states = dict(zip(states, after))
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
