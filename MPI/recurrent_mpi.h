/* What `recurrent` asks of MPI: messages between the processes that one launcher has started, and whether they are still alive.
 *
 * `script/build-mpi` compiles recurrent_mpi.c with a system's own mpicc; the program opens the library at run time, and only when a
 * launcher has started several processes. Every function may be called from any thread.
 */
#ifndef RECURRENT_MPI_H
#define RECURRENT_MPI_H

/* Raised when a function changes what it takes or does. */
#define RECURRENT_MPI_VERSION 1

int recurrent_mpi_version(void);

/* Begins; 0 if it can't. Gives the process's number, how many there are, and what MPI calls itself. From here on the process tells the others
 * four times a second that it is alive. */
int recurrent_mpi_begin(int *rank, int *size, char *name, int room);

/* Begins to send bytes to a process, or to receive them from it, and returns at once; null if it can't. Messages between two processes come in
 * their order. The bytes must stay where they are until recurrent_mpi_test says that it is done. */
void *recurrent_mpi_post(int receives, void *bytes, int count, int peer);

/* 1 if it is done, which also ends its life, 0 if it is not, -1 if it has failed. */
int recurrent_mpi_test(void *posted);

/* The seconds since a process was last heard of. */
double recurrent_mpi_silence(int peer);

/* Tells all others that this process gives up, and why. */
void recurrent_mpi_abandon(const char *reason);

/* The number of a process that has given up, with its reason; -1 if none has. */
int recurrent_mpi_abandoned(char *reason, int room);

/* Ends. All processes must come here. */
void recurrent_mpi_end(void);

#endif
