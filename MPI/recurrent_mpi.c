#include "recurrent_mpi.h"

#include <mpi.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DATA = 1, PULSE = 2, FAILURE = 3, REASON = 512 };

/* One lock round all calls of MPI, which then needs not be able to run several at a time. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t pulse;
static int own, all, ends;
static double *heard;
static MPI_Request *pulses;
static MPI_Request incoming_pulse, incoming_failure;
static char pulse_byte, pulse_bytes[2], failure_text[REASON], outgoing_text[REASON];
static int failed = -1;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Takes in what others say of themselves. */
static void listen_to_others(void) {
  MPI_Status status;
  int done = 1;
  while (done && MPI_Test(&incoming_pulse, &done, &status) == MPI_SUCCESS && done) {
    heard[status.MPI_SOURCE] = now();
    MPI_Irecv(pulse_bytes, 1, MPI_BYTE, MPI_ANY_SOURCE, PULSE, MPI_COMM_WORLD, &incoming_pulse);
  }
  if (failed < 0 && MPI_Test(&incoming_failure, &done, &status) == MPI_SUCCESS && done) failed = status.MPI_SOURCE;
}

static void *beat(void *unused) {
  double last = now();
  for (;;) {
    struct timespec pause = {0, 250000000};
    nanosleep(&pause, NULL);
    pthread_mutex_lock(&lock);
    if (ends) break;
    /* Who was stopped for a while, as by Ctrl-Z, has not heard of anybody meanwhile. */
    double time = now();
    if (time - last > 2)
      for (int peer = 0; peer < all; peer++) heard[peer] = time;
    last = time;
    for (int peer = 0; peer < all; peer++) {
      int done = 0;
      if (peer == own) continue;
      if (MPI_Test(&pulses[peer], &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && done)
        MPI_Isend(&pulse_byte, 1, MPI_BYTE, peer, PULSE, MPI_COMM_WORLD, &pulses[peer]);
    }
    listen_to_others();
    pthread_mutex_unlock(&lock);
  }
  pthread_mutex_unlock(&lock);
  return unused;
}

int recurrent_mpi_version(void) { return RECURRENT_MPI_VERSION; }

int recurrent_mpi_begin(int *rank, int *size, char *name, int room) {
  int level, length;
  char text[MPI_MAX_LIBRARY_VERSION_STRING];
  if (MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level) != MPI_SUCCESS || level < MPI_THREAD_SERIALIZED) return 0;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  MPI_Comm_rank(MPI_COMM_WORLD, &own);
  MPI_Comm_size(MPI_COMM_WORLD, &all);
  MPI_Get_library_version(text, &length);
  strncpy(name, text, (size_t)room - 1);
  name[room - 1] = 0;
  *rank = own;
  *size = all;
  heard = calloc((size_t)all, sizeof *heard);
  pulses = calloc((size_t)all, sizeof *pulses);
  if (!heard || !pulses) return 0;
  for (int peer = 0; peer < all; peer++) {
    heard[peer] = now();
    pulses[peer] = MPI_REQUEST_NULL;
  }
  MPI_Irecv(pulse_bytes, 1, MPI_BYTE, MPI_ANY_SOURCE, PULSE, MPI_COMM_WORLD, &incoming_pulse);
  MPI_Irecv(failure_text, REASON, MPI_BYTE, MPI_ANY_SOURCE, FAILURE, MPI_COMM_WORLD, &incoming_failure);
  return pthread_create(&pulse, NULL, beat, NULL) == 0;
}

void *recurrent_mpi_post(int receives, void *bytes, int count, int peer) {
  MPI_Request *request = malloc(sizeof *request);
  if (!request) return NULL;
  pthread_mutex_lock(&lock);
  int code = receives ? MPI_Irecv(bytes, count, MPI_BYTE, peer, DATA, MPI_COMM_WORLD, request)
                      : MPI_Isend(bytes, count, MPI_BYTE, peer, DATA, MPI_COMM_WORLD, request);
  pthread_mutex_unlock(&lock);
  if (code == MPI_SUCCESS) return request;
  free(request);
  return NULL;
}

int recurrent_mpi_test(void *posted) {
  int done = 0;
  pthread_mutex_lock(&lock);
  int code = MPI_Test(posted, &done, MPI_STATUS_IGNORE);
  listen_to_others();
  pthread_mutex_unlock(&lock);
  if (code != MPI_SUCCESS || done) free(posted);
  return code != MPI_SUCCESS ? -1 : done;
}

double recurrent_mpi_silence(int peer) {
  pthread_mutex_lock(&lock);
  double silence = now() - heard[peer];
  pthread_mutex_unlock(&lock);
  return silence;
}

void recurrent_mpi_abandon(const char *reason) {
  pthread_mutex_lock(&lock);
  strncpy(outgoing_text, reason, REASON - 1);
  for (int peer = 0; peer < all; peer++) {
    MPI_Request request;
    /* It is not waited for: the process ends soon. */
    if (peer != own && MPI_Isend(outgoing_text, REASON, MPI_BYTE, peer, FAILURE, MPI_COMM_WORLD, &request) == MPI_SUCCESS)
      MPI_Request_free(&request);
  }
  pthread_mutex_unlock(&lock);
}

int recurrent_mpi_abandoned(char *reason, int room) {
  pthread_mutex_lock(&lock);
  if (failed >= 0) {
    strncpy(reason, failure_text, (size_t)room - 1);
    reason[room - 1] = 0;
  }
  int who = failed;
  pthread_mutex_unlock(&lock);
  return who;
}

void recurrent_mpi_end(void) {
  pthread_mutex_lock(&lock);
  ends = 1;
  pthread_mutex_unlock(&lock);
  pthread_join(pulse, NULL);
  if (failed < 0) {
    MPI_Cancel(&incoming_failure);
    MPI_Wait(&incoming_failure, MPI_STATUS_IGNORE);
  }
  /* What others sent to say that they were alive is taken in until all have stopped. */
  MPI_Request leaving;
  int done = MPI_Ibarrier(MPI_COMM_WORLD, &leaving) != MPI_SUCCESS;
  while (!done && MPI_Test(&leaving, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS) listen_to_others();
  MPI_Cancel(&incoming_pulse);
  MPI_Wait(&incoming_pulse, MPI_STATUS_IGNORE);
  MPI_Finalize();
}
