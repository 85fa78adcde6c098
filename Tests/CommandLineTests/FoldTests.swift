import CommandLine
import Foundation
import Testing

struct FoldTests {
  @Test(arguments: ["classify", "label"])
  func aTrainingInPartsSaysHowMuchIsRight(task: String) throws {
    let shop = try Workshop()
    try shop.write(
      "id,x,label\n"
        + (0..<24).map { sequence in
          (0..<5).map { "s\(sequence),\($0 * (sequence % 2 == 0 ? 1 : -1)),\(sequence % 2 == 0 ? "up" : "down")\n" }.joined()
        }.joined(), "t.csv")
    let command =
      "train \(task) $/t.csv --group id --target label --folds 3 --units 4 --batch 8 --iterations 30 --validate-every 10 --output $/cv"
    let outcome = shop.run(command)
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.lines.count { $0.hasPrefix("part ") } == 3, "\(outcome.output)")
    #expect(outcome.output.contains("right of what was not trained on: ") && outcome.output.contains("with 95 % confidence"))
    #expect(outcome.output.contains("model, trained on all data: $/cv/all/model.safetensors"))
    #expect(outcome.messages.contains("recurrent predict $/cv/all FILE"), "\(outcome.messages)")
    #expect(shop.run("predict $/cv/all $/t.csv").code == 0)
    let again = shop.run(command)
    #expect(again.code == 0 && again.output == outcome.output, "\(again.messages)")
    let json = shop.run(command + " --json")
    #expect(json.code == 0 && json.output.contains("\"folds\""), "\(json.messages)")
  }

  @Test func sentencesAreHeldOutInParts() throws {
    let shop = try Workshop()
    try shop.write((0..<12).map { "the\tD\n\($0 % 2 == 0 ? "dog" : "cat")\tN\nruns\tV\n\n" }.joined(), "t.tsv")
    let outcome = shop.run("train tag $/t.tsv --folds 3 --units 4 --epochs 2 --output $/cv")
    #expect(outcome.code == 0 && outcome.output.contains("right of what was not trained on: "), "\(outcome.messages)")
  }

  @Test(arguments: [
    ("--folds 3 --validation 0.2", "give either --folds, which holds out each part once, or --validation, not both"),
    ("--folds 1", "--folds is \"1\""), ("--folds 3 --resume $/run", "--folds can't be given with --resume"),
  ])
  func whatMakesNoSenseIsRefused(options: String, message: String) throws {
    let shop = try Workshop()
    try shop.write("id,x,label\na,1,u\na,2,u\nb,3,v\nb,1,v\n", "t.csv")
    let file = options.contains("resume") ? "" : "$/t.csv "
    let outcome = shop.run("train classify \(file)\(options)")
    #expect(outcome.code != 0 && outcome.messages.contains(message), "\(outcome.messages)")
  }
}
