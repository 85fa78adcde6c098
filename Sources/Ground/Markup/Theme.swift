/// The colours of pictures and pages, for light and dark surroundings.
///
/// Series can be told apart by colour-blind readers, too (Wong 2011, Points of view: color blindness), a little darker on white
/// paper, where they are thin lines.
package enum Theme {
  /// Declarations of custom properties for light surroundings.
  package static let light = """
    --paper:#fcfbf8;--surface:#f4f2ec;--ink:#22262b;--muted:#5f646b;--rule:#e2ded5;--accent:#0b7470;\
    --series-1:#0068b3;--series-2:#c04a00;--series-3:#00795a;--series-4:#a8447c;--series-5:#7a6200;--series-6:#33729f;\
    --series-7:#6a4fb0;--series-8:#55606e;--gate:#fbe7c2;--gate-rule:#b07a10;--squash:#d5ecdf;--squash-rule:#2c7d57;\
    --linear:#e9ecf1;--linear-rule:#66717f
    """
  /// The colours for dark surroundings.
  package static let dark = """
    --paper:#14171b;--surface:#1d2127;--ink:#e2e5e8;--muted:#a7adb6;--rule:#2d3239;--accent:#56c9bd;\
    --series-1:#5ab4f2;--series-2:#ff9a52;--series-3:#3fc79a;--series-4:#e78abf;--series-5:#d9c04e;--series-6:#9fd0f5;\
    --series-7:#b39df0;--series-8:#a9b3c0;--gate:#4a3a14;--gate-rule:#d9a63c;--squash:#173f2e;--squash-rule:#56b98a;\
    --linear:#2a313c;--linear-rule:#8793a3
    """
  /// How many series have a colour of their own.
  package static let seriesCount = 8

  /// The rules that choose between them by what the reader's system prefers, for elements that `selector` names.
  package static func rules(for selector: String) -> String {
    """
    \(selector){color-scheme:light dark;\(light)}
    @media (prefers-color-scheme:dark){\(selector){\(dark)}}
    @media print{\(selector){\(light)}}
    """
  }

  package static let font = "'Inter','Helvetica Neue','Segoe UI',Roboto,system-ui,sans-serif"
  /// The fonts of text and equations in which all letters are equally wide.
  package static let monospace = "'SF Mono','Cascadia Mono','JetBrains Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"

  /// The colours of a picture that stands alone, which are those of the same names above.
  package struct Picture: Sendable {
    package let paper: String
    package let ink: String
    package let muted: String

    fileprivate init(_ declarations: String) {
      func value(_ name: String) -> String {
        let rest = declarations.split(separator: ";").first { $0.hasPrefix("--\(name):") }
        return rest.map { String($0.dropFirst(name.count + 3)) } ?? "none"
      }
      (paper, ink, muted) = (value("paper"), value("ink"), value("muted"))
    }
  }

  package static let lightPicture = Picture(light)
  package static let darkPicture = Picture(dark)

  /// The colours into which values fade from the paper's own, which is zero.
  package struct Values: Sendable {
    /// Above and below zero: orange and blue, which eyes that mix up red and green tell apart.
    package let above: String
    package let below: String
    /// The colour of values without a sign.
    package let unsigned: String
    /// The colour of values that are not finite: the only one that no eye takes for a value.
    package let missing: String

    /// Declarations of custom properties.
    package var declarations: String { "--above:\(above);--below:\(below);--unsigned:\(unsigned);--missing:\(missing)" }
  }

  package static let lightValues = Values(above: "#dd7f3a", below: "#5f97d3", unsigned: "#3c4655", missing: "#000000")
  package static let darkValues = Values(above: "#ad5a17", below: "#3573ba", unsigned: "#a3aebb", missing: "#ffffff")
}
