/* Branches and tags are names for snapshots: they move by values that are committed, and a staged snapshot has none until
 * it is published. */
#include <string.h>

#include "check.h"
#include "sample.h"

static int64_t current_id(const evodb_table *table) {
  evodb_snapshot *current = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_current_snapshot(table, &current, &error));
  const int64_t id = evodb_snapshot_id(current);
  evodb_snapshot_free(current);
  return id;
}

static int64_t last_id(const evodb_table *table) {
  evodb_snapshot *last = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_snapshot_at(table, evodb_table_snapshot_count(table) - 1, &last, &error));
  const int64_t id = evodb_snapshot_id(last);
  evodb_snapshot_free(last);
  return id;
}

static int64_t id_of_ref(const evodb_table *table, const char *ref) {
  evodb_snapshot *there = NULL;
  if (evodb_table_snapshot_by_ref(table, ref, -1, &there, NULL) != EVODB_OK) return -1;
  const int64_t id = evodb_snapshot_id(there);
  evodb_snapshot_free(there);
  return id;
}

static int64_t rows_of(const evodb_table *table) {
  int64_t rows = 0;
  sample_files(table, &rows);
  return rows;
}

/* Commits the value and frees it. */
static evodb_table *committed(evodb_table *value) {
  evodb_table *table = sample_commit(value);
  evodb_table_free(value);
  return table;
}

