import CellCompiler
import CellLanguage
package import Engine
package import Sequences
package import Support

/// The one place where what a caller gives is held against what a network reads and gives.
extension Network {
  /// - Throws: ``RecurrentError`` if the network reads something else at each row, or another number of rows, or sequences begin with
  ///   something else.
  ///
  /// - Parameter reader: what reads the rows, for messages.
  package func check(
    _ inputs: Batch.Inputs, _ lengths: PackedLengths, readBy reader: String = "the input"
  ) throws(RecurrentError) {
    if let context = graph.context {
      try context.check(inputs.source, of: lengths)
    } else if inputs.source != nil {
      throw RecurrentError(.shape, "the batch has sources, and the network knows nothing of sequences before they begin")
    }
    let parts = graph.inputParts
    let summary = architecture.input.encoding.summary
    guard inputs.parts.count == parts.count else {
      throw RecurrentError(
        .shape, "\(reader) reads \(summary), which is \(parts.count) parts a row, and the batch has \(inputs.parts.count)")
    }
    for (part, rows) in zip(parts, inputs.parts) {
      if let fault = part.fault(in: rows, count: lengths.rows) {
        throw RecurrentError(.shape, "\(reader) reads \(summary), and the batch \(fault)")
      }
    }
  }

  /// - Throws: ``RecurrentError`` if the network gives something else than the targets are for, or another number of rows.
  package func check(_ targets: Batch.Targets, _ lengths: PackedLengths) throws(RecurrentError) {
    if case .symbols(let lists) = targets {
      guard lists.count == lengths.batch else {
        throw RecurrentError(.shape, "the batch has the symbols of \(lists.count) sequences; there are \(lengths.batch)")
      }
      if let empty = lists.indices.first(where: { lengths.perSequence[$0] == 0 && !lists[$0].isEmpty }) {
        throw RecurrentError(.shape, "sequence \(empty) has symbols and no step at which they could stand")
      }
    }
    let rows = architecture.outputRows(lengths)
    if let fault = architecture.output.head.fault(in: targets, rows: rows, width: architecture.outputWidth) {
      throw RecurrentError(.shape, fault)
    }
  }

  /// - Parameter states: of each pass, `[B, width]`; none for no carried states.
  /// - Throws: ``RecurrentError`` if their number or shapes are not those of `sequences` sequences.
  package func check(carried states: [[[Float]]], sequences: Int) throws(RecurrentError) {
    if states.isEmpty { return }
    let passes = architecture.passes
    guard states.count == passes.count else {
      throw RecurrentError(.shape, "there are states for \(states.count) passes, and the network has \(passes.count)")
    }
    for ((pass, plan), own) in zip(zip(passes, plans), states) {
      let names = plan.cell.states.map(\.name)
      guard own.count == names.count else {
        throw RecurrentError(.shape, "\(pass.name) has the states \(names.joined(separator: ", ")), and \(own.count) came")
      }
      for (state, values) in own.enumerated() where values.count != sequences * plan.width(ofState: state) {
        let width = plan.width(ofState: state)
        throw RecurrentError(
          .shape,
          "\(names[state]) of \(pass.name) has \(values.count) numbers; \(sequences) sequences of \(width) have "
            + "\(sequences * width): a batch goes on where one with as many sequences ended")
      }
    }
  }
}
