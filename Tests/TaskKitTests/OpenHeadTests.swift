import CellLanguage
import Engine
import Exchange
import Foundation
import Inspector
import Models
import Networks
import Sequences
import Support
import Testing
import Training

/// A head that only this folder knows trains, is saved, loaded, streamed and inspected; what can't hold it refuses it by its name.
struct OpenHeadTests {
  private let head = Architecture.Output(OrdinalHead(grades: 4))
  private let kinds: NetworkKinds = {
    var kinds = NetworkKinds.builtIn
    kinds.heads.append(OrdinalHead.self)
    return kinds
  }()

  /// How many of the numbers so far were positive, at most 3: what a network of one layer can count.
  private struct Counts: BatchSource {
    let iterationsPerEpoch: Int? = nil
    let stepsPerBatch = 96

    func continues(at iteration: Int) -> Bool { false }

    func batch(at iteration: Int) -> Batch {
      var random = Random(seed: UInt64(iteration))
      let lengths = PackedLengths(steps: 6, batch: 16)
      let values = (0..<lengths.rows).map { _ in random.uniform() < 0.5 ? Float(1) : -1 }
      let grades = (0..<lengths.rows).map { row in
        Int32(min(3, stride(from: row % 16, through: row, by: 16).count { values[$0] > 0 }))
      }
      return Batch(lengths: lengths, inputs: .features(values), targets: .classes(grades))
    }
  }

  private func trained() throws -> Network {
    let network = try Network(input: .features(1), layers: [.init(.gru, units: 12)], output: head, seed: 1)
    let trainer = Trainer(
      network, options: try TrainingOptions(iterations: 300, learningRate: LearningRate(0.02)),
      machine: try Machine(threads: 1))
    var last = Double.infinity
    for _ in 0..<300 { last = try trainer.step(on: Counts()).loss.mean }
    // Three questions of one bit each when nothing is known.
    #expect(last < 0.1)
    return trainer.network
  }

  @Test func itIsTrainedSavedLoadedAndStreamed() throws {
    let network = try trained()
    let bytes = try network.bytes()
    let loaded = try Network(Safetensors(bytes: bytes, name: "grades"), kinds: kinds)
    #expect(loaded.architecture == network.architecture && loaded.parameters == network.parameters)
    let values: [Float] = [1, -1, 1, 1, -1, 1]
    let outputs = try loaded.outputs(for: values.map { [$0] })
    #expect(outputs.map { row in row.count { $0 > 0.5 } } == [1, 1, 2, 3, 3, 3])
    let stream = try loaded.stream()
    for (value, expected) in zip(values, outputs) {
      let given = stream.step(value)
      #expect(zip(given, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  /// A program that does not know the head does not take it for something else.
  @Test func aFileWithItIsRefusedByThoseWhoDoNotKnowIt() throws {
    let network = try Network(input: .features(1), layers: [.init(.gru, units: 2)], output: head)
    let bytes = try network.bytes()
    let error = #expect(throws: RecurrentError.self) { try Network(bytes: bytes) }
    let kinds = "classes, a CRF's tags, transcriptions, values, distributions or the last layer's"
    #expect(error?.description.contains("the output must be either \(kinds)") == true)
  }

  @Test func itIsInspected() throws {
    let network = try trained()
    let report = try network.inspection(of: [[1], [-1], [1], [1]])
    let page = String(decoding: report.html, as: UTF8.self)
    #expect(page.contains("output 3"))
  }

  @Test func exportersRefuseItByItsName() throws {
    let network = try Network(input: .features(1), layers: [.init(.lstm, units: 2)], output: head)
    let exports: [(String, () throws -> Void)] = [
      ("ONNX", { _ = try ONNXExport(network) }), ("Keras", { _ = try KerasExport(network, file: "a.weights.h5") }),
      ("PyTorch", { _ = try PyTorchExport(network, file: "a.safetensors") }),
    ]
    for (system, export) in exports {
      let error = #expect(throws: RecurrentError.self) { try export() }
      #expect(error?.description == "the network's output is grades in their order, which \(system) can't hold")
    }
  }

  /// So do they a head of the package that they don't have.
  @Test func exportersRefuseACRFByItsName() throws {
    let network = try Network(
      input: .features(1), layers: [.init(.lstm, units: 2)], output: Architecture.Output(CRFHead(TagOrder(count: 2))))
    let error = #expect(throws: RecurrentError.self) { try ONNXExport(network) }
    #expect(error?.description == "the network's output is a conditional random field (CRF), which ONNX can't hold")
  }

  @Test func wrongTargetsAreRefused() throws {
    let network = try Network(input: .features(1), layers: [.init(.rnn, units: 2)], output: head)
    let runner = NetworkRunner(network, machine: try Machine(threads: 1), trains: false)
    let error = #expect(throws: RecurrentError.self) {
      try runner.run(.features([0]), lengths: PackedLengths(steps: 1, batch: 1), targets: .classes([4]))
    }
    #expect(error?.description == "the target is grade 4; there are 4, counted from 0")
  }
}
