/* Two runtimes in one process are independent: they write to one table like two processes. */
#include <pthread.h>

#include "check.h"
#include "sample.h"

enum { appends = 25 };

static void *append_many(void *context) {
  const char *name = context;
  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, sample_folder());
  evodb_table *table = sample_open(storage, "both");
  for (int i = 0; i < appends; ++i) {
    char path[64];
    snprintf(path, sizeof path, "data/%s-%d.parquet", name, i);
    evodb_table *appended = sample_append(table, path, 1);
    evodb_table_free(table);
    table = sample_commit(appended);
    evodb_table_free(appended);
  }
  evodb_table_free(table);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return NULL;
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, sample_folder());
  evodb_table_free(sample_committed(storage, "both"));
  pthread_t first, second;
  pthread_create(&first, NULL, append_many, "first");
  pthread_create(&second, NULL, append_many, "second");
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  evodb_table *now = sample_open(storage, "both"); /* their end does not affect the runtime that was opened before */
  int64_t rows = 0;
  CHECK(sample_files(now, &rows) == 2 * appends);
  CHECK(evodb_table_snapshot_count(now) == 2 * appends);
  evodb_table_free(now);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
