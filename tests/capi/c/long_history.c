/* A value of thousands of appends: each append costs what it adds, and each snapshot is found in constant time. */
#include "check.h"
#include "evodb_lakehouse.h"
#include "sample.h"

#include <stdio.h>

#define APPENDS 3000

static evodb_table *append(const evodb_table *table, int number) {
  char path[64];
  snprintf(path, sizeof path, "data/%d.parquet", number);
  return sample_append(table, path, 1);
}

static evodb_status append_again(const evodb_table *table, const char *path) {
  evodb_data_files_builder *builder = NULL;
  evodb_data_files *files = NULL;
  evodb_table *appended = NULL;
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_new(table, NULL, &builder, &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_add(builder, path, -1, "parquet", -1, 1, 1, "{}", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_finish(builder, &files, &error));
  const evodb_status status = evodb_table_append(table, files, NULL, &appended, NULL);
  evodb_table_free(appended);
  evodb_data_files_free(files);
  evodb_data_files_builder_free(builder);
  return status;
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, "memory://history");
  evodb_table *first = sample_committed(storage, "t");
  evodb_table *table = append(first, 0);
  for (int i = 1; i < APPENDS; ++i) {
    evodb_table *next = append(table, i);
    evodb_table_free(table);
    table = next;
  }
  CHECK(evodb_table_snapshot_count(table) == APPENDS);
  for (int i = 0; i < APPENDS; ++i) {
    evodb_snapshot *at = NULL, *found = NULL;
    CHECK_STATUS(EVODB_OK, evodb_table_snapshot_at(table, i, &at, &error));
    const int64_t id = evodb_snapshot_id(at);
    CHECK_STATUS(EVODB_OK, evodb_table_snapshot_by_id(table, id, &found, &error));
    CHECK(evodb_snapshot_sequence_number(found) == i + 1);
    CHECK(evodb_table_is_current_ancestor(table, id) == 1);
    CHECK(evodb_table_is_current_ancestor(first, id) == 0);
    evodb_snapshot_free(at);
    evodb_snapshot_free(found);
  }
  CHECK(evodb_table_is_current_ancestor(table, 1) == 0);

  CHECK(append_again(table, "data/7.parquet") == EVODB_ALREADY_EXISTS);
  evodb_table *beside = append(first, 7); /* another value, which does not have the file */
  CHECK(append_again(beside, "data/7.parquet") == EVODB_ALREADY_EXISTS);
  CHECK(append_again(beside, "data/8.parquet") == EVODB_OK);

  evodb_table_free(beside);
  evodb_table_free(first);
  evodb_table_free(table);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
