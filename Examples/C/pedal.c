/* Streams a model as a guitar pedal over a generated tone, in blocks as an audio callback has them.
 *
 *     pedal MODEL [SECONDS]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "recurrent.h"

enum { BLOCK = 64, RATE = 48000 };

static int failed(const char *what, const recurrent_error *error) {
  fprintf(stderr, "%s: %s\n", what, error->message);
  return 1;
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: %s MODEL [SECONDS]\n", arguments[0]);
    return 2;
  }
  const double seconds = count > 2 ? atof(arguments[2]) : 0.1;

  recurrent_error error;
  recurrent_model *model;
  if (recurrent_model_open(arguments[1], &model, &error) != RECURRENT_OK) return failed("the model", &error);
  recurrent_model_info info;
  if (recurrent_model_describe(model, &info, &error) != RECURRENT_OK) return failed("the model", &error);
  printf("reads %s and gives %lld\n", info.reads, (long long)info.outputs);
  if (info.inputs != 1 || info.symbols != 0 || info.outputs != 1) {
    fprintf(stderr, "a pedal takes one sample and gives one\n");
    return 1;
  }
  recurrent_stream *pedal;
  if (recurrent_stream_open(model, &pedal, &error) != RECURRENT_OK) return failed("the stream", &error);
  recurrent_model_close(model); /* the stream keeps what it needs */

  /* From here on nothing is allocated: this is what a callback does. */
  double loudness = 0;
  long sample = 0;
  for (long block = 0; block < (long)(seconds * RATE / BLOCK); block++) {
    float samples[BLOCK];
    for (int i = 0; i < BLOCK; i++, sample++) {
      const double time = (double)sample / RATE;
      samples[i] = (float)(0.5 * exp(-3 * time) * sin(6.283185307179586 * 110 * time));
    }
    if (recurrent_stream_process(pedal, samples, samples, BLOCK) != RECURRENT_OK) return 1;
    for (int i = 0; i < BLOCK; i++) loudness += samples[i] * samples[i];
  }
  printf("%ld samples, %.4f RMS\n", sample, sqrt(loudness / (double)(sample > 0 ? sample : 1)));
  recurrent_stream_close(pedal);
  return 0;
}
