import Markup

extension InspectionReport {
  /// The report as one HTML file in UTF-8 that needs no other file, no server and no network.
  public var html: [UInt8] { page(showing: json) }
}

/// The files of `Page/` as one, with the report in them. `index.html` names each style and script on a line of its own, and
/// that line gives way to the file's text; `theme.css` is what the page shares with all pictures.
package func page(showing json: [UInt8]) -> [UInt8] {
  var texts = Dictionary(embeddedTexts.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
  texts["theme.css"] = """
    :root { --sans: \(Theme.font); --mono: \(Theme.monospace) }
    :root { color-scheme: light; \(Theme.light); \(Theme.lightValues.declarations) }
    :root[data-theme="dark"] { color-scheme: dark; \(Theme.dark); \(Theme.darkValues.declarations) }

    """
  var page: [UInt8] = []
  for line in texts["index.html", default: ""].split(separator: "\n") {
    if let name = line.between("<link rel=\"stylesheet\" href=\"", "\">") {
      page += "<style>\n\(texts[name, default: ""])</style>\n".utf8
    } else if let name = line.between("<script src=\"", "\"></script>") {
      page += "<script>\n\(texts[name, default: ""])</script>\n".utf8
    } else if let opening = line.between("", "</script>") {
      page += Array(opening.utf8) + insideScript(json) + Array("</script>\n".utf8)
    } else {
      page += "\(line)\n".utf8
    }
  }
  return page
}

/// JSON such that nothing in it can end the script that holds it or be taken for a line's end of JavaScript: each `<`, U+2028 and
/// U+2029 as JSON's own escape, which stands for the same character.
private func insideScript(_ json: [UInt8]) -> [UInt8] {
  var escaped: [UInt8] = []
  escaped.reserveCapacity(json.count)
  var place = 0
  while place < json.count {
    if json[place] == UInt8(ascii: "<") {
      escaped += "\\u003c".utf8
    } else if place + 2 < json.count, json[place] == 0xE2, json[place + 1] == 0x80, json[place + 2] & 0xFE == 0xA8 {
      escaped += json[place + 2] == 0xA8 ? "\\u2028".utf8 : "\\u2029".utf8
      place += 2
    } else {
      escaped.append(json[place])
    }
    place += 1
  }
  return escaped
}

extension Substring {
  /// What stands between a beginning and an end of the line, if it has both.
  fileprivate func between(_ start: String, _ end: String) -> String? {
    guard hasPrefix(start), hasSuffix(end), count >= start.count + end.count else { return nil }
    return String(dropFirst(start.count).dropLast(end.count))
  }
}
