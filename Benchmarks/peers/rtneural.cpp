// A stream of RTNeural, of sizes fixed at compile time: CELL (LSTMLayerT or GRULayerT), INPUTS, UNITS.
//
//     program NUMBERS OUTPUTS STEPS
//
// NUMBERS holds floats: the kernel [INPUTS][gates UNITS], the recurrent matrix [UNITS][gates UNITS], the biases, and the
// inputs [STEPS][INPUTS]. The outputs of all steps go to OUTPUTS. Then each line of standard input asks for so many steps
// and is answered with the seconds that they took.
#include <RTNeural/RTNeural.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <type_traits>

using Layer = RTNEURAL_NAMESPACE::CELL<float, INPUTS, UNITS>;
constexpr bool isGRU = std::is_same<Layer, RTNEURAL_NAMESPACE::GRULayerT<float, INPUTS, UNITS>>::value;
constexpr int width = (isGRU ? 3 : 4) * UNITS;

using Rows = std::vector<std::vector<float>>;

static Rows rows(FILE *file, int count, int length) {
  Rows rows(count, std::vector<float>(length));
  for (auto &row : rows) {
    if (fread(row.data(), sizeof(float), row.size(), file) != row.size()) exit(1);
  }
  return rows;
}

template <typename L>
static void setBiases(L &layer, const Rows &biases) {
  if constexpr (isGRU) {
    layer.setBVals(biases);
  } else {
    layer.setBVals(biases[0]);
  }
}

int main(int count, char **words) {
  if (count != 4) return 2;
  FILE *file = fopen(words[1], "rb");
  if (!file) return 1;
  const int steps = atoi(words[3]);
  static RTNEURAL_NAMESPACE::ModelT<float, INPUTS, UNITS, Layer> model;
  auto &layer = model.template get<0>();
  layer.setWVals(rows(file, INPUTS, width));
  layer.setUVals(rows(file, UNITS, width));
  setBiases(layer, rows(file, isGRU ? 2 : 1, width));
  // Vector loads want each input at a cache line.
  constexpr int stride = (INPUTS + 15) / 16 * 16;
  float *inputs = static_cast<float *>(aligned_alloc(64, sizeof(float) * stride * steps));
  for (int step = 0; step < steps; step++) {
    if (fread(inputs + step * stride, sizeof(float), INPUTS, file) != INPUTS) return 1;
  }
  fclose(file);

  FILE *outputs = fopen(words[2], "wb");
  model.reset();
  for (int step = 0; step < steps; step++) {
    model.forward(inputs + step * stride);
    fwrite(model.getOutputs(), sizeof(float), UNITS, outputs);
  }
  fclose(outputs);

  long runs;
  while (scanf("%ld", &runs) == 1) {
    const auto begin = std::chrono::steady_clock::now();
    for (long done = 0; done < runs;) {
      for (int step = 0; step < steps && done < runs; step++, done++) model.forward(inputs + step * stride);
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    printf("%.9g\n", seconds.count());
    fflush(stdout);
  }
}
