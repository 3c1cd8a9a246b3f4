#include "sample.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void succeed(evodb_status status, const evodb_error *error, const char *what) {
  if (status == EVODB_OK) return;
  fprintf(stderr, "%s: %s: %s\n", what, evodb_status_name(status), evodb_error_message(error, NULL));
  exit(2);
}

evodb_runtime *sample_runtime(void) {
  evodb_error *error = NULL;
  evodb_runtime *runtime = NULL;
  succeed(evodb_runtime_open(NULL, &runtime, &error), error, "runtime");
  return runtime;
}

evodb_storage *sample_storage(evodb_runtime *runtime, const char *location) {
  evodb_error *error = NULL;
  evodb_storage *storage = NULL;
  succeed(evodb_storage_open(runtime, location, -1, NULL, &storage, &error), error, location);
  return storage;
}

static char folder[4096];
static pid_t folder_maker;

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *where) {
  (void)about, (void)kind, (void)where;
  return remove(path);
}

static void remove_folder(void) {
  if (getpid() == folder_maker) nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *sample_folder(void) {
  if (folder_maker != 0) return folder;
  const char *above = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/evodb-test-XXXXXX", above == NULL ? "/tmp" : above);
  if (mkdtemp(folder) == NULL || atexit(remove_folder) != 0) {
    perror("a temporary folder");
    exit(2);
  }
  folder_maker = getpid();
  return folder;
}

evodb_table *sample_table(evodb_storage *storage, const char *name) {
  evodb_error *error = NULL;
  evodb_schema_builder *builder = NULL;
  evodb_schema *schema = NULL;
  evodb_table *table = NULL;
  succeed(evodb_schema_builder_new(&builder, &error), error, "schema");
  succeed(evodb_schema_builder_add(builder, "id", -1, "long", -1, 1, NULL, 0, &error), error, "id");
  succeed(evodb_schema_builder_add(builder, "region", -1, "string", -1, 0, NULL, 0, &error), error, "region");
  succeed(evodb_schema_builder_finish(builder, &schema, &error), error, "schema");
  succeed(evodb_table_create(storage, name, -1, schema, NULL, NULL, &table, &error), error, name);
  evodb_schema_builder_free(builder);
  evodb_schema_free(schema);
  return table;
}

evodb_table *sample_append(const evodb_table *table, const char *path, int64_t record_count) {
  evodb_error *error = NULL;
  evodb_data_files_builder *builder = NULL;
  evodb_data_files *files = NULL;
  evodb_table *appended = NULL;
  succeed(evodb_data_files_builder_new(table, NULL, &builder, &error), error, "data files");
  succeed(evodb_data_files_builder_add(builder, path, -1, "parquet", -1, record_count, 1000, NULL, 0, &error), error,
          path);
  succeed(evodb_data_files_builder_finish(builder, &files, &error), error, path);
  succeed(evodb_table_append(table, files, NULL, &appended, &error), error, path);
  evodb_data_files_builder_free(builder);
  evodb_data_files_free(files);
  return appended;
}

static evodb_table *take(evodb_future *future, const char *what) {
  evodb_error *error = NULL;
  evodb_table *table = NULL;
  succeed(evodb_future_take_table(future, -1, &table, &error), error, what);
  evodb_future_free(future);
  return table;
}

evodb_table *sample_commit(const evodb_table *table) {
  return take(evodb_table_commit(table, NULL), "commit");
}

evodb_table *sample_committed(evodb_storage *storage, const char *name) {
  evodb_table *made = sample_table(storage, name);
  evodb_table *committed = sample_commit(made);
  evodb_table_free(made);
  return committed;
}

evodb_table *sample_open(evodb_storage *storage, const char *name) {
  return take(evodb_table_open(storage, name, -1, NULL), name);
}

int64_t sample_files(const evodb_table *table, int64_t *out_rows) {
  evodb_error *error = NULL;
  evodb_future *future = evodb_table_plan(table, NULL, NULL);
  evodb_plan *plan = NULL;
  evodb_file_cursor *cursor = NULL;
  succeed(evodb_future_take_plan(future, -1, &plan, &error), error, "plan");
  succeed(evodb_plan_files(plan, &cursor, &error), error, "files");
  int64_t files = 0;
  evodb_bool has_file = 0;
  *out_rows = 0;
  for (;;) {
    succeed(evodb_file_cursor_next(cursor, &has_file, &error), error, "next");
    if (!has_file) break;
    ++files;
    *out_rows += evodb_file_cursor_record_count(cursor);
  }
  evodb_file_cursor_free(cursor);
  evodb_plan_free(plan);
  evodb_future_free(future);
  return files;
}
