/* The quick start: a table of flights in a local folder, from creation to a plan.
 *   quickstart TABLE_FOLDER DATA_FOLDER
 */
#define _XOPEN_SOURCE 700 /* getcwd */
#include <evodb_lakehouse.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Ends the program if a call failed. It takes a pointer to the error, since C may read a variable before it evaluates a
 * call in the same argument list. */
static void check(evodb_status status, evodb_error **error) {
  if (status == EVODB_OK) return;
  fprintf(stderr, "%s: %s (%s)\n", evodb_status_name(status), evodb_error_message(*error, NULL),
          evodb_error_subject(*error, NULL));
  exit(1);
}

/* "<working folder>/<path>", or the path itself if it is absolute. Ends the program if it is too long. */
static void make_absolute(const char *path, char *into, size_t size) {
  size_t used = 0;
  if (path[0] != '/') {
    if (getcwd(into, size) == NULL) {
      perror(path);
      exit(1);
    }
    while (into[used] != 0) ++used;
    if (used + 1 < size) into[used++] = '/';
  }
  if ((size_t)snprintf(into + used, size - used, "%s", path) >= size - used) {
    fprintf(stderr, "%s: too long\n", path);
    exit(1);
  }
}

/* Commits a value and returns the committed one; frees the value. */
static evodb_table *commit(evodb_table *table) {
  evodb_error *error = NULL;
  evodb_table *committed;
  evodb_future *future = evodb_table_commit(table, NULL);
  check(evodb_future_take_table(future, -1, &committed, &error), &error);
  evodb_future_free(future);
  evodb_table_free(table);
  return committed;
}

/* Appends some months as one snapshot. The files stay where they are, outside of the table's folder: an option must
 * allow that. */
static evodb_table *append(evodb_table *table, const char *const *files, int64_t count) {
  evodb_error *error = NULL;
  evodb_data_files *inspected;
  evodb_table *appended;
  evodb_options *options;
  evodb_future *future;
  check(evodb_options_new(&options, &error), &error);
  check(evodb_options_set_bool(options, "inspect.allow-outside", -1, 1, &error), &error);
  future = evodb_data_files_inspect(table, files, NULL, count, options);
  check(evodb_future_take_data_files(future, -1, &inspected, &error), &error);
  check(evodb_table_append(table, inspected, NULL, &appended, &error), &error);
  evodb_data_files_free(inspected);
  evodb_future_free(future);
  evodb_options_free(options);
  evodb_table_free(table);
  return commit(appended);
}

static int64_t count_rows(const evodb_table *table, const char *filter, int64_t snapshot_id, int prints) {
  evodb_error *error = NULL;
  evodb_predicate *predicate = NULL;
  evodb_options *options;
  evodb_future *future;
  evodb_plan *plan;
  evodb_file_cursor *files;
  int64_t rows = 0;
  evodb_bool has_file;
  if (filter != NULL) check(evodb_predicate_parse(filter, -1, &predicate, &error), &error);
  check(evodb_options_new(&options, &error), &error);
  if (snapshot_id >= 0) check(evodb_options_set_int64(options, "snapshot-id", -1, snapshot_id, &error), &error);
  future = evodb_table_plan(table, predicate, options);
  check(evodb_future_take_plan(future, -1, &plan, &error), &error);
  check(evodb_plan_files(plan, &files, &error), &error);
  for (check(evodb_file_cursor_next(files, &has_file, &error), &error); has_file;
       check(evodb_file_cursor_next(files, &has_file, &error), &error)) {
    rows += evodb_file_cursor_record_count(files);
    if (prints)
      printf("  read %s: %" PRId64 " rows\n", evodb_file_cursor_path(files, NULL),
             evodb_file_cursor_record_count(files));
  }
  if (prints) {
    printf("  manifests: %" PRId64 " (%" PRId64 " skipped by their summaries), files in the others: %" PRId64
           " (%" PRId64 " skipped by partition, %" PRId64 " by bounds)\n",
           evodb_file_cursor_count(files, EVODB_PLAN_MANIFESTS),
           evodb_file_cursor_count(files, EVODB_PLAN_MANIFESTS_SKIPPED_BY_SUMMARY),
           evodb_file_cursor_count(files, EVODB_PLAN_FILES),
           evodb_file_cursor_count(files, EVODB_PLAN_FILES_SKIPPED_BY_PARTITION),
           evodb_file_cursor_count(files, EVODB_PLAN_FILES_SKIPPED_BY_BOUNDS));
  }
  evodb_file_cursor_free(files);
  evodb_plan_free(plan);
  evodb_future_free(future);
  evodb_options_free(options);
  evodb_predicate_free(predicate);
  return rows;
}

