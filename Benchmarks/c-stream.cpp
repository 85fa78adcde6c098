// A pedal three times: as a stream of the C library, as a model of RTNeural whose layer, CELL of UNITS, is fixed at compile time, and as C source.
//
//     program MODEL RTNEURAL.json ROUNDS
//
// Writes, as JSON, the largest differences of RTNeural's and the C source's samples from the library's, and the seconds that a sample takes in each round.
#include <RTNeural/RTNeural.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include "recurrent.h"

extern "C" {
#include "pedal.h"
}

constexpr int block = 64, blocks = 400, samples = block * blocks;

using Model = RTNEURAL_NAMESPACE::ModelT<
    float, 1, 1, RTNEURAL_NAMESPACE::CELL<float, 1, UNITS>, RTNEURAL_NAMESPACE::DenseT<float, UNITS, 1>>;

static Model model;
static pedal_state state;
static recurrent_stream *stream;

static bool check(int status, const recurrent_error &error) {
  if (status != RECURRENT_OK) fprintf(stderr, "%s\n", error.message);
  return status == RECURRENT_OK;
}

static void library(const float *input, float *output) { recurrent_stream_process(stream, input, output, block); }

static void rtneural(const float *input, float *output) {
  for (int i = 0; i < block; i++) output[i] = model.forward(input + i);
}

static void source(const float *input, float *output) { pedal_run(&state, input, block, output); }

using Way = void (*)(const float *, float *);

static double seconds(Way way, const std::vector<float> &input, std::vector<float> &output) {
  const auto begin = std::chrono::steady_clock::now();
  for (int first = 0; first < samples; first += block) way(input.data() + first, output.data() + first);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  return taken.count() / samples;
}

int main(int count, char **words) {
  if (count != 4) return 2;
  recurrent_error error;
  recurrent_model *file;
  if (!check(recurrent_model_open(words[1], &file, &error), error)) return 1;
  if (!check(recurrent_stream_open(file, &stream, &error), error)) return 1;
  recurrent_model_close(file);
  std::ifstream numbers(words[2]);
  nlohmann::json parsed;
  numbers >> parsed;
  model.parseJson(parsed);
  model.reset();
  pedal_reset(&state);

  std::vector<float> input(samples), outputs[3];
  for (int i = 0; i < samples; i++) input[i] = 0.5f * std::sin(0.0144f * i) * std::exp(-0.0001f * i);
  const Way ways[] = {library, rtneural, source};
  for (int way = 0; way < 3; way++) {
    outputs[way].resize(samples);
    seconds(ways[way], input, outputs[way]);
  }
  float differences[2] = {0, 0};
  for (int i = 0; i < samples; i++) {
    for (int way = 1; way < 3; way++) differences[way - 1] = std::fmax(differences[way - 1], std::fabs(outputs[way][i] - outputs[0][i]));
  }
  printf("{\"differences\": [%g, %g]", differences[0], differences[1]);

  const int rounds = atoi(words[3]);
  std::vector<double> taken[3];
  for (int round = 0; round < rounds; round++) {
    for (int way = 0; way < 3; way++) taken[way].push_back(seconds(ways[way], input, outputs[way]));
  }
  const char *const names[] = {"library", "rtneural", "source"};
  for (int way = 0; way < 3; way++) {
    printf(", \"%s\": [", names[way]);
    for (int round = 0; round < rounds; round++) printf("%s%.9g", round ? ", " : "", taken[way][round]);
    printf("]");
  }
  printf("}\n");
  recurrent_stream_close(stream);
  return 0;
}
