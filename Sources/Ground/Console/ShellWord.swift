/// A word as a shell takes it: in quotes if it has characters that mean something there.
package func shellWord(_ word: String) -> String {
  let isPlain = word.utf8.allSatisfy { byte in
    byte >= 0x80 || Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
      || "/._-+,=@%".utf8.contains(byte)
  }
  return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
}
