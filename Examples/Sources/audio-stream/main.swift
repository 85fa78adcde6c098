// A block of samples through a model, as in an audio callback: no allocation, no lock, the same numbers as step by step.
import RecurrentCore

let amplifier = try Network(input: .features(1), layers: [.init(.lstm, units: 16)], output: .values(1))
let stream = try amplifier.stream()
let sound = (0..<64).map { Float($0 % 8) / 8 }
var processed = [Float](repeating: 0, count: sound.count)
sound.withUnsafeBufferPointer { input in  // in a callback these are pointers already
  processed.withUnsafeMutableBufferPointer { output in stream.process(input, into: output) }
}
stream.reset()
print(processed[63], processed == sound.map { stream.step($0)[0] })
