import Mapping
import Support
import Tables
import TaskKit
import Testing

struct MapFileTests {
  private func refusal(_ text: String, _ change: (inout MapTask) -> Void) throws -> String {
    let folder = try Folder()
    try folder.write(text, "t.csv")
    var recipe = Recipe(MapTask(path: folder("t.csv")))
    change(&recipe.task)
    var notes: [Note] = []
    let error = #expect(throws: RecurrentError.self) {
      _ = try MapTask.plan(recipe, on: MapTask.read(recipe, &notes), &notes)
    }
    return (error?.description ?? "").replacing(folder.path + "/", with: "")
  }

  @Test func whatIsNotClearOrMakesNoSenseIsRefused() throws {
    let text = "a,b\n" + (0..<30).map { "\($0 % 5),\($0 % 3)\n" }.joined()
    #expect(
      try refusal(text) { _ in } == "t.csv does not show which columns a network is to give: say it with target NAME")
    #expect(try refusal(text) { $0.target = ["c"] } == "t.csv has no column “c”; it has “a”, “b”")
    #expect(
      try refusal(text) { ($0.target, $0.columns) = (["b"], ["a", "b"]) }
        == "the column “b” can have one role only: what is read, what is given, group or time")
    #expect(try refusal(text) { ($0.target, $0.delay) = (["b"], 3) } == "delay is for sounds: leave it out, or name WAV files")
    #expect(
      try refusal(text) { $0.target = ["wet.wav"] }.hasPrefix("target is the sound wet.wav, and "))
    let same = "a,b\n" + (0..<30).map { "\($0 % 5),7\n" }.joined()
    #expect(
      try refusal(same) { $0.target = ["b"] } == "t.csv, column b: it is the same in every row, so there is nothing to learn")
  }

  @Test func settingsOfTablesAreNotForSounds() {
    var recipe = Recipe(MapTask(path: "dry.wav"))
    recipe.task.group = "a"
    var notes: [Note] = []
    let error = #expect(throws: RecurrentError.self) { try MapTask.read(recipe, &notes) }
    #expect(error?.description == "group is for tables, and dry.wav is a sound: leave it out")
    let other = #expect(throws: RecurrentError.self) { try MapTask.read(Recipe(MapTask(path: "dry.wav")), &notes) }
    #expect(other?.description == "what an effect gave for dry.wav is one WAV file: name it with target")
  }
}
