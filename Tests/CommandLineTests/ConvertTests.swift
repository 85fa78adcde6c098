import Foundation
import Testing

struct ConvertTests {
  private let workshop: Workshop

  /// Small files that PyTorch wrote.
  private static let vectors = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Vectors").path

  init() throws {
    workshop = try Workshop()
    for name in ["lstm_stack.pt", "lstm_stack.npz", "pytorch.safetensors"] {
      try FileManager.default.copyItem(atPath: "\(Self.vectors)/\(name)", toPath: workshop(name))
    }
  }

  @Test func theLayersOfAFileAreListed() throws {
    let list = workshop.run("convert --list $/lstm_stack.pt")
    #expect(
      list.output == """
        layer  kind  inputs  units  direction  gates    functions          reset  peepholes  biases
        l0     LSTM       3      4  forward    i f g o  sigmoid tanh tanh  -      -          two
        l1     LSTM       4      4  forward    i f g o  sigmoid tanh tanh  -      -          two
        l2     LSTM       4      4  forward    i f g o  sigmoid tanh tanh  -      -          two

        """)
    #expect(list.code == 0 && list.messages == "")
    let json = workshop.run("convert --list --json $/lstm_stack.pt").output
    #expect(
      json.hasPrefix(#"[{"activations":"sigmoid tanh tanh","biases":"two","direction":"forward","gates":"i f g o","inputs":3,"#))
  }

  /// Messages write lists with blanks, and what they write can be given back.
  @Test func namesMayHaveBlanksBetweenThem() throws {
    for name in ["nested.keras", "within.h5"] {
      try FileManager.default.copyItem(atPath: "\(Self.vectors)/keras/\(name)", toPath: workshop(name))
    }
    let list = workshop.run("convert $/nested.keras $/a.safetensors --layers x").messages
    #expect(list.contains("it has middle/lstm, middle/inner/bidirectional, top/simple_rnn, top/lstm_1, in the models"))
    let taken = workshop.run([
      "convert", "$/nested.keras", "$/a.safetensors", "--layers", "middle/lstm, middle/inner/bidirectional",
    ])
    #expect(taken.code == 0 && taken.messages.hasSuffix("wrote the model $/a.safetensors\n"), "\(taken.messages)")
    let models = workshop.run(["convert", "$/nested.keras", "$/a.safetensors", "--layers", " middle , top"])
    #expect(models.code == 0, "\(models.messages)")
  }