static evodb_table *append_with(const evodb_table *table, const char *path, const char *key, const char *value) {
  evodb_options *options = NULL;
  evodb_data_files_builder *builder = NULL;
  evodb_data_files *files = NULL;
  evodb_table *appended = NULL;
  CHECK_STATUS(EVODB_OK, evodb_options_new(&options, &error));
  CHECK_STATUS(EVODB_OK, evodb_options_set_string(options, key, -1, value, -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_new(table, NULL, &builder, &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_add(builder, path, -1, "parquet", -1, 100, 1, NULL, 0, &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_finish(builder, &files, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_append(table, files, options, &appended, &error));
  evodb_data_files_free(files);
  evodb_data_files_builder_free(builder);
  evodb_options_free(options);
  return appended;
}

/* A committed table of two appends, of 1 and of 10 rows; the ids of their snapshots. */
static evodb_table *two_appends(evodb_storage *storage, const char *name, int64_t *ids) {
  evodb_table *empty = sample_committed(storage, name);
  evodb_table *first = committed(sample_append(empty, "data/a.parquet", 1));
  evodb_table *second = committed(sample_append(first, "data/b.parquet", 10));
  ids[0] = current_id(first);
  ids[1] = current_id(second);
  evodb_table_free(empty);
  evodb_table_free(first);
  return second;
}

static void refs_are_read_as_they_were_set(evodb_storage *storage) {
  int64_t ids[2];
  evodb_table *table = two_appends(storage, "read", ids);
  evodb_options *kept = NULL;
  evodb_table *branched = NULL, *tagged = NULL;
  CHECK_STATUS(EVODB_OK, evodb_options_new(&kept, &error));
  CHECK_STATUS(EVODB_OK, evodb_options_set_int64(kept, "ref.min-snapshots-to-keep", -1, 5, &error));
  CHECK_STATUS(EVODB_OK, evodb_options_set_int64(kept, "ref.max-snapshot-age-ms", -1, 6, &error));
  CHECK_STATUS(EVODB_OK, evodb_options_set_int64(kept, "ref.max-ref-age-ms", -1, 7, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_set_branch(table, "audit", -1, ids[0], kept, &branched, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_set_tag(branched, "tag", -1, ids[1], NULL, &tagged, &error));
  CHECK(evodb_table_ref_count(table) == 1 && evodb_table_ref_count(NULL) == 0);
  evodb_table *now = committed(tagged);
  CHECK(evodb_table_ref_count(now) == 3);
  const char *const names[] = {"audit", "main", "tag"};
  const int64_t at[] = {ids[0], ids[1], ids[1]}, numbers[][3] = {{5, 6, 7}, {-1, -1, -1}, {-1, -1, -1}};
  for (int64_t i = 0; i < 3; ++i) {
    const char *name = NULL;
    int64_t length = 0, id = 0, least = 0, snapshot_age_ms = 0, ref_age_ms = 0;
    evodb_bool is_branch = 0;
    CHECK_STATUS(EVODB_OK, evodb_table_ref_at(now, i, &name, &length, &is_branch, &id, &least, &snapshot_age_ms,
                                              &ref_age_ms, &error));
    CHECK(strcmp(name, names[i]) == 0 && length == (int64_t)strlen(names[i]));
    CHECK(id == at[i] && is_branch == (i < 2));
    CHECK(least == numbers[i][0] && snapshot_age_ms == numbers[i][1] && ref_age_ms == numbers[i][2]);
  }
  CHECK_STATUS(EVODB_OK, evodb_table_ref_at(now, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_ref_at(now, 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &error));
  evodb_options_free(kept);
  evodb_table_free(branched);
  evodb_table_free(now);
  evodb_table_free(table);
}

static void a_branch_is_written_and_then_published(evodb_storage *storage) {
  int64_t ids[2];
  evodb_table *table = two_appends(storage, "publish", ids);
  evodb_table *audited = committed(append_with(table, "data/c.parquet", "snapshot.branch", "audit"));
  CHECK(rows_of(audited) == 11 && current_id(audited) == ids[1]);
  evodb_table *forward = NULL, *without = NULL, *back = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_fast_forward(audited, "main", -1, "audit", -1, &forward, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_remove_ref(forward, "audit", -1, &without, &error));
  evodb_table *published = committed(without);
  CHECK(rows_of(published) == 111 && current_id(published) == id_of_ref(audited, "audit"));
  CHECK(id_of_ref(published, "audit") == -1 && evodb_table_ref_count(published) == 1);
  evodb_snapshot *second = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_snapshot_by_id(published, ids[1], &second, &error));
  const int64_t then_ms = evodb_snapshot_timestamp_ms(second);
  CHECK_STATUS(EVODB_OK, evodb_table_roll_back_to_time(published, NULL, 0, then_ms, &back, &error));
  CHECK(current_id(back) == ids[1]);
  evodb_snapshot_free(second);
  evodb_table *values[] = {table, audited, forward, published, back};
  for (int i = 0; i < 5; ++i) evodb_table_free(values[i]);
}

static evodb_table *pick(const evodb_table *table, int64_t snapshot_id) {
  evodb_table *picked = NULL;
  evodb_future *future = evodb_table_cherry_pick(table, snapshot_id, NULL);
  CHECK_STATUS(EVODB_OK, evodb_future_take_table(future, -1, &picked, &error));
  evodb_future_free(future);
  return picked;
}

static void a_staged_snapshot_is_published_once(evodb_storage *storage) {
  int64_t ids[2];
  evodb_table *table = two_appends(storage, "staged", ids);
  evodb_table *appended = append_with(table, "data/c.parquet", "snapshot.staged", "true");
  const int64_t staged = last_id(appended);
  evodb_table *base = committed(appended);
  CHECK(rows_of(base) == 11 && last_id(base) == staged && current_id(base) == ids[1]);
  CHECK(evodb_table_is_current_ancestor(base, staged) == 0);
  evodb_table *moved_there = pick(base, staged);
  CHECK(current_id(moved_there) == staged && rows_of(moved_there) == 111);
  evodb_table *moved = committed(sample_append(base, "data/d.parquet", 1000));
  evodb_future *late = evodb_table_commit(moved_there, NULL);
  evodb_table *none = NULL;
  CHECK_STATUS(EVODB_CONFLICT, evodb_future_take_table(late, -1, &none, &error));
  evodb_table *published = committed(pick(moved, staged));
  CHECK(rows_of(published) == 1111 && evodb_table_snapshot_count(published) == 5);
  evodb_future *again = evodb_table_cherry_pick(published, staged, NULL);
  CHECK_STATUS(EVODB_ALREADY_EXISTS, evodb_future_take_table(again, -1, &none, &error));
  evodb_future_free(late);
  evodb_future_free(again);
  evodb_table *values[] = {table, base, moved_there, moved, published};
  for (int i = 0; i < 5; ++i) evodb_table_free(values[i]);
}

static void what_is_refused(evodb_storage *storage) {
  int64_t ids[2];
  evodb_table *table = two_appends(storage, "refused", ids);
  evodb_table *none = NULL, *tagged = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_set_tag(table, "tag", -1, ids[0], NULL, &tagged, &error));
  CHECK_STATUS(EVODB_ALREADY_EXISTS, evodb_table_set_tag(tagged, "tag", -1, ids[1], NULL, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_set_branch(tagged, "tag", -1, ids[1], NULL, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_set_branch(table, "", 0, ids[1], NULL, &none, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_table_set_branch(table, "b", -1, 5, NULL, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_set_tag(table, "main", -1, ids[0], NULL, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_remove_ref(table, "main", -1, &none, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_table_remove_ref(table, "b", -1, &none, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_table_fast_forward(table, "main", -1, "b", -1, &none, &error));
  CHECK_STATUS(EVODB_CONFLICT, evodb_table_fast_forward(tagged, "main", -1, "tag", -1, &none, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_table_roll_back_to_time(table, "main", -1, 0, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_roll_back_to_time(tagged, "tag", -1, INT64_MAX, &none, &error));
  CHECK(none == NULL);
  evodb_table_free(tagged);
  evodb_table_free(table);
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, "memory://refs");
  refs_are_read_as_they_were_set(storage);
  a_branch_is_written_and_then_published(storage);
  a_staged_snapshot_is_published_once(storage);
  what_is_refused(storage);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
