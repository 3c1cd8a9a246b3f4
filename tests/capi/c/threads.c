/* The library's threads take no signal, and the library does not change the process's signal handling. */
#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sample.h"

static void read_dispositions(struct sigaction *dispositions) {
  for (int number = 1; number < NSIG; ++number) sigaction(number, NULL, &dispositions[number]);
}

/* Signals that a thread cannot block, or that belong to the C library. */
static int cannot_be_blocked(int number) {
  return number == SIGKILL || number == SIGSTOP || number == 32 || number == 33 || number == 34;
}

static int check_thread(const char *task) {
  char path[300], line[300], name[64] = "";
  unsigned long long blocked = 0;
  snprintf(path, sizeof path, "/proc/self/task/%s/status", task);
  FILE *status = fopen(path, "r");
  if (status == NULL) return 0; /* it has ended */
  while (fgets(line, sizeof line, status)) {
    sscanf(line, "Name: %63s", name);
    sscanf(line, "SigBlk: %llx", &blocked);
  }
  fclose(status);
  if (strncmp(name, "evodb-", 6) != 0) return 0;
  for (int number = 1; number < 64; ++number) {
    if (cannot_be_blocked(number)) continue;
    if (!CHECK((blocked >> (number - 1)) & 1)) fprintf(stderr, "%s takes signal %d\n", name, number);
  }
  return 1;
}

int main(void) {
  static struct sigaction before[NSIG], after[NSIG];
  sigset_t mask_before, mask_after;
  read_dispositions(before);
  pthread_sigmask(SIG_SETMASK, NULL, &mask_before);

  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, sample_folder());
  evodb_table *table = sample_committed(storage, "quiet");
  int64_t rows = 0;
  CHECK(sample_files(table, &rows) == 0);

  int threads = 0;
  DIR *tasks = opendir("/proc/self/task");
  for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
    if (task->d_name[0] != '.') threads += check_thread(task->d_name);
  }
  closedir(tasks);
  CHECK(threads >= 4); /* I/O, computing, blocking calls, callbacks */
  printf("%d threads of the library\n", threads);

  evodb_table_free(table);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  read_dispositions(after);
  pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
  for (int number = 1; number < NSIG; ++number) {
    CHECK(before[number].sa_handler == after[number].sa_handler);
    CHECK(sigismember(&mask_before, number) == sigismember(&mask_after, number));
  }
  return CHECK_REPORT();
}
