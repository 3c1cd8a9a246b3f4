/* A program in another folder: opens a table and prints how many rows its files hold. */
#include <evodb_lakehouse.h>
#include <stdio.h>

int main(int argc, char **argv) {
  evodb_error *error = NULL;
  evodb_runtime *runtime;
  evodb_storage *storage;
  evodb_table *table;
  evodb_plan *plan;
  evodb_file_cursor *files;
  evodb_future *future;
  int64_t rows = 0;
  evodb_bool has_file = 0;
  if (argc != 2 || evodb_runtime_open(NULL, &runtime, &error) != EVODB_OK) return 1;
  if (evodb_storage_open(runtime, argv[1], -1, NULL, &storage, &error) != EVODB_OK) return 1;
  future = evodb_table_open(storage, "", 0, NULL);
  if (evodb_future_take_table(future, -1, &table, &error) != EVODB_OK) return 1;
  evodb_future_free(future);
  future = evodb_table_plan(table, NULL, NULL);
  if (evodb_future_take_plan(future, -1, &plan, &error) != EVODB_OK) return 1;
  evodb_future_free(future);
  if (evodb_plan_files(plan, &files, &error) != EVODB_OK) return 1;
  while (evodb_file_cursor_next(files, &has_file, &error) == EVODB_OK && has_file)
    rows += evodb_file_cursor_record_count(files);
  printf("%lld\n", (long long)rows);
  evodb_file_cursor_free(files);
  evodb_plan_free(plan);
  evodb_table_free(table);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return 0;
}
