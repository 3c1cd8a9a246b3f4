/* A process may exit at any time without freeing anything: from main, from a callback, with operations running. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sample.h"

/* Reachable until exit, like a program's handles. */
static evodb_runtime *runtime;
static evodb_storage *storage;
static evodb_table *table;
static evodb_future *futures[64];

static void leave(void *context) {
  exit(*(const int *)context);
}

static void start(void) {
  runtime = sample_runtime();
  storage = sample_storage(runtime, sample_folder());
  table = sample_table(storage, "left");
  for (int i = 0; i < 64; ++i) futures[i] = evodb_table_commit(table, NULL);
}

static int run(const char *how) {
  static int zero = 0;
  if (strcmp(how, "main") == 0) {
    start();
    return 0;
  }
  if (strcmp(how, "callback") == 0) {
    start();
    evodb_future_on_ready(futures[0], leave, &zero, NULL);
    for (;;) pause();
  }
  if (strcmp(how, "registered") == 0) { /* the library is still there when exit handlers run */
    atexit(start);
    return 0;
  }
  return 2;
}

int main(int count, char **arguments) {
  if (count == 2) return run(arguments[1]);
  setenv("TMPDIR", sample_folder(), 1); /* files that a child was writing are removed with ours */
  const char *ways[] = {"main", "callback", "registered"};
  for (int i = 0; i < 3; ++i) {
    for (int round = 0; round < 10; ++round) {
      fflush(NULL);
      const pid_t child = fork();
      if (child == 0) {
        alarm(60);
        execl("/proc/self/exe", arguments[0], ways[i], (char *)NULL);
        _exit(3);
      }
      int status = 0;
      CHECK(child > 0 && waitpid(child, &status, 0) == child);
      if (!CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        fprintf(stderr, "leaving by %s: status %d\n", ways[i], status);
    }
  }
  return CHECK_REPORT();
}