  @Test func weightsBecomeAModelAndAModelBecomesWeights() throws {
    let forth = workshop.run("convert $/lstm_stack.pt $/model.safetensors")
    #expect(forth.code == 0 && forth.messages.hasSuffix("wrote the model $/model.safetensors\n"))
    let back = workshop.run("convert $/model.safetensors $/back.safetensors")
    #expect(back.messages.hasSuffix("wrote the tensors $/back.safetensors and $/back.py, which loads them in PyTorch\n"))
    #expect(
      String(decoding: try workshop.read("back.py"), as: UTF8.self) == """
        # Made by recurrent convert. y, states = rnn(x) for x of [batch, time, 3].
        import torch
        from safetensors.torch import load_file

        rnn = torch.nn.LSTM(3, 4, num_layers=3, batch_first=True)
        rnn.load_state_dict(load_file("back.safetensors"))
        rnn.eval()

        """)
    #expect(workshop.run("convert $/back.safetensors $/again.safetensors").code == 0)
    #expect(try workshop.read("again.safetensors") == workshop.read("model.safetensors"))
  }

  @Test func aTrainedTextModelBecomesAModuleWithItsHead() throws {
    #expect(workshop.train("--cell gru --layers 2 --iterations 2", into: "run").code == 0)
    #expect(workshop.run("convert $/run $/out.safetensors").code == 0)
    let program = String(decoding: try workshop.read("out.py"), as: UTF8.self)
    #expect(program.contains("torch.nn.GRU("))
    #expect(program.contains("num_layers=2, batch_first=True)"))
    #expect(program.contains("self.output = torch.nn.Linear(6, "))
    #expect(program.contains("\n# y has a logit for each class; y.softmax(-1) are their probabilities.\n"))
  }

  @Test(arguments: [
    ("convert $/lstm_stack.pt", 2, "error: OUT is missing: the file to write\n`recurrent convert --help` says what there is.\n"),
    (
      "convert $/text.txt $/a", 1,
      "error: can't read $/text.txt: it is neither an ONNX model nor a file of tensors that can be read here: safetensors, PyTorch's .pt, NumPy's .npy and .npz, Keras's .h5 and .keras, .nam, or JSON\n"
    ),
    (
      "convert $/lstm_stack.pt $/a.pt", 2,
      "error: $/a.pt would be a safetensors file under the name of another format: write OUT.safetensors for a model or for PyTorch, "
        + "OUT.weights.h5 for Keras, OUT.onnx, OUT.c, or OUT.json for RTNeural\n"
    ),
    ("convert $/lstm_stack.pt $/a --layers l7", 1, "error: $/lstm_stack.pt has no recurrent layer \"l7\"; it has l0, l1, l2\n"),
    ("convert $/lstm_stack.pt $/a --layers l1,l0", 1, "error: layer l0 reads 3 numbers, but l1 before it gives 4\n"),
    ("convert $/lstm_stack.pt $/a --activation gulp", 1, "error: can't represent the activation function \"gulp\"; there are: "),
  ])
  func whatIsMissingOrWrongIsNamed(line: String, code: Int, message: String) {
    let outcome = workshop.run(line)
    #expect(outcome.code == code && outcome.messages.hasPrefix(message), "\(outcome.messages)")
  }

  @Test func stacksThatDoNotSayHowTheyBelongTogetherAreAskedFor() {
    let outcome = workshop.run("convert $/pytorch.safetensors $/a")
    #expect(outcome.code == 1)
    #expect(
      outcome.messages.hasPrefix(
        "error: $/pytorch.safetensors has several stacks of recurrent layers, and how they belong together is no part of it: name one, or layers in their order, with --layers (gru, gru_both, "
      ))
    #expect(workshop.run("convert $/pytorch.safetensors $/a.safetensors --layers lstm.l0,gru_wide.l0").code == 1)
    #expect(workshop.run("convert $/pytorch.safetensors $/a.safetensors --layers gru_both").code == 0)
  }

  @Test func aModelRunsOverArrays() throws {
    #expect(workshop.run("convert $/lstm_stack.pt $/model.safetensors").code == 0)
    try workshop.write(#"{"x": [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [0, 0, 0]]], "lengths": [2, 1]}"#, "input.json")
    let outcome = workshop.run("run $/model.safetensors $/input.json $/output.safetensors --trace")
    #expect(outcome.code == 0 && outcome.output == "")
    #expect(
      outcome.messages.hasPrefix("y [2, 2, 4]\nh_n [3, 2, 4]\nc_n [3, 2, 4]\nlayers.0.f [2, 2, 4]\n"), "\(outcome.messages)")
    #expect(
      workshop.run("convert $/output.safetensors $/a").messages.contains(
        "has no recurrent layer that is known by its tensors' names"))
  }

  @Test(arguments: [
    ("lstm_stack.pt", "a file of PyTorch's"), ("lstm_stack.npz", "a file of NumPy's arrays"),
    ("pytorch.safetensors", "a safetensors file of tensors alone"),
  ])
  func anotherSystemsFileIsNoModelYet(file: String, kind: String) throws {
    try workshop.write(#"{"x": [[[1, 2, 3]]]}"#, "input.json")
    let expected =
      "error: $/\(file) is \(kind), no model of this package: `recurrent convert $/\(file) model.safetensors` makes one of its "
      + "recurrent layers\n"
    #expect(workshop.run("run $/\(file) $/input.json $/output.safetensors").messages == expected)
    #expect(workshop.run("inspect $/\(file) --text a").messages == expected)
    #expect(workshop.run("evaluate $/\(file) $/input.json").messages == expected)
    #expect(workshop.run("predict $/\(file) $/input.json").messages == expected)
  }

  @Test func aModelThatSaysNothingOfLabelsPredictsNone() throws {
    #expect(workshop.run("convert $/lstm_stack.pt $/model.safetensors").code == 0)
    #expect(
      workshop.run("predict $/model.safetensors $/text.txt").messages
        == "error: $/model.safetensors finds no labels and tags no words: `recurrent run` runs it over arrays\n")
  }

  @Test func theFunctionThatAFileOfTensorsLeavesOpenIsSaid() throws {
    try workshop.write(#"{"weight_ih_l0": [[1]], "weight_hh_l0": [[1]]}"#, "plain.json")
    #expect(
      workshop.run("convert $/plain.json $/model.safetensors --activation relu").messages.hasPrefix(
        "note: the file does not say the function of the plain network l0: relu is taken; --activation says another\n"))
  }

  @Test func whereALayerStandsIsAskedForAndAnswered() throws {
    try workshop.write(
      #"{"rnn.weight_ih_l0": [[1]], "rnn.weight_hh_l0": [[1]], "fc.weight": [[2]], "fc.bias": [0.5]}"#, "plain.json")
    let asked = workshop.run("convert $/plain.json $/model.safetensors")
    #expect(
      asked.messages
        == "error: $/plain.json does not say where its layers stand: fc may be a dense layer below or above the recurrent ones. Say it with "
        + "--dense-below or --dense-above, their names from the input up, or --embedding; `none` is an answer, too\n")
    #expect(asked.code == 1)
    let below = workshop.run("convert $/plain.json $/below.safetensors --dense-below fc --dense-activation linear")
    #expect(below.code == 0 && below.messages.contains("l0     dense") && below.messages.contains("l1     RNN"))
    let above = workshop.run("convert $/plain.json $/above.safetensors --dense-below none")
    #expect(
      above.messages.hasPrefix(
        "note: the file does not say what is read of the recurrent layers: fc is taken to read each step; --readout says another\n"
      ))
    let open = workshop.run("convert $/plain.json $/below.safetensors --dense-below fc")
    #expect(
      open.messages
        == "error: $/plain.json does not say what function follows fc: say it with --dense-activation, relu or "
        + "what it is, linear for none; several, with commas between, are for each from the lowest up\n")
  }

  @Test(arguments: ["--dense-below none", "--dense-above fc", "--embedding none", "--state-dict model"])
  func answersAreForFilesOfTensorsAlone(answer: String) throws {
    #expect(workshop.run("convert $/lstm_stack.pt $/model.safetensors").code == 0)
    let option = answer.prefix { $0 != " " }
    let refused = workshop.run("convert $/model.safetensors $/b.safetensors \(answer)")
    #expect(
      refused.messages.hasPrefix(
        "error: $/model.safetensors says where its layers stand, and \(option) is for files of tensors alone: leave it out\n"))
    #expect(refused.code == 2)
  }

  @Test func aModelOfAGuitarAmplifierIsNamedAndConverted() throws {
    let state =
      #""rec.weight_ih_l0": [[1]], "rec.weight_hh_l0": [[0]], "rec.bias_ih_l0": [0], "rec.bias_hh_l0": [0], "lin.weight": [[0]], "lin.bias": [1]"#
    try workshop.write(#"{"model_data": {"unit_type": "RNN", "skip": 1}, "state_dict": {\#(state)}}"#, "amp.json")
    #expect(
      workshop.run("generate $/amp.json").messages
        == "error: $/amp.json is a model of GuitarML's, no model of this package: `recurrent convert $/amp.json model.safetensors` makes one of "
        + "its recurrent layers\n")
    #expect(workshop.run("convert $/amp.json $/model.safetensors").code == 0)
    try workshop.write(#"{"x": [[[0.5], [2]]]}"#, "input.json")
    #expect(workshop.run("run $/model.safetensors $/input.json $/output.safetensors").messages == "y [1, 2, 1]\nh_n [1, 1, 1]\n")
  }

  @Test func aCellRunsWithGivenParameters() throws {
    try workshop.write(
      #"{"W_x": [[1, 0], [0, 1], [0, 0]], "W_h": [[0, 0, 0], [0, 0, 0], [0, 0, 0]], "b": [0, 0, 0.5]}"#, "weights.json")
    try workshop.write(#"{"x": [[[0, 0]]]}"#, "input.json")
    let outcome = workshop.run("run rnn $/input.json $/output.safetensors --parameters $/weights.json")
    #expect(outcome.messages == "y [1, 1, 3]\nh_n [1, 1, 3]\n")
  }

  @Test(arguments: [
    (#"{"y": [1]}"#, "error: $/input.json has an array \"y\"; expected one of x, lengths, mask, h0, c0\n"),
    (#"{"h0": [1]}"#, "error: $/input.json has no array x, the input\n"),
    (#"{"x": [[[1]]]}"#, "error: x of $/input.json has the shape [1, 1, 1]; expected [B, T, 3]\n"),
    (
      #"{"x": [[[1, 2, 3]]], "h0": [1]}"#, "error: can't read $/input.json: tensor \"h0\" has the shape [1]; expected [3, 1, 4]\n"
    ),
  ])
  func inputsThatDoNotFitAreNamed(input: String, message: String) throws {
    #expect(workshop.run("convert $/lstm_stack.pt $/model.safetensors").code == 0)
    try workshop.write(input, "input.json")
    #expect(workshop.run("run $/model.safetensors $/input.json $/output.safetensors").messages == message)
  }
}
