/* After fork, the parent's handles are refused in the child, which may free them and open its own; the parent goes on.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "sample.h"

static evodb_runtime *runtime;
static evodb_storage *storage;
static evodb_table *table, *appended;
static evodb_plan *plan;
static evodb_file_cursor *cursor;
static evodb_rows *rows_of_table;
static evodb_row_cursor *row_cursor;
static struct ArrowArrayStream stream;
static evodb_future *running, *ended;

static void ignore(void *context) {
  (void)context;
}

static void refused(evodb_future *future) {
  CHECK_STATUS(EVODB_FORKED, evodb_future_wait(future, 10000, &error));
  evodb_future_free(future);
}

static int in_the_child(void) {
  evodb_storage *other = NULL;
  evodb_file_cursor *other_cursor = NULL;
  evodb_row_cursor *other_rows = NULL;
  evodb_table *taken = NULL;
  const char *path = "data/a.parquet";
  evodb_bool has_file = 0;
  alarm(60); /* a child that hangs is a failure */
  refused(evodb_table_open(storage, "flock", -1, NULL));
  refused(evodb_table_refresh(table));
  refused(evodb_table_commit(appended, NULL));
  refused(evodb_table_plan(table, NULL, NULL));
  refused(evodb_data_files_inspect(table, &path, NULL, 1, NULL));
  refused(evodb_schema_inspect(storage, path, -1, NULL));
  refused(evodb_file_cursor_fetch(cursor));
  refused(evodb_table_diff(table, -1, -1, NULL));
  refused(evodb_table_changes(table, -1, -1, NULL));
  refused(evodb_table_metadata(table, "snapshots", -1, NULL));
  refused(evodb_row_cursor_fetch(row_cursor));
  CHECK_STATUS(EVODB_FORKED, evodb_storage_open(runtime, "memory://x", -1, NULL, &other, &error));
  CHECK_STATUS(EVODB_FORKED, evodb_plan_files(plan, &other_cursor, &error));
  CHECK_STATUS(EVODB_FORKED, evodb_file_cursor_next(cursor, &has_file, &error));
  CHECK_STATUS(EVODB_FORKED, evodb_rows_cursor(rows_of_table, &other_rows, &error));
  CHECK_STATUS(EVODB_FORKED, evodb_row_cursor_next(row_cursor, &has_file, &error));
  evodb_row_cursor_cancel(row_cursor);
  CHECK_STATUS(EVODB_FORKED, evodb_future_wait(running, 10000, &error));
  CHECK_STATUS(EVODB_FORKED, evodb_future_take_table(ended, 10000, &taken, &error));
  CHECK_STATUS(EVODB_FORKED, evodb_future_on_ready(ended, ignore, NULL, &error));
  struct ArrowArray batch;
  CHECK(stream.get_next(&stream, &batch) != 0);
  evodb_future_cancel(running);

  stream.release(&stream);
  evodb_file_cursor_free(cursor);
  evodb_row_cursor_free(row_cursor);
  evodb_rows_free(rows_of_table);
  evodb_plan_free(plan);
  evodb_future_free(running);
  evodb_future_free(ended);
  evodb_table_free(appended);
  evodb_table_free(table);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);

  evodb_runtime *own = sample_runtime();
  evodb_storage *own_storage = sample_storage(own, sample_folder());
  evodb_table *found = sample_open(own_storage, "flock");
  evodb_table *more = sample_append(found, "data/child.parquet", 100);
  evodb_table_free(sample_commit(more));
  evodb_table_free(more);
  evodb_table_free(found);
  evodb_storage_free(own_storage);
  evodb_runtime_free(own);
  return CHECK_REPORT();
}

int main(void) {
  runtime = sample_runtime();
  storage = sample_storage(runtime, sample_folder());
  table = sample_committed(storage, "flock");
  for (int round = 0; round < 10; ++round) {
    char path[32];
    snprintf(path, sizeof path, "data/%d.parquet", round);
    appended = sample_append(table, path, 1);
    evodb_future *planned = evodb_table_plan(appended, NULL, NULL);
    CHECK_STATUS(EVODB_OK, evodb_future_take_plan(planned, -1, &plan, &error));
    CHECK_STATUS(EVODB_OK, evodb_plan_files(plan, &cursor, &error));
    CHECK_STATUS(EVODB_OK, evodb_plan_stream(plan, &stream, &error));
    evodb_future *listed = evodb_table_metadata(table, "snapshots", -1, NULL);
    CHECK_STATUS(EVODB_OK, evodb_future_take_rows(listed, -1, &rows_of_table, &error));
    CHECK_STATUS(EVODB_OK, evodb_rows_cursor(rows_of_table, &row_cursor, &error));
    ended = evodb_table_open(storage, "flock", -1, NULL);
    CHECK_STATUS(EVODB_OK, evodb_future_wait(ended, -1, &error));
    running = evodb_table_commit(appended, NULL); /* the library's threads are running while the process is copied */
#ifdef __SANITIZE_ADDRESS__
    /* Not so here: a lock of the sanitizer's allocator that a thread holds at a fork stays locked in the child. */
    CHECK_STATUS(EVODB_OK, evodb_future_wait(running, -1, &error));
    usleep(50000);
#endif

    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) _exit(in_the_child());
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);

    evodb_table *committed = NULL;
    CHECK_STATUS(EVODB_OK, evodb_future_take_table(running, -1, &committed, &error));
    evodb_table_free(committed);
    stream.release(&stream);
    evodb_file_cursor_free(cursor);
    evodb_row_cursor_free(row_cursor);
    evodb_rows_free(rows_of_table);
    evodb_plan_free(plan);
    evodb_future_free(planned);
    evodb_future_free(listed);
    evodb_future_free(running);
    evodb_future_free(ended);
    evodb_table_free(appended);
  }
  evodb_table *now = sample_open(storage, "flock");
  int64_t rows = 0;
  CHECK(sample_files(now, &rows) == 20);
  CHECK(rows == 10 + 10 * 100);
  evodb_table_free(now);
  evodb_table_free(table);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
