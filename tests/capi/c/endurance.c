/* Works in a storage for some seconds, from several threads, and prints the process's resources meanwhile:
 * capi_endurance LOCATION SECONDS. A line of JSON every second; the first before anything is opened, the last after all
 * is freed. */
#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "sample.h"

enum { workers = 4, commits_a_table = 100 };

static atomic_bool is_over;
static atomic_long commits, cancelled;

struct worker {
  evodb_storage *storage;
  int number;
};

/* Some commits are cancelled at once: whatever their outcome, the same value commits afterwards. */
static evodb_table *commit_given_up(const evodb_table *value) {
  evodb_future *future = evodb_table_commit(value, NULL);
  evodb_future_cancel(future);
  const evodb_status status = evodb_future_wait(future, -1, NULL);
  CHECK(status == EVODB_OK || status == EVODB_CANCELLED || status == EVODB_COMMIT_STATE_UNKNOWN);
  atomic_fetch_add(&cancelled, status != EVODB_OK);
  evodb_future_free(future);
  return sample_commit(value);
}

static void try_what_fails(evodb_storage *storage) {
  evodb_future *opening = evodb_table_open(storage, "not there", -1, NULL);
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_future_wait(opening, -1, &error));
  evodb_future_free(opening);
  evodb_predicate *predicate = NULL;
  CHECK_STATUS(EVODB_INVALID_FILTER, evodb_predicate_parse("id >", -1, &predicate, &error));
}

/* Tables grow with their history, so each worker starts new ones. */
static void *work(void *context) {
  const struct worker *self = context;
  for (int round = 0; !atomic_load(&is_over); ++round) {
    char name[64];
    snprintf(name, sizeof name, "t%d-%d", self->number, round);
    evodb_table *table = sample_committed(self->storage, name);
    for (int i = 0; i < commits_a_table && !atomic_load(&is_over); ++i) {
      char path[64];
      snprintf(path, sizeof path, "data/%d.parquet", i);
      evodb_table *appended = sample_append(table, path, 1);
      evodb_table_free(table);
      table = i % 10 == 9 ? commit_given_up(appended) : sample_commit(appended);
      evodb_table_free(appended);
      atomic_fetch_add(&commits, 1);
      if (i % 20 != 19) continue;
      evodb_table *opened = sample_open(self->storage, name);
      int64_t rows = 0;
      CHECK(sample_files(opened, &rows) == i + 1);
      evodb_table_free(opened);
      try_what_fails(self->storage);
    }
    evodb_table_free(table);
  }
  return NULL;
}

static int open_descriptors(void) {
  int count = 0;
  DIR *listed = opendir("/proc/self/fd");
  for (const struct dirent *one; listed != NULL && (one = readdir(listed)) != NULL;) count += one->d_name[0] != '.';
  if (listed != NULL) closedir(listed);
  return count - 1; /* of the listing itself */
}

static long resident_kib(void) {
  long pages = 0;
  FILE *statm = fopen("/proc/self/statm", "r");
  CHECK(statm != NULL && fscanf(statm, "%*d %ld", &pages) == 1);
  if (statm != NULL) fclose(statm);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void print_held(time_t begun) {
  printf("{\"seconds\": %ld, \"resident_kib\": %ld, \"descriptors\": %d, \"commits\": %ld, \"cancelled\": %ld}\n",
         (long)(time(NULL) - begun), resident_kib(), open_descriptors(), atomic_load(&commits),
         atomic_load(&cancelled));
  fflush(stdout);
}

int main(int count, char **words) {
  if (count != 3) {
    fprintf(stderr, "usage: capi_endurance LOCATION SECONDS\n");
    return 2;
  }
  const time_t begun = time(NULL), end = begun + atol(words[2]);
  print_held(begun);
  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, words[1]);
  struct worker all[workers];
  pthread_t threads[workers];
  for (int i = 0; i < workers; ++i) {
    all[i] = (struct worker){storage, i};
    pthread_create(&threads[i], NULL, work, &all[i]);
  }
  while (time(NULL) < end) {
    sleep(1);
    print_held(begun);
  }
  atomic_store(&is_over, 1);
  for (int i = 0; i < workers; ++i) pthread_join(threads[i], NULL);
  evodb_future *flushing = evodb_storage_flush(storage); /* its background keeps the runtime */
  CHECK_STATUS(EVODB_OK, evodb_future_wait(flushing, -1, &error));
  evodb_future_free(flushing);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  print_held(begun);
  return CHECK_REPORT();
}
