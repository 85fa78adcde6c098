import Foundation
import Mapping
import Support

/// A folder that lives as long as this value.
final class Folder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "mapping-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(filePath: self(name))) }
}

/// The input and the output of a tank that fills through a valve and leaks.
func tank(_ count: Int, seed: UInt64) -> (input: [Float], output: [Float]) {
  var random = Random(.benchmark, seed: seed)
  var (valve, level) = (Float(0.5), Float(2))
  var (input, output): ([Float], [Float]) = ([], [])
  for _ in 0..<count {
    if random.integer(in: 0..<6) == 0 { valve = random.uniformFloat() }
    level = 0.8 * level + valve
    input.append(valve)
    output.append(10 + 4 * level)
  }
  return (input, output)
}

/// Notes that die away, and what clipping and a filter make of them.
func guitar(_ count: Int, rate: Int) -> (dry: [Float], wet: [Float]) {
  var random = Random(.benchmark, seed: 3)
  var (dry, wet): ([Float], [Float]) = ([], [])
  var (frequency, age, low) = (Float(110), 0, Float(0))
  for step in 0..<count {
    if step % (rate / 4) == 0 { (frequency, age) = (80 + 300 * random.uniformFloat(), 0) }
    let envelope = Foundation.exp(-Float(age) / Float(rate) * 6)
    let sample =
      0.6 * envelope * Foundation.sin(2 * Float.pi * frequency * Float(age) / Float(rate)) + 0.01 * (random.uniformFloat() - 0.5)
    low += 0.4 * (Foundation.tanh(4 * sample) - low)
    dry.append(sample)
    wet.append(0.7 * low)
    age += 1
  }
  return (dry, wet)
}

/// A file of one channel.
func wave(_ samples: [Float], rate: Int = 8000, _ encoding: WaveFile.Encoding = .float32) -> WaveFile {
  WaveFile(rate: rate, channels: 1, encoding: encoding, samples: samples)
}
