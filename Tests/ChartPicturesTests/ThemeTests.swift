import Foundation
import Markup
import Testing

/// The colours of pictures and pages, as those see them who see worst.
struct ThemeTests {
  /// Text and the lines of curves on what they stand on: 4.5 is what the Web Content Accessibility Guidelines ask of text.
  @Test(arguments: [Theme.light, Theme.dark])
  func textCanBeRead(declarations: String) throws {
    let colours = Self.colours(declarations)
    let text = ["ink", "muted", "accent"] + (1...Theme.seriesCount).map { "series-\($0)" }
    for name in text {
      let contrast = try Self.contrast(#require(colours[name]), #require(colours["paper"]))
      #expect(contrast >= 4.5, "\(name) on paper: \(contrast)")
    }
    for box in ["surface", "gate", "squash", "linear"] {
      for name in ["ink", "muted"] {
        let contrast = try Self.contrast(#require(colours[name]), #require(colours[box]))
        #expect(contrast >= 4.5, "\(name) on \(box): \(contrast)")
      }
    }
  }

  /// Above and below zero, zero, and what is not finite are different colours to each kind of eye. A distance of 0.02 in Oklab
  /// can just be seen where two colours touch.
  @Test(arguments: [(Theme.lightValues, Theme.light), (Theme.darkValues, Theme.dark)], Eye.allCases)
  func valuesAreToldApart(theme: (values: Theme.Values, declarations: String), eye: Eye) throws {
    let paper = try #require(Self.colours(theme.declarations)["paper"])
    func place(_ colour: String) throws -> [Double] { Self.oklab(eye.sees(try #require(Self.linear(colour)))) }
    let values = theme.values
    #expect(distance(try place(values.above), try place(values.below)) > 0.2)
    for end in [values.above, values.below, values.unsigned] {
      let (zero, full, missing) = (try place(paper), try place(end), try place(values.missing))
      #expect(distance(zero, full) > 0.3)
      for strength in stride(from: 0, through: 1, by: 0.125) {
        let value = zip(zero, full).map { $0 + strength * ($1 - $0) }
        #expect(distance(value, missing) > 0.15, "\(strength) of \(end)")
      }
    }
  }

  /// How people see who lack one kind of cone, as Machado, Oliveira & Fernandes 2009 compute it.
  enum Eye: CaseIterable {
    case usual, protanopia, deuteranopia, tritanopia

    func sees(_ colour: [Double]) -> [Double] {
      let matrix: [[Double]]? =
        switch self {
        case .usual: nil
        case .protanopia:
          [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
        case .deuteranopia:
          [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
        case .tritanopia:
          [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
        }
      return matrix?.map { row in min(1, max(0, zip(row, colour).reduce(0) { $0 + $1.0 * $1.1 })) } ?? colour
    }
  }

  /// Custom properties by their names.
  private static func colours(_ declarations: String) -> [String: String] {
    let pairs = declarations.matches(of: /--([\w-]+):(#[0-9a-f]{6})/).map { (String($0.output.1), String($0.output.2)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  private static func linear(_ colour: String) -> [Double]? {
    guard let code = Int(colour.dropFirst(), radix: 16) else { return nil }
    return [code >> 16, code >> 8, code].map { channel in
      let value = Double(channel & 255) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  private static func contrast(_ one: String, _ other: String) throws -> Double {
    let luminance = try [one, other].map { colour in
      zip([0.2126, 0.7152, 0.0722], try #require(linear(colour))).reduce(0) { $0 + $1.0 * $1.1 } + 0.05
    }
    return max(luminance[0] / luminance[1], luminance[1] / luminance[0])
  }

  /// Ottosson 2020, A perceptual color space for image processing.
  private static func oklab(_ colour: [Double]) -> [Double] {
    func sum(_ row: [Double], _ values: [Double]) -> Double { zip(row, values).reduce(0) { $0 + $1.0 * $1.1 } }
    let cones = [
      [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ].map { cbrt(sum($0, colour)) }
    return [
      [0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ].map { sum($0, cones) }
  }

  private func distance(_ one: [Double], _ other: [Double]) -> Double {
    zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }
}