int main(int argc, char **argv) {
  evodb_error *error = NULL;
  evodb_runtime *runtime;
  evodb_storage *storage;
  evodb_schema *schema;
  evodb_partition_spec *spec;
  evodb_table *table, *evolved;
  evodb_schema_changes *changes;
  evodb_snapshot *first;
  evodb_future *future;
  char names[13][4096];
  const char *files[13];
  char location[4096];
  int month;
  int64_t i;
  if (argc != 3) {
    fprintf(stderr, "usage: quickstart TABLE_FOLDER DATA_FOLDER\n");
    return 2;
  }
  for (month = 0; month < 13; ++month) {
    char name[sizeof names[month]];
    snprintf(name, sizeof name, "%s/flights-%d-%02d.parquet", argv[2], 2013 + month / 12, month % 12 + 1);
    make_absolute(name, names[month], sizeof names[month]);
    files[month] = names[month];
  }

  /* A table takes its columns from the first file and is partitioned by month. The storage's root is the whole file
   * system, since the data files stay where they are. */
  check(evodb_runtime_open(NULL, &runtime, &error), &error);
  check(evodb_storage_open(runtime, "file:///", -1, NULL, &storage, &error), &error);
  future = evodb_schema_inspect(storage, files[0], -1, NULL);
  check(evodb_future_take_schema(future, -1, &schema, &error), &error);
  evodb_future_free(future);
  check(evodb_partition_spec_parse(schema, "month(time_hour)", -1, &spec, &error), &error);
  make_absolute(argv[1], location, sizeof location);
  check(evodb_table_create(storage, location, -1, schema, spec, NULL, &table, &error), &error);
  table = commit(table);
  printf("created %s\n", argv[1]);

  /* Each append is one snapshot: a quarter at a time. */
  for (month = 0; month < 13; month += 3) table = append(table, files + month, month + 3 < 13 ? 3 : 13 - month);
  printf("snapshots:\n");
  for (i = 0; i < evodb_table_snapshot_count(table); ++i) {
    evodb_snapshot *snapshot;
    const char *added;
    check(evodb_table_snapshot_at(table, i, &snapshot, &error), &error);
    check(evodb_snapshot_summary(snapshot, "added-records", -1, &added, NULL, &error), &error);
    printf("  %" PRId64 ": %s rows added\n", evodb_snapshot_id(snapshot), added);
    evodb_snapshot_free(snapshot);
  }

  /* Time travel: the same table when only the first quarter was in it. */
  check(evodb_table_snapshot_at(table, 0, &first, &error), &error);
  printf("rows now: %" PRId64 ", at the first snapshot: %" PRId64 "\n", count_rows(table, NULL, -1, 0),
         count_rows(table, NULL, evodb_snapshot_id(first), 0));

  /* A new column; old files read as null. */
  check(evodb_schema_changes_new(&changes, &error), &error);
  check(evodb_schema_changes_add(changes, "delay_reason", -1, "string", -1, 0, "why it was late", -1, NULL, 0, &error),
        &error);
  check(evodb_table_evolve(table, changes, &evolved, &error), &error);
  evodb_table_free(table);
  table = commit(evolved);
  printf("added the column delay_reason: version %" PRId64 "\n", evodb_table_version(table));

  /* July: twelve of thirteen files are never opened. */
  printf("July 2013:\n");
  i = count_rows(table, "time_hour >= '2013-07-01' AND time_hour < '2013-08-01'", -1, 1);
  printf("  %" PRId64 " rows\n", i);

  evodb_schema_changes_free(changes);
  evodb_snapshot_free(first);
  evodb_table_free(table);
  evodb_partition_spec_free(spec);
  evodb_schema_free(schema);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return 0;
}
