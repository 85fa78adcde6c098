/* Trains a layer of a cell of one's own: it learns to give the mean of what it has read so far. */
#include <stdio.h>
#include <stdlib.h>

#include "recurrent.h"

enum { STEPS = 8, BATCH = 4, ROUNDS = 200 };

static const char *text =
    "cell leaky\n"
    "input x\n"
    "state h\n"
    "g = sigmoid(W_g x + U_g h + b_g)\n"
    "h' = g * h + (1 - g) * (W x + b)\n";

static recurrent_error error;

static void must(recurrent_status status) {
  if (status == RECURRENT_OK) return;
  fprintf(stderr, "%s\n", error.message);
  exit(1);
}

int main(void) {
  recurrent_cell *cell;
  recurrent_layer *layer;
  recurrent_layer_info info;
  must(recurrent_cell_open(text, "leaky", &cell, &error));
  must(recurrent_layer_open(cell, 1, 1, NULL, NULL, 0, 1, &layer, &error));
  must(recurrent_layer_describe(layer, &info, &error));

  /* One array holds all parameters; the layer is given where each begins. */
  float *numbers = calloc((size_t)info.weights * 2, sizeof *numbers);
  float **parameters = calloc((size_t)info.parameters * 2, sizeof *parameters);
  float **gradients = parameters + info.parameters;
  int64_t start = 0;
  for (int64_t i = 0; i < info.parameters; i++) {
    recurrent_tensor_info tensor;
    must(recurrent_layer_parameter(layer, i, &tensor, &error));
    printf("%s [%lld, %lld]\n", tensor.name, (long long)tensor.shape[0], (long long)tensor.shape[1]);
    parameters[i] = numbers + start;
    gradients[i] = numbers + info.weights + start;
    start += tensor.count;
  }
  must(recurrent_layer_initialize(layer, 1, parameters, &error));

  float first = 0, last = 0;
  unsigned state = 1;
  for (int round = 0; round < ROUNDS; round++) {
    float input[STEPS][BATCH], output[STEPS][BATCH], gradient[STEPS][BATCH], sums[BATCH] = {0}, loss = 0;
    for (int step = 0; step < STEPS; step++) {
      for (int row = 0; row < BATCH; row++) {
        state = state * 1664525U + 1013904223U;
        input[step][row] = (float)(state >> 8) / (float)(1U << 24);
      }
    }
    recurrent_layer_call call = {0};
    call.sequences = BATCH;
    call.steps = STEPS;
    call.parameters = (const float *const *)parameters;
    call.input = &input[0][0];
    call.output = &output[0][0];
    recurrent_tape *tape;
    must(recurrent_layer_run(layer, &call, &tape, &error));
    for (int step = 0; step < STEPS; step++) {
      for (int row = 0; row < BATCH; row++) {
        sums[row] += input[step][row];
        const float distance = output[step][row] - sums[row] / (float)(step + 1);
        loss += distance * distance / (STEPS * BATCH);
        gradient[step][row] = 2 * distance / (STEPS * BATCH);
      }
    }
    recurrent_gradients back = {0};
    back.output = &gradient[0][0];
    back.parameters = gradients;
    must(recurrent_tape_run_back(tape, &back, &error));
    recurrent_tape_close(tape);
    for (int64_t i = 0; i < info.weights; i++) numbers[i] -= 0.3F * numbers[info.weights + i];
    if (round == 0) first = loss;
    last = loss;
  }
  printf("loss %.4f, then %.4f\n", (double)first, (double)last);
  free(parameters);
  free(numbers);
  recurrent_layer_close(layer);
  recurrent_cell_close(cell);
  return last < first / 4 ? 0 : 1;
}
