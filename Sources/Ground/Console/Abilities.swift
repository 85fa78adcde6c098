/// What a channel can show.
package struct Abilities: Sendable, Hashable {
  /// Someone may be watching, and a line can be written over.
  package let isTerminal: Bool
  package let hasColours: Bool
  /// Characters beyond ASCII are shown as such. Results may hold them in any case; this is for bars and the like.
  package let hasUnicode: Bool

  package init(isTerminal: Bool, hasColours: Bool, hasUnicode: Bool) {
    self.isTerminal = isTerminal
    self.hasColours = hasColours
    self.hasUnicode = hasUnicode
  }

  /// What the environment says, by the conventions of no-color.org and bixense.com/clicolors.
  package init(isTerminal: Bool, environment: (String) -> String?) {
    func given(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    self.isTerminal = isTerminal && given("TERM") != "dumb"
    let forced = given("CLICOLOR_FORCE").map { $0 != "0" } ?? false
    hasColours = given("NO_COLOR") == nil && (forced || self.isTerminal)
    let locale = (given("LC_ALL") ?? given("LC_CTYPE") ?? given("LANG") ?? "").lowercased()
    hasUnicode = locale.contains("utf-8") || locale.contains("utf8")
  }
}
