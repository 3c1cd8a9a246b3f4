/* Schemas, partition specs, sort orders and the format version: what changes them gives a new value, and one commit makes
 * all of it durable. */
#include <string.h>

#include "check.h"
#include "sample.h"

static int metadata_holds(const evodb_table *table, const char *text) {
  const char *json = NULL;
  evodb_error *error = NULL;
  if (evodb_table_metadata_json(table, &json, NULL, &error) != EVODB_OK) return 0;
  return strstr(json, text) != NULL;
}

static evodb_schema *parsed(const char *json) {
  evodb_schema *schema = NULL;
  CHECK_STATUS(EVODB_OK, evodb_schema_parse(json, -1, &schema, &error));
  return schema;
}

/* Moves on to the next value. */
static void step(evodb_table **value, evodb_table *next) {
  CHECK(next != NULL);
  evodb_table_free(*value);
  *value = next;
}

static void everything_in_one_commit(evodb_storage *storage) {
  evodb_table *table = sample_committed(storage, "all"), *next = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_upgrade(table, 3, &next, &error));
  step(&table, next);
  evodb_schema_changes *columns = NULL;
  const char *const names[] = {"id"};
  CHECK_STATUS(EVODB_OK, evodb_schema_changes_new(&columns, &error));
  CHECK_STATUS(EVODB_OK,
               evodb_schema_changes_add(columns, "day", -1, "date", -1, 0, NULL, 0, "\"2020-01-01\"", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_schema_changes_set_write_default(columns, "day", -1, "\"2021-01-01\"", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_schema_changes_set_identifier_fields(columns, names, NULL, 1, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_evolve(table, columns, &next, &error));
  step(&table, next);
  evodb_partition_spec_changes *partitions = NULL;
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_changes_new(&partitions, &error));
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_changes_add(partitions, "bucket(16, id)", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_changes_add(partitions, "month(day) AS m", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_changes_rename(partitions, "m", -1, "by_month", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_changes_drop(partitions, "id_bucket_16", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_evolve_partition_spec(table, partitions, &next, &error));
  step(&table, next);
  CHECK_STATUS(EVODB_OK, evodb_table_set_sort_order(table, "day desc, id", -1, &next, &error));
  step(&table, next);
  step(&table, sample_commit(table));
  CHECK(evodb_table_version(table) == 2 && evodb_table_format_version(table) == 3);
  CHECK(metadata_holds(table, "\"by_month\"") && metadata_holds(table, "\"default-sort-order-id\":1"));
  CHECK(metadata_holds(table, "\"identifier-field-ids\":[1]") &&
        metadata_holds(table, "\"write-default\":\"2021-01-01\""));
  evodb_schema_changes_free(columns);
  evodb_partition_spec_changes_free(partitions);
  evodb_table_free(table);
}

static void what_is_refused(evodb_storage *storage) {
  evodb_table *table = sample_committed(storage, "refused"), *none = NULL;
  evodb_partition_spec_changes *changes = NULL;
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_changes_new(&changes, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_partition_spec_changes_add(changes, "", 0, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_partition_spec_changes_drop(changes, NULL, 0, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_partition_spec_changes_rename(changes, "a", -1, "", -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_changes_drop(changes, "nothing", -1, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_table_evolve_partition_spec(table, changes, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_set_sort_order(table, "nothing", -1, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_upgrade(table, 1, &none, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_table_upgrade(table, 4, &none, &error));
  CHECK_STATUS(EVODB_NOT_FOUND, evodb_table_set_current_schema(table, 7, &none, &error));
  CHECK(none == NULL);
  evodb_partition_spec_changes_free(changes);
  evodb_partition_spec_changes_free(NULL);
  evodb_table_free(table);
}

static void a_schema_is_added_and_chosen(evodb_storage *storage) {
  evodb_table *table = sample_committed(storage, "added"), *next = NULL;
  evodb_schema *by_name = parsed(
      "{\"type\":\"struct\",\"fields\":[{\"name\":\"note\",\"type\":\"string\",\"required\":false},"
      "{\"name\":\"id\",\"type\":\"long\",\"required\":true},{\"name\":\"region\",\"type\":\"string\",\"required\":"
      "false}]}");
  evodb_schema *clashing =
      parsed("{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"other\",\"type\":\"long\",\"required\":true}]}");
  int32_t schema_id = -1, field_id = -1;
  CHECK_STATUS(EVODB_INCOMPATIBLE_SCHEMA, evodb_table_add_schema(table, clashing, &schema_id, &next, &error));
  CHECK(schema_id == -1 && next == NULL);
  CHECK_STATUS(EVODB_OK, evodb_table_add_schema(table, by_name, &schema_id, &next, &error));
  CHECK(schema_id == 1);
  step(&table, next);
  CHECK_STATUS(EVODB_OK, evodb_table_set_current_schema(table, schema_id, &next, &error));
  step(&table, next);
  step(&table, sample_commit(table));
  evodb_schema *now = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_schema(table, &now, &error));
  CHECK(evodb_schema_id(now) == 1);
  CHECK_STATUS(EVODB_OK, evodb_schema_find(now, "note", -1, &field_id, NULL, NULL, NULL, &error));
  CHECK(field_id == 3);
  CHECK_STATUS(EVODB_OK, evodb_schema_find(now, "id", -1, &field_id, NULL, NULL, NULL, &error));
  CHECK(field_id == 1);
  evodb_schema_free(now);
  evodb_schema_free(by_name);
  evodb_schema_free(clashing);
  evodb_table_free(table);
}

static void a_change_is_not_made_again_over_another(evodb_storage *storage) {
  evodb_table *table = sample_committed(storage, "conflict"), *mine = NULL, *theirs = NULL, *none = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_set_sort_order(table, "id", -1, &mine, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_set_sort_order(table, "region", -1, &theirs, &error));
  evodb_table_free(sample_commit(theirs));
  evodb_future *future = evodb_table_commit(mine, NULL);
  CHECK_STATUS(EVODB_CONFLICT, evodb_future_take_table(future, -1, &none, &error));
  CHECK(none == NULL);
  evodb_future_free(future);
  evodb_table_free(mine);
  evodb_table_free(theirs);
  evodb_table_free(table);
}

static void compared_in_each_mode(void) {
  evodb_schema *old_schema =
      parsed("{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"a\",\"type\":\"int\",\"required\":true}]}");
  evodb_schema *new_schema =
      parsed("{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"a\",\"type\":\"long\",\"required\":true}]}");
  const int32_t modes[] = {EVODB_COMPATIBILITY_NONE, EVODB_COMPATIBILITY_BACKWARD, EVODB_COMPATIBILITY_FORWARD,
                           EVODB_COMPATIBILITY_FULL};
  const evodb_bool expected[] = {1, 1, 0, 0};
  for (int i = 0; i < 4; ++i) {
    evodb_schema_comparison *comparison = NULL;
    CHECK_STATUS(EVODB_OK, evodb_schema_compare_mode(old_schema, new_schema, 2, modes[i], &comparison, &error));
    CHECK(evodb_schema_comparison_is_compatible(comparison) == expected[i]);
    CHECK(evodb_schema_comparison_count(comparison) == 1);
    evodb_schema_comparison_free(comparison);
  }
  evodb_schema_comparison *none = NULL;
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_schema_compare_mode(old_schema, new_schema, 2, 4, &none, &error));
  CHECK(none == NULL);
  evodb_schema_free(old_schema);
  evodb_schema_free(new_schema);
}

static void a_schema_to_arrow_and_back(void) {
  evodb_schema *schema = parsed(
      "{\"type\":\"struct\",\"fields\":[{\"id\":7,\"name\":\"a\",\"type\":\"decimal(9,2)\",\"required\":true}]}");
  struct ArrowSchema described;
  memset(&described, 0, sizeof described);
  CHECK_STATUS(EVODB_OK, evodb_schema_to_arrow(schema, &described, &error));
  CHECK(described.n_children == 1 && strcmp(described.children[0]->format, "d:9,2") == 0);
  CHECK(described.children[0]->flags == 0 && described.children[0]->metadata != NULL);
  evodb_schema *back = NULL;
  CHECK_STATUS(EVODB_OK, evodb_schema_from_arrow(&described, &back, &error));
  CHECK(described.release == NULL); /* moved */
  CHECK(strcmp(evodb_schema_json(back, NULL), evodb_schema_json(schema, NULL)) == 0);
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_schema_from_arrow(&described, &back, &error));
  evodb_schema_free(back);
  evodb_schema_free(schema);
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, "memory://evolution");
  everything_in_one_commit(storage);
  what_is_refused(storage);
  a_schema_is_added_and_chosen(storage);
  a_change_is_not_made_again_over_another(storage);
  compared_in_each_mode();
  a_schema_to_arrow_and_back();
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
