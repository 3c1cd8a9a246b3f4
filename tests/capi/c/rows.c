/* Differences, changes and metadata tables: rows that a cursor and a stream give as often as wanted. */
#include <pthread.h>
#include <string.h>

#include "check.h"
#include "sample.h"

enum { commits = 40 };

static evodb_storage *storage;
static int64_t snapshots[commits];

static evodb_rows *take_rows(evodb_future *future) {
  evodb_rows *rows = NULL;
  CHECK_STATUS(EVODB_OK, evodb_future_take_rows(future, -1, &rows, &error));
  evodb_future_free(future);
  return rows;
}

static void refuse(evodb_future *future, evodb_status expected) {
  evodb_rows *rows = NULL;
  CHECK_STATUS(expected, evodb_future_take_rows(future, -1, &rows, &error));
  CHECK(rows == NULL);
  evodb_future_free(future);
}

static evodb_options *with_bool(const char *key) {
  evodb_options *options = NULL;
  CHECK_STATUS(EVODB_OK, evodb_options_new(&options, &error));
  CHECK_STATUS(EVODB_OK, evodb_options_set_bool(options, key, -1, 1, &error));
  return options;
}

static int64_t current_id(const evodb_table *table) {
  evodb_snapshot *current = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_current_snapshot(table, &current, &error));
  const int64_t id = evodb_snapshot_id(current);
  evodb_snapshot_free(current);
  return id;
}

/* A commit a file: data/<i>.parquet with i + 1 rows. */
static evodb_table *make_table(void) {
  evodb_table *table = sample_committed(storage, "rows");
  for (int i = 0; i < commits; ++i) {
    char path[32];
    snprintf(path, sizeof path, "data/%02d.parquet", i);
    evodb_table *appended = sample_append(table, path, i + 1);
    evodb_table_free(table);
    table = sample_commit(appended);
    evodb_table_free(appended);
    snapshots[i] = current_id(table);
  }
  return table;
}

static int32_t column_named(const evodb_row_cursor *cursor, const char *name) {
  for (int32_t column = 0; column < evodb_row_cursor_column_count(cursor); ++column) {
    if (strcmp(evodb_row_cursor_column_name(cursor, column, NULL), name) == 0) return column;
  }
  return -1;
}

/* How many rows there are, and the sum of one of their columns. */
static int64_t count_rows(const evodb_rows *rows, const char *summed, int64_t *out_sum) {
  evodb_row_cursor *cursor = NULL;
  evodb_bool has_row = 1;
  int64_t count = 0;
  *out_sum = 0;
  CHECK_STATUS(EVODB_OK, evodb_rows_cursor(rows, &cursor, &error));
  const int32_t column = column_named(cursor, summed);
  CHECK(column >= 0);
  CHECK(evodb_row_cursor_column_type(cursor, column) == EVODB_COLUMN_INT64);
  CHECK(evodb_row_cursor_has_value(cursor, column) == 0);
  CHECK(evodb_row_cursor_int64(cursor, column) == -1);
  while (1) {
    CHECK_STATUS(EVODB_OK, evodb_row_cursor_next(cursor, &has_row, &error));
    if (!has_row) break;
    ++count;
    CHECK(evodb_row_cursor_has_value(cursor, column) == 1);
    *out_sum += evodb_row_cursor_int64(cursor, column);
  }
  CHECK(evodb_row_cursor_has_value(cursor, column) == 0);
  CHECK_STATUS(EVODB_OK, evodb_row_cursor_next(cursor, &has_row, &error));
  CHECK(has_row == 0);
  evodb_row_cursor_free(cursor);
  return count;
}

static void both_ways(const evodb_table *table) {
  int64_t sum = 0;
  evodb_rows *rows = take_rows(evodb_table_diff(table, snapshots[9], snapshots[14], NULL));
  for (int again = 0; again < 2; ++again)
    CHECK(count_rows(rows, "record_count", &sum) == 5 && sum == 11 + 12 + 13 + 14 + 15);
  struct ArrowArrayStream stream;
  CHECK_STATUS(EVODB_OK, evodb_rows_stream(rows, &stream, &error));
  evodb_rows_free(rows); /* the stream does not need it */
  struct ArrowSchema schema;
  CHECK(stream.get_schema(&stream, &schema) == 0);
  CHECK(schema.n_children == 8 && strcmp(schema.children[0]->name, "change") == 0);
  schema.release(&schema);
  int64_t streamed = 0;
  while (1) {
    struct ArrowArray batch;
    CHECK(stream.get_next(&stream, &batch) == 0);
    if (batch.release == NULL) break;
    streamed += batch.length;
    batch.release(&batch);
  }
  CHECK(streamed == 5);
  stream.release(&stream);

  rows = take_rows(evodb_table_changes(table, snapshots[36], -1, NULL));
  CHECK(count_rows(rows, "record_count", &sum) == 3 && sum == 38 + 39 + 40);
  evodb_rows_free(rows);
  evodb_options *options = with_bool("changes.appends-only");
  rows = take_rows(evodb_table_changes(table, -1, snapshots[1], options));
  evodb_options_free(options);
  CHECK(count_rows(rows, "sequence_number", &sum) == 2 && sum == 1 + 2);
  evodb_rows_free(rows);
  options = with_bool("diff.by-partition");
  rows = take_rows(evodb_table_diff(table, snapshots[1], snapshots[0], options));
  evodb_options_free(options);
  CHECK(count_rows(rows, "removed_data_records", &sum) == 1 && sum == 2);
  evodb_rows_free(rows);
  rows = take_rows(evodb_table_metadata(table, "partitions", -1, NULL));
  CHECK(count_rows(rows, "file_count", &sum) == 1 && sum == commits);
  evodb_rows_free(rows);
  rows = take_rows(evodb_table_metadata(table, "snapshots", -1, NULL));
  CHECK(count_rows(rows, "snapshot_id", &sum) == commits);
  evodb_rows_free(rows);
}

