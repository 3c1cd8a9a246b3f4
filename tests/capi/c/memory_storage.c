/* "memory://name": one storage in a runtime, which ends with its last handle. */
#include "check.h"
#include "sample.h"

static evodb_status open_status(evodb_storage *storage, const char *name) {
  evodb_future *future = evodb_table_open(storage, name, -1, NULL);
  const evodb_status status = evodb_future_wait(future, -1, NULL);
  evodb_future_free(future);
  return status;
}

/* Everything that the one I/O thread had started has ended: no coroutine keeps the state of a handle alive. */
static void settle(evodb_storage *other) {
  CHECK(open_status(other, "nothing") == EVODB_NOT_FOUND);
}

static void flush(evodb_storage *storage) {
  evodb_future *future = evodb_storage_flush(storage);
  CHECK_STATUS(EVODB_OK, evodb_future_wait(future, -1, &error));
  evodb_future_free(future);
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  evodb_runtime *other_runtime = sample_runtime();
  evodb_storage *first = sample_storage(runtime, "memory://shared");
  evodb_storage *second = sample_storage(runtime, "memory://shared/");
  evodb_storage *of_another_name = sample_storage(runtime, "memory://another");
  evodb_storage *elsewhere = sample_storage(other_runtime, "memory://shared");
  evodb_table *table = sample_committed(first, "seen");
  CHECK(open_status(second, "seen") == EVODB_OK);
  CHECK(open_status(of_another_name, "seen") == EVODB_NOT_FOUND);
  CHECK(open_status(elsewhere, "seen") == EVODB_NOT_FOUND);

  evodb_table *appended = sample_append(table, "data/a.parquet", 1);
  evodb_table_free(sample_commit(appended));
  evodb_table *seen = sample_open(second, "seen");
  int64_t rows = 0;
  CHECK(sample_files(seen, &rows) == 1);

  flush(first);
  evodb_storage_free(first);
  evodb_table_free(table);
  evodb_table_free(appended);
  CHECK(open_status(second, "seen") == EVODB_OK);
  evodb_storage_free(second); /* a table is a handle too */
  evodb_storage *third = sample_storage(runtime, "memory://shared");
  CHECK(open_status(third, "seen") == EVODB_OK);

  evodb_storage_free(third);
  evodb_table_free(seen);
  settle(of_another_name);
  evodb_storage *reopened = sample_storage(runtime, "memory://shared");
  CHECK(open_status(reopened, "seen") == EVODB_NOT_FOUND);

  evodb_storage_free(reopened);
  evodb_storage_free(of_another_name);
  evodb_storage_free(elsewhere);
  evodb_runtime_free(runtime);
  evodb_runtime_free(other_runtime);
  return CHECK_REPORT();
}
