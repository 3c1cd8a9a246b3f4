/* Tables are values: a change affects only the new value, and a change that is committed twice is applied
 * once. */
#include <pthread.h>

#include "check.h"
#include "sample.h"

static int64_t rows_of(const evodb_table *table) {
  int64_t rows = 0;
  sample_files(table, &rows);
  return rows;
}

static void old_values_stay(evodb_storage *storage) {
  evodb_table *empty = sample_table(storage, "stay");
  evodb_table *with_a = sample_append(empty, "data/a.parquet", 1);
  evodb_table *with_b = sample_append(with_a, "data/b.parquet", 10);
  CHECK(rows_of(empty) == 0 && rows_of(with_a) == 1 && rows_of(with_b) == 11);
  CHECK(evodb_table_snapshot_count(with_b) == 2 && evodb_table_version(with_b) == 0);
  CHECK(evodb_table_uncommitted_count(with_b) > evodb_table_uncommitted_count(with_a));
  evodb_table_free(empty); /* the others do not need it */
  evodb_table *committed = sample_commit(with_b);
  CHECK(evodb_table_version(committed) == 1 && evodb_table_uncommitted_count(committed) == 0);
  CHECK(evodb_table_version(with_b) == 0 && rows_of(with_a) == 1);
  evodb_table_free(with_a);
  evodb_table_free(with_b);
  CHECK(rows_of(committed) == 11);
  evodb_table_free(committed);
}

static void sharing_changes_never_doubles(evodb_storage *storage) {
  evodb_table *base = sample_committed(storage, "share");
  evodb_table *with_a = sample_append(base, "data/a.parquet", 1);
  evodb_table *with_b = sample_append(with_a, "data/b.parquet", 10);
  evodb_table *first = sample_commit(with_a), *again = sample_commit(with_a), *second = sample_commit(with_b);
  CHECK(rows_of(first) == 1 && rows_of(again) == 1 && rows_of(second) == 11);
  CHECK(evodb_table_version(again) == evodb_table_version(first));
  evodb_table *now = sample_open(storage, "share");
  CHECK(rows_of(now) == 11 && evodb_table_snapshot_count(now) == 2);
  evodb_table *values[] = {base, with_a, with_b, first, again, second, now};
  for (int i = 0; i < 7; ++i) evodb_table_free(values[i]);
}

static void *commit_in_thread(void *value) {
  evodb_table_free(sample_commit(value));
  return NULL;
}

static void one_value_from_many_threads(evodb_storage *storage) {
  evodb_table *base = sample_committed(storage, "threads");
  evodb_table *appended = sample_append(base, "data/a.parquet", 7);
  pthread_t threads[8];
  for (int i = 0; i < 8; ++i) pthread_create(&threads[i], NULL, commit_in_thread, appended);
  for (int i = 0; i < 8; ++i) pthread_join(threads[i], NULL);
  evodb_table *now = sample_open(storage, "threads");
  CHECK(rows_of(now) == 7 && evodb_table_snapshot_count(now) == 1);
  evodb_table_free(now);
  evodb_table_free(appended);
  evodb_table_free(base);
}

static void a_path_is_appended_once(evodb_storage *storage) {
  evodb_table *table = sample_table(storage, "twice");
  evodb_table *appended = sample_append(table, "data/a.parquet", 1);
  evodb_data_files_builder *builder = NULL;
  evodb_data_files *files = NULL;
  evodb_table *doubled = NULL;
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_new(appended, NULL, &builder, &error));
  CHECK_STATUS(EVODB_OK,
               evodb_data_files_builder_add(builder, "data/a.parquet", -1, "parquet", -1, 1, 1000, NULL, 0, &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_finish(builder, &files, &error));
  CHECK_STATUS(EVODB_ALREADY_EXISTS, evodb_table_append(appended, files, NULL, &doubled, &error));
  CHECK(doubled == NULL);
  evodb_data_files_free(files);
  evodb_data_files_builder_free(builder);
  evodb_table_free(appended);
  evodb_table_free(table);
}

static void a_place_is_taken_once(evodb_storage *storage) {
  evodb_table *first = sample_committed(storage, "place"), *second = sample_table(storage, "place"), *taken = NULL;
  evodb_future *future = evodb_table_commit(second, NULL);
  CHECK_STATUS(EVODB_ALREADY_EXISTS, evodb_future_take_table(future, -1, &taken, &error));
  CHECK(taken == NULL);
  evodb_future_free(future);
  evodb_table_free(second);
  evodb_table_free(first);
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  const char *locations[] = {"memory://values", sample_folder()};
  for (int i = 0; i < 2; ++i) {
    evodb_storage *storage = sample_storage(runtime, locations[i]);
    old_values_stay(storage);
    sharing_changes_never_doubles(storage);
    one_value_from_many_threads(storage);
    a_path_is_appended_once(storage);
    a_place_is_taken_once(storage);
    evodb_storage_free(storage);
  }
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
