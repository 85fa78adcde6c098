import CommandKit
import CommandLine
import Testing

struct ParsingTests {
  @Test(arguments: [
    ("a.txt", "a.txt - 128 - 0.002 - adam lstm - false"),
    (
      "a.txt b --units 7 --seed=0 --learning-rate 1e-3 --dropout .5 --optimizer sgd --cell gru --output o --json",
      "a.txt b 7 0 0.001 0.5 sgd gru o true"
    ),
    ("--json --units=7 a.txt", "a.txt - 7 - 0.002 - adam lstm - true"),
    ("--output=--x=y -- --units -", "--units - 128 - 0.002 - adam lstm --x=y false"),
    ("- -x", nil),
    ("a --output -x", "a - 128 - 0.002 - adam lstm -x false"),
    ("a --output=", "a - 128 - 0.002 - adam lstm  false"),
    ("a --dropout 0", "a - 128 - 0.002 0.0 adam lstm - false"),
  ])
  func valuesAreRead(line: String, printed: String?) {
    let captured = CapturedTerminal()
    let code = sample.run(["train", "text"] + line.split(separator: " ").map(String.init), on: captured.terminal())
    #expect(code == (printed == nil ? 2 : 0))
    #expect(captured.output == (printed.map { $0 + "\n" } ?? ""))
  }

  @Test(arguments: [
    ("trian", "there is no command trian; did you mean train?", "sample"),
    ("xyzzy", "there is no command xyzzy", "sample"),
    ("--versoin", "there is no option --versoin; did you mean --version?", "sample"),
    ("train txet a", "there is no command txet; did you mean text?", "sample train"),
    ("train --version", "there is no option --version", "sample train"),
    ("train text", "FILE is missing: the text, in UTF-8", "sample train text"),
    ("train text a b c", #"the argument "c" is one too many"#, "sample train text"),
    ("train text a --unit 5", "there is no option --unit; did you mean --units?", "sample train text"),
    ("train text a -u", "there is no option -u", "sample train text"),
    ("train text a --units", "the value N of --units is missing", "sample train text"),
    (
      "train text a --output --json",
      "the value FOLDER of --output is missing; a value that begins with -- is written --output=FOLDER", "sample train text"
    ),
    ("train text a --units 5 --units=6", "--units is given twice", "sample train text"),
    ("train text a --json=yes", "--json takes no value", "sample train text"),
    ("train text a --units many", #"--units is "many"; expected a whole number from 1 to 65536"#, "sample train text"),
    ("train text a --units 0", #"--units is "0"; expected a whole number from 1 to 65536"#, "sample train text"),
    ("train text a --units 1.5", #"--units is "1.5"; expected a whole number from 1 to 65536"#, "sample train text"),
    (
      "train text a --units 99999999999999999999", #"--units is "99999999999999999999"; expected a whole number from 1 to 65536"#,
      "sample train text"
    ),
    ("train text a --seed -1", #"--seed is "-1"; expected a whole number of at least 0"#, "sample train text"),
    ("train text a --learning-rate 0", #"--learning-rate is "0"; expected a number above 0"#, "sample train text"),
    ("train text a --learning-rate nan", #"--learning-rate is "nan"; expected a number above 0"#, "sample train text"),
    ("train text a --learning-rate inf", #"--learning-rate is "inf"; expected a number above 0"#, "sample train text"),
    ("train text a --learning-rate 1e999", #"--learning-rate is "1e999"; expected a number above 0"#, "sample train text"),
    ("train text a --dropout 1", #"--dropout is "1"; expected a number of at least 0 and below 1"#, "sample train text"),
    (
      "train text a --optimizer adma", #"--optimizer is "adma"; expected adam, sgd or rmsprop; did you mean adam?"#,
      "sample train text"
    ),
    ("check", "CELL is missing: a name or a file", "sample check"),
  ])
  func misuseIsExplained(line: String, message: String, path: String) {
    let captured = CapturedTerminal()
    #expect(sample.run(line.split(separator: " ").map(String.init), on: captured.terminal()) == 2)
    #expect(captured.messages == "error: \(message)\n`\(path) --help` says what there is.\n")
    #expect(captured.output == "")
  }

  @Test func argumentsMayRepeat() {
    let captured = CapturedTerminal()
    #expect(sample.run(["check", "a", "b c", "d"], on: captured.terminal()) == 0)
    #expect(captured.output == "a b c d\n")
  }
}
