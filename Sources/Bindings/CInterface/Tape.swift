public import CRecurrent
import CellCompiler
import Engine
import Platform

/// What a run of a layer leaves for the way back, which uses it up.
final class Tape: Handle {
  private let layer: Layer
  private var run: LayerRun?

  init(_ layer: Layer, _ run: LayerRun) {
    self.layer = layer
    self.run = run
  }

  deinit {
    if let run { layer.takeBack(run) }
  }

  func runBack(_ gradients: recurrent_gradients) throws(Failure) {
    guard let run else {
      throw Failure(
        RECURRENT_ERROR_UNSUITABLE, "the tape has been run back, which can be done once: run the layer again with a new tape")
    }
    guard run.process == System.processNumber else {
      throw Failure(
        RECURRENT_ERROR_UNSUITABLE, "the tape was made before the process was forked: run the layer in this process and then back"
      )
    }
    run.backward(gradients)
    self.run = nil
    layer.takeBack(run)
  }
}

@c @implementation
public func recurrent_layer_run(
  _ layer: OpaquePointer?, _ call: UnsafePointer<recurrent_layer_call>?, _ tape: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  tape?.pointee = nil
  return attempt(error) {
    let (layer, call) = (try Layer.at(layer, "layer"), try required(call, "call").pointee)
    let lengths = try PackedLengths(
      sequences: call.sequences, steps: call.steps, lengths: call.lengths, bytesPerRow: layer.plan.trainingBytes + 64)
    let arrays = try CallArrays(call, of: layer)
    let run = try layer.run(servesBackward: tape != nil)
    run.forward(call, lengths, arrays)
    if let tape {
      tape.pointee = OpaquePointer(Unmanaged.passRetained(Tape(layer, run)).toOpaque())
    } else {
      layer.takeBack(run)
    }
  }
}

@c @implementation
public func recurrent_tape_run_back(
  _ tape: OpaquePointer?, _ gradients: UnsafePointer<recurrent_gradients>?, _ error: UnsafeMutablePointer<recurrent_error>?
) -> recurrent_status {
  attempt(error) { try Tape.at(tape, "tape").runBack(required(gradients, "gradients").pointee) }
}

@c @implementation
public func recurrent_tape_close(_ tape: OpaquePointer?) { Tape.close(tape) }
