import CellLanguage
import Engine
import Inspector
import Networks
import Sequences
import Support
import Testing

struct ClampTests {
  @Test(arguments: [
    ("f = 1", [Clamp(quantity: "f", value: 1)]),
    ("layer 2: c' = -0.5", [Clamp(layer: 1, quantity: "c'", value: -0.5)]),
    ("layer 2, reverse: f = 1", [Clamp(layer: 1, isReverse: true, quantity: "f", value: 1)]),
    ("layer 1, forward: f = 1", [Clamp(isReverse: false, quantity: "f", value: 1)]),
    (
      "layer 1: f = 1, i[3] = 0, steps 10-20",
      [Clamp(quantity: "f", value: 1, steps: 10..<21), Clamp(quantity: "i", units: 3..<4, value: 0, steps: 10..<21)]
    ),
    (
      "step 4, o[0-7]=0.25 ; layer 3:g=1e-3",
      [
        Clamp(quantity: "o", units: 0..<8, value: 0.25, steps: 4..<5), Clamp(layer: 2, quantity: "g", value: 0.001),
      ]
    ),
  ])
  func clampsAreRead(text: String, clamps: [Clamp]) throws {
    #expect(try [Clamp](parsing: text) == clamps)
  }

  @Test(arguments: [
    ("", "can't hold \"\": write what is held at which value, such as `layer 1: f = 1, i[3] = 0, steps 10-20`"),
    ("f", "can't hold \"f\": a quantity is held at a number, such as `f = 1` or `i[3] = 0.5`"),
    ("f = one", "can't hold \"f = one\": a quantity is held at a number, such as `f = 1` or `i[3] = 0.5`"),
    ("f = nan", "can't hold \"f = nan\": a quantity is held at a number, such as `f = 1` or `i[3] = 0.5`"),
    ("f[x] = 1", "can't hold \"f[x] = 1\": units are written `i[3]` or `i[0-7]`, and count from 0"),
    ("f[7-3] = 1", "can't hold \"f[7-3] = 1\": units are written `i[3]` or `i[0-7]`, and count from 0"),
    ("f = 1, steps 3-", "can't hold \"steps 3-\": steps are written `steps 10-20` or `step 10`, and count from 0"),
    (
      "f = 1, step 3, step 4",
      "can't hold \"step 4\": the steps are given twice; part groups with other steps by `;`"
    ),
    (
      "layer 0: f = 1",
      "can't hold \"layer 0\": before the colon stands a layer, `layer 1`, counted from 1, or one of its directions, `layer 1, reverse`"
    ),
    (
      "1: f = 1",
      "can't hold \"1\": before the colon stands a layer, `layer 1`, counted from 1, or one of its directions, `layer 1, reverse`"
    ),
    (
      "layer 1: f = 1: g = 2",
      "can't hold \"layer 1: f = 1: g = 2\": one layer and a colon go before what is held; several are parted by `;`"
    ),
    ("steps 1-2", "can't hold \"steps 1-2\": write what is held at which value, such as `layer 1: f = 1, i[3] = 0, steps 10-20`"),
  ])
  func whatIsNoneSaysWhatIsExpected(text: String, message: String) {
    #expect(throws: RecurrentError.self) { try [Clamp](parsing: text) }
    do { _ = try [Clamp](parsing: text) } catch { #expect(error.description == message) }
  }

  @Test(arguments: [
    (Clamp(layer: 1, quantity: "f", value: 1), "there is no layer 2 to hold something in: the network has one layer"),
    (Clamp(quantity: "q", value: 1), "layer 1, lstm, has no q to hold; it has f, i, g, c', o, h'"),
    (Clamp(quantity: "f", units: 2..<9, value: 1), "f of layer 1 has the units 0 to 3, not 2 to 8"),
  ])
  func whatTheNetworkLacksIsRefused(clamp: Clamp, message: String) throws {
    let network = try network(.lstm)
    #expect(throws: RecurrentError(.network, message)) { try network.clamping([clamp]) }
  }

  private func network(_ cell: Cell) throws -> Network {
    let vocabulary = try Vocabulary(kind: .characters, symbols: ["a", "b", "c"])
    return try Network(input: .tokens(vocabulary), layers: [.init(cell, units: 4)], output: .categorical, seed: 5)
  }

  private let tokens: [Int32] = [0, 2, 1, 1, 0, 2, 2, 0, 1, 2, 0, 0]

  /// The valves: forget open and input closed.
  @Test(arguments: ["lstm", "lstm-peephole", "lstm-sigmoid-candidate", "lstm-fgr"])
  func memoryIsKept(name: String) throws {
    let cell = try Cell.named(name)
    let (forget, input) = name == "lstm-fgr" ? ("f'", "i'") : ("f", "i")
    let clamps = try [Clamp](parsing: "\(forget) = 1, \(input) = 0, steps 4-8")
    let inspection = try network(cell).inspected(tokens, clamps: clamps)
    for unit in 0..<4 {
      let memory = inspection.values("c'", unit: unit)
      #expect(Set(memory[3...8]).count == 1, "\(memory)")
      #expect(memory[9] != memory[8])
    }
  }

  /// Forget closed and input open: the candidate takes the memory's place.
  @Test func memoryIsWipedAndReplaced() throws {
    let inspection = try network(.lstm).inspected(tokens, clamps: [Clamp](parsing: "f = 0, i = 1, steps 4-8"))
    for unit in 0..<4 {
      let (memory, candidate) = (inspection.values("c'", unit: unit), inspection.values("g", unit: unit))
      #expect(memory[4...8] == candidate[4...8])
      #expect(memory[3] != candidate[3] && memory[9] != candidate[9])
    }
  }

  /// Both half open: half of each.
  @Test func memoryIsMixed() throws {
    let inspection = try network(.lstm).inspected(tokens, clamps: [Clamp](parsing: "f = 0.5, i = 0.5"))
    for unit in 0..<4 {
      let (memory, candidate) = (inspection.values("c'", unit: unit), inspection.values("g", unit: unit))
      // Halves of Floats are exact; their sum is rounded once.
      #expect(memory.indices.dropFirst().allSatisfy { memory[$0] == 0.5 * memory[$0 - 1] + 0.5 * candidate[$0] })
    }
  }

  @Test(arguments: ["lstm", "gru", "rnn", "lstm-learn-forget", "slstm"])
  func whatIsNotHeldHasTheSameBits(name: String) throws {
    let network = try network(.named(name))
    let cell = network.architecture.layers[0].cell
    let free = try network.inspected(tokens)
    // Held where there is nothing to hold: at the last step, one unit of the output.
    let held = try network.inspected(
      tokens, clamps: [Clamp(quantity: cell.states[0].name + "'", units: 2..<3, value: 0.75, steps: 11..<12)])
    for (one, other) in zip(free.traces[0].quantities, held.traces[0].quantities) {
      #expect(one.name == other.name && one.role == other.role)
      #expect(one.values.prefix(11 * one.width) == other.values.prefix(11 * one.width), "\(one.name)")
    }
    let output = cell.states[0].name + "'"
    #expect(held.values(output, unit: 2)[11] == 0.75)
    for unit in [0, 1, 3] { #expect(held.values(output, unit: unit) == free.values(output, unit: unit)) }
  }

  private func memory(_ cell: Cell, _ clamps: String) throws -> [InspectionReport.Reach] {
    try InspectionReport([network(cell).inspected(tokens, clamps: [Clamp](parsing: clamps))], title: "").models[0].memory
  }

  /// Where the states are held at zero nothing of what was read before comes through, and all of what is read after it does.
  @Test func theMemoryOfOutputsEndsWhereStatesAreHeld() throws {
    let memory = try memory(.lstm, "c' = 0, h' = 0, step 5")
    #expect(memory.map(\.step) == Array(0..<12))
    for reach in memory {
      for (step, norm) in reach.norms.enumerated() {
        #expect((norm > 0) == (reach.step < 5 || step > 5), "\(norm) at step \(step) of the output at \(reach.step)")
      }
    }
  }

  /// The same gates held during segments that meet are held all the time.
  @Test(arguments: [Cell.lstm, .gru])
  func theMemoryOfOutputsIsPutTogetherFromStretches(cell: Cell) throws {
    let gate = cell.name == "lstm" ? "f" : "z"
    let whole = try memory(cell, "\(gate) = 0.75")
    let parts = try memory(cell, "\(gate) = 0.75, steps 0-3; \(gate) = 0.75, steps 4-8; \(gate) = 0.75, steps 9-11")
    for (one, other) in zip(whole, parts) {
      // Between segments gradients are multiplied by the number of targets and divided by it: two roundings, at each of two
      // ends and for the result. Norms are compared with the largest, since sums may cancel.
      let bound = 6 * 0x1p-24 * 2 * (one.norms.max() ?? 0)
      #expect(one.step == other.step && zip(one.norms, other.norms).allSatisfy { abs($0 - $1) <= bound })
      #expect(one.norms.allSatisfy { $0 > 0 })
    }
  }

  @Test func theLaterClampWins() throws {
    let inspection = try network(.lstm).inspected(tokens, clamps: [Clamp](parsing: "f = 1, f[2] = 0.25"))
    #expect(Set(inspection.values("f", unit: 0)) == [1])
    #expect(Set(inspection.values("f", unit: 2)) == [0.25])
  }
}