static void a_row_has_every_type(const evodb_table *table) {
  evodb_rows *rows = take_rows(evodb_table_metadata(table, "history", -1, NULL));
  evodb_row_cursor *cursor = NULL;
  evodb_bool has_row = 0;
  int64_t length = -1;
  CHECK_STATUS(EVODB_OK, evodb_rows_cursor(rows, &cursor, &error));
  evodb_rows_free(rows);
  CHECK_STATUS(EVODB_OK, evodb_row_cursor_next(cursor, &has_row, &error));
  CHECK(has_row == 1);
  CHECK(evodb_row_cursor_column_type(cursor, 0) == EVODB_COLUMN_TIMESTAMP_MS);
  CHECK(evodb_row_cursor_int64(cursor, 0) > 0);
  CHECK(evodb_row_cursor_int64(cursor, 1) == snapshots[0]);
  CHECK(evodb_row_cursor_has_value(cursor, 2) == 0); /* the parent of the first */
  CHECK(evodb_row_cursor_column_type(cursor, 3) == EVODB_COLUMN_BOOL);
  CHECK(evodb_row_cursor_int64(cursor, 3) == 1);
  CHECK(strcmp(evodb_row_cursor_text(cursor, 1, &length), "") == 0 && length == 0); /* a number is no text */
  CHECK(evodb_row_cursor_int64(cursor, 4) == -1 && evodb_row_cursor_int64(cursor, -1) == -1);
  CHECK(evodb_row_cursor_column_type(cursor, 4) == 0 && evodb_row_cursor_column_type(NULL, 0) == 0);
  evodb_row_cursor_free(cursor);

  rows = take_rows(evodb_table_metadata(table, "files", -1, NULL));
  CHECK_STATUS(EVODB_OK, evodb_rows_cursor(rows, &cursor, &error));
  evodb_rows_free(rows);
  CHECK_STATUS(EVODB_OK, evodb_row_cursor_next(cursor, &has_row, &error));
  const int32_t partition = column_named(cursor, "partition"), path = column_named(cursor, "file_path");
  CHECK(evodb_row_cursor_column_type(cursor, path) == EVODB_COLUMN_TEXT);
  CHECK(evodb_row_cursor_column_type(cursor, partition) == EVODB_COLUMN_JSON);
  CHECK(evodb_row_cursor_column_type(cursor, column_named(cursor, "key_metadata")) == EVODB_COLUMN_BINARY);
  const char *text = evodb_row_cursor_text(cursor, path, &length);
  CHECK(text[length] == 0 && (int64_t)strlen(text) == length && strstr(text, ".parquet") != NULL);
  CHECK(text == evodb_row_cursor_text(cursor, path, NULL));
  CHECK(evodb_row_cursor_int64(cursor, path) == -1);
  evodb_row_cursor_free(cursor);
}

static void what_is_wrong_is_refused(const evodb_table *table) {
  refuse(evodb_table_diff(NULL, -1, -1, NULL), EVODB_INVALID_ARGUMENT);
  refuse(evodb_table_diff(table, -2, -1, NULL), EVODB_INVALID_ARGUMENT);
  refuse(evodb_table_diff(table, 5, -1, NULL), EVODB_NOT_FOUND);
  refuse(evodb_table_changes(table, snapshots[3], snapshots[2], NULL), EVODB_INVALID_ARGUMENT);
  refuse(evodb_table_changes(table, snapshots[3], 5, NULL), EVODB_NOT_FOUND);
  refuse(evodb_table_metadata(table, "entries", -1, NULL), EVODB_INVALID_ARGUMENT);
  refuse(evodb_table_metadata(table, NULL, 0, NULL), EVODB_INVALID_ARGUMENT);
  evodb_options *options = with_bool("diff.by-partition");
  refuse(evodb_table_changes(table, -1, -1, options), EVODB_INVALID_ARGUMENT);
  evodb_options_free(options);
  CHECK_STATUS(EVODB_OK, evodb_options_new(&options, &error));
  CHECK_STATUS(EVODB_OK, evodb_options_set_string(options, "ref", -1, "main", -1, &error));
  refuse(evodb_table_metadata(table, "snapshots", -1, options), EVODB_INVALID_ARGUMENT);
  evodb_rows_free(take_rows(evodb_table_metadata(table, "files", -1, options)));
  evodb_options_free(options);
  options = with_bool("changes.appends-only");
  CHECK_STATUS(EVODB_OK, evodb_options_set_bool(options, "changes.with-replace", -1, 1, &error));
  refuse(evodb_table_changes(table, -1, -1, options), EVODB_INVALID_ARGUMENT);
  evodb_options_free(options);
  refuse(evodb_table_plan(table, NULL, NULL), EVODB_INVALID_ARGUMENT); /* a future of another type */
  evodb_table *appended = sample_append(table, "data/more.parquet", 1);
  refuse(evodb_table_diff(appended, -1, -1, NULL), EVODB_UNSUPPORTED);
  evodb_table_free(appended);
  evodb_row_cursor_free(NULL);
  evodb_rows_free(NULL);
}

