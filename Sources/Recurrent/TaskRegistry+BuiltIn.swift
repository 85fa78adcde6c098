import Classification
import Forecasting
import Labelling
import LanguageModels
import Mapping
import Problems
import Tagging
package import TaskKit
import Transcription
import Translating

extension TaskRegistry {
  /// The tasks of this package.
  package static let builtIn = TaskRegistry([
    TextTask.self, ForecastTask.self, ClassifyTask.self, LabelTask.self, MapTask.self, TagTask.self, TranscribeTask.self,
    TranslateTask.self, ProblemTask.self,
  ])
}
