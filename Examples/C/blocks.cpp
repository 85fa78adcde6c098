// Runs a model over a sequence at once and in blocks, and sees that both give the same.
//
//     blocks MODEL
#include <cmath>
#include <cstdio>

#include "recurrent.hpp"

int main(int count, char **arguments) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s MODEL\n", arguments[0]);
    return 2;
  }
  try {
    const recurrent::Model model(arguments[1]);
    const recurrent_model_info info = model.info();
    const std::int64_t steps = 96;
    std::vector<float> input(static_cast<std::size_t>(steps * info.inputs));
    for (std::size_t place = 0; place < input.size(); place++) input[place] = std::sin(0.1F * static_cast<float>(place));

    const std::vector<float> whole = model.run(input);
    recurrent::Stream stream = model.stream();
    std::vector<float> blocks(whole.size());
    for (std::int64_t step = 0; step < steps; step += 32) {
      stream.process(input.data() + step * info.inputs, blocks.data() + step * info.outputs, 32);
    }
    float largest = 0;
    for (std::size_t place = 0; place < whole.size(); place++) largest = std::fmax(largest, std::fabs(whole[place] - blocks[place]));
    std::printf("at most %g apart\n", static_cast<double>(largest));

    // A copy goes on from where the stream is.
    recurrent::Stream copy = stream;
    std::vector<float> once(static_cast<std::size_t>(info.outputs)), again(once);
    stream.process(input.data(), once.data(), 1);
    copy.process(input.data(), again.data(), 1);
    if (largest > 1e-5F || once != again) return 1;

    recurrent::Model("no such file");
  } catch (const recurrent::Error &error) {
    std::printf("as expected: %s\n", error.what());
    return error.status() == RECURRENT_ERROR_FILE ? 0 : 1;
  }
  return 1;
}