static void cancelled_rows_stay_cancelled(const evodb_table *table) {
  evodb_rows *rows = take_rows(evodb_table_diff(table, -1, -1, NULL));
  evodb_row_cursor *cursor = NULL;
  evodb_bool has_row = 0;
  CHECK_STATUS(EVODB_OK, evodb_rows_cursor(rows, &cursor, &error));
  evodb_future *future = evodb_row_cursor_fetch(cursor);
  CHECK_STATUS(EVODB_OK, evodb_future_wait(future, -1, &error));
  evodb_future_free(future);
  CHECK_STATUS(EVODB_OK, evodb_row_cursor_next(cursor, &has_row, &error));
  CHECK(has_row == 1);
  future = evodb_row_cursor_fetch(cursor);
  CHECK(evodb_future_is_ready(future) == 1); /* more are there */
  evodb_future_free(future);
  evodb_row_cursor_cancel(cursor);
  evodb_row_cursor_cancel(NULL);
  for (int i = 0; i < 2; ++i) CHECK_STATUS(EVODB_CANCELLED, evodb_row_cursor_next(cursor, &has_row, &error));
  evodb_row_cursor_free(cursor);
  evodb_rows_free(rows);
}

static void *cancel_in_thread(void *cursor) {
  evodb_row_cursor_cancel(cursor);
  return NULL;
}

/* From any thread, at any time: every row or CANCELLED. */
static void another_thread_cancels(const evodb_table *table) {
  evodb_rows *rows = take_rows(evodb_table_changes(table, -1, -1, NULL));
  for (int round = 0; round < 20; ++round) {
    evodb_row_cursor *cursor = NULL;
    pthread_t thread;
    int64_t count = 0;
    evodb_status status = EVODB_OK;
    CHECK_STATUS(EVODB_OK, evodb_rows_cursor(rows, &cursor, &error));
    pthread_create(&thread, NULL, cancel_in_thread, cursor);
    for (evodb_bool has_row = 1; status == EVODB_OK && has_row; count += status == EVODB_OK && has_row)
      status = evodb_row_cursor_next(cursor, &has_row, NULL);
    CHECK(status == EVODB_OK ? count == commits : status == EVODB_CANCELLED);
    pthread_join(thread, NULL);
    evodb_row_cursor_free(cursor);
  }
  evodb_rows_free(rows);
}

struct waiting {
  evodb_row_cursor *cursor;
  evodb_status status;
  atomic_int is_done;
};

static void next_in_callback(void *context) {
  struct waiting *waiting = context;
  evodb_bool has_row = 0;
  waiting->status = evodb_row_cursor_next(waiting->cursor, &has_row, NULL);
  atomic_store(&waiting->is_done, 1);
}

static void a_call_in_a_callback_is_no_failure_of_the_rows(const evodb_table *table) {
  evodb_rows *rows = take_rows(evodb_table_diff(table, -1, -1, NULL));
  struct waiting waiting = {0};
  evodb_bool has_row = 0;
  CHECK_STATUS(EVODB_OK, evodb_rows_cursor(rows, &waiting.cursor, &error));
  evodb_future *future = evodb_table_open(storage, "rows", -1, NULL);
  CHECK_STATUS(EVODB_OK, evodb_future_on_ready(future, next_in_callback, &waiting, &error));
  while (!atomic_load(&waiting.is_done)) {
  }
  CHECK(waiting.status == EVODB_WOULD_DEADLOCK || waiting.status == EVODB_OK); /* it may have been read by then */
  CHECK_STATUS(EVODB_OK, evodb_row_cursor_next(waiting.cursor, &has_row, &error));
  CHECK(has_row == 1);
  evodb_future_free(future);
  evodb_row_cursor_free(waiting.cursor);
  evodb_rows_free(rows);
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  storage = sample_storage(runtime, "memory://rows");
  evodb_table *table = make_table();
  both_ways(table);
  a_row_has_every_type(table);
  what_is_wrong_is_refused(table);
  cancelled_rows_stay_cancelled(table);
  another_thread_cancels(table);
  a_call_in_a_callback_is_no_failure_of_the_rows(table);
  evodb_table_free(table);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
