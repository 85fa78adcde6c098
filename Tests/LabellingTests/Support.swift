import Foundation
import Support
import Tables

/// A series of pulses, up and down, with zeros between them, and as labels of its steps the last pulse that there was.
func pulses(_ count: Int, seed: UInt64) -> (numbers: [[Float]], labels: [String]) {
  var random = Random(.benchmark, seed: seed)
  var label = "none"
  var numbers: [[Float]] = []
  var labels: [String] = []
  for _ in 0..<count {
    let draw = random.integer(in: 0..<20)
    if draw < 2 { label = draw == 0 ? "down" : "up" }
    numbers.append([draw < 2 ? (draw == 0 ? -1 : 1) : 0, Float(draw) / 20])
    labels.append(label)
  }
  return (numbers, labels)
}

/// A table of recordings of pulses, a row a step.
func table(_ recordings: Int, of count: Int, firstLabel: String? = nil) -> String {
  var text = "recording,time,pulse,noise,state\n"
  for recording in 0..<recordings {
    let (numbers, labels) = pulses(count, seed: UInt64(recording))
    for (step, (pair, label)) in zip(numbers, labels).enumerated() {
      text += "r\(recording),\(step),\(pair[0]),\(pair[1]),\(label)\n"
    }
  }
  return text
}

/// Calls a function with the path of a file that has a text and lives as long as the call.
func withFile<Value>(_ text: String, _ name: String = "t.csv", _ body: (String) throws -> Value) throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appending(path: "labelling-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let file = folder.appending(path: name)
  try Data(text.utf8).write(to: file)
  return try body(file.path)
}
