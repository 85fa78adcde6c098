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

    def load(name):
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        path = pathlib.Path(__file__).with_name(name)
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


    encoder, steps = load("NAME.encoder.onnx"), load("NAME.steps.onnx")
    network = json.loads(steps.get_modelmeta().custom_metadata_map["network"])

    \(PieceProgram.translating(
      begin: [
        "begin = dict(zip([value.name for value in encoder.get_outputs()], encoder.run(None, {\"x\": numpy.array([read])})))",
        "kept = {name: value for name, value in begin.items() if name == \"memory\"}",
        "states = {name.removeprefix(\"decoder.\"): value for name, value in begin.items() if name.startswith(\"decoder.\")}",
        "names = [\"y\"] + [name + \"_n\" for name in states]",
      ],
      step: [
        "y, *after = steps.run(names, {\"x\": numpy.array([[symbol]])} | states | kept)",
        "states = dict(zip(states, after))",
      ]))
    """
}
