/* Numbers are read and written independently of the process's locale. */
#include <locale.h>
#include <string.h>

#include "check.h"
#include "sample.h"

int main(void) {
  char half[8];
  if (!CHECK(setlocale(LC_ALL, "de_DE.UTF-8") != NULL)) return CHECK_REPORT();
  snprintf(half, sizeof half, "%.1f", 0.5);
  CHECK(strcmp(half, "0,5") == 0); /* the locale has another decimal point */

  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, "memory://locale");
  evodb_schema_builder *builder = NULL;
  evodb_schema *schema = NULL;
  evodb_table *table = NULL;
  CHECK_STATUS(EVODB_OK, evodb_schema_builder_new(&builder, &error));
  CHECK_STATUS(EVODB_OK, evodb_schema_builder_add(builder, "price", -1, "double", -1, 0, NULL, 0, &error));
  CHECK_STATUS(EVODB_OK, evodb_schema_builder_finish(builder, &schema, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_create(storage, "prices", -1, schema, NULL, NULL, &table, &error));

  evodb_table *appended = sample_append(table, "data/1234567.parquet", 1234567);
  evodb_table *committed = sample_commit(appended);
  const char *filters[] = {"price < 1234567.25", "price < 1.23456725e6"};
  for (int i = 0; i < 2; ++i) {
    evodb_predicate *predicate = NULL;
    evodb_plan *plan = NULL;
    evodb_file_cursor *cursor = NULL;
    evodb_bool has_file = 0;
    CHECK_STATUS(EVODB_OK, evodb_predicate_parse(filters[i], -1, &predicate, &error));
    evodb_future *future = evodb_table_plan(committed, predicate, NULL);
    CHECK_STATUS(EVODB_OK, evodb_future_take_plan(future, -1, &plan, &error));
    CHECK_STATUS(EVODB_OK, evodb_plan_files(plan, &cursor, &error));
    CHECK_STATUS(EVODB_OK, evodb_file_cursor_next(cursor, &has_file, &error));
    CHECK(has_file == 1);
    const char *residual = evodb_file_cursor_residual(cursor, NULL);
    if (!CHECK(strcmp(residual, "price < 1234567.25") == 0)) fprintf(stderr, "residual: %s\n", residual);
    evodb_file_cursor_free(cursor);
    evodb_plan_free(plan);
    evodb_future_free(future);
    evodb_predicate_free(predicate);
  }
  const char *json = "";
  CHECK_STATUS(EVODB_OK, evodb_table_metadata_json(committed, &json, NULL, &error));
  CHECK(strstr(json, "\"total-records\":\"1234567\"") != NULL);

  evodb_table_free(committed);
  evodb_table_free(appended);
  evodb_table_free(table);
  evodb_schema_free(schema);
  evodb_schema_builder_free(builder);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
