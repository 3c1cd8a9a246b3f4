/* Files that a caller describes: each is checked when its facts are given, a refused one affects no other, and all
 * belong to their table. Partitions come from rows. */
#include <string.h>

#include "check.h"
#include "sample.h"

/* id long in 16 buckets. */
static evodb_table *bucketed(evodb_storage *storage, const char *name) {
  evodb_schema_builder *builder = NULL;
  evodb_schema *schema = NULL;
  evodb_partition_spec *spec = NULL;
  evodb_table *table = NULL;
  CHECK_STATUS(EVODB_OK, evodb_schema_builder_new(&builder, &error));
  CHECK_STATUS(EVODB_OK, evodb_schema_builder_add(builder, "id", -1, "long", -1, 0, NULL, 0, &error));
  CHECK_STATUS(EVODB_OK, evodb_schema_builder_finish(builder, &schema, &error));
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_parse(schema, "bucket(16, id)", -1, &spec, &error));
  CHECK_STATUS(EVODB_OK, evodb_table_create(storage, name, -1, schema, spec, NULL, &table, &error));
  evodb_partition_spec_free(spec);
  evodb_schema_free(schema);
  evodb_schema_builder_free(builder);
  return table;
}

static evodb_status add(evodb_data_files_builder *builder, const char *path, const char *partition,
                        evodb_error **error) {
  return evodb_data_files_builder_add(builder, path, -1, "parquet", -1, 10, 1000, partition, -1, error);
}

static evodb_status bound(evodb_data_files_builder *builder, uint8_t lower, uint8_t upper, evodb_error **error) {
  const uint8_t least[8] = {lower}, most[8] = {upper};
  return evodb_data_files_builder_set_bounds(builder, 1, least, 8, most, 8, error);
}

static evodb_status count(evodb_data_files_builder *builder, int64_t values, int64_t nulls, evodb_error **error) {
  return evodb_data_files_builder_set_counts(builder, 1, -1, values, nulls, -1, error);
}

#define CHECK_REFUSED(path, call)                                  \
  do {                                                             \
    evodb_error *error = NULL;                                     \
    CHECK((call) == EVODB_INVALID_ARGUMENT);                       \
    CHECK(strstr(evodb_error_subject(error, NULL), path) != NULL); \
    evodb_error_free(error);                                       \
  } while (0)

/* Finishes, and checks which files there are. */
static evodb_data_files *finish(evodb_data_files_builder *builder, int expected_count, const char *const *expected) {
  evodb_data_files *files = NULL;
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_finish(builder, &files, &error));
  CHECK(evodb_data_files_count(files) == expected_count);
  for (int i = 0; i < expected_count; ++i) {
    const char *path = NULL;
    CHECK_STATUS(EVODB_OK, evodb_data_files_path(files, i, &path, NULL, &error));
    CHECK(path != NULL && strstr(path, expected[i]) != NULL);
  }
  return files;
}

static void refused_files_go_alone(evodb_storage *storage) {
  evodb_table *table = bucketed(storage, "refused");
  evodb_data_files_builder *builder = NULL;
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_new(table, NULL, &builder, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, bound(builder, 1, 2, &error)); /* no file was begun */

  CHECK_STATUS(EVODB_OK, add(builder, "data/first.parquet", "{\"id_bucket\":3}", &error));
  CHECK_STATUS(EVODB_OK, count(builder, 10, 0, &error));
  CHECK_STATUS(EVODB_OK, bound(builder, 34, 34, &error));
  /* Refused by add: a bucket out of range, and null and text as a bucket. */
  CHECK_REFUSED("data/a.parquet", add(builder, "data/a.parquet", "{\"id_bucket\":16}", &error));
  CHECK_REFUSED("data/a.parquet", add(builder, "data/a.parquet", "{\"id_bucket\":-3}", &error));
  CHECK_REFUSED("data/a.parquet", add(builder, "data/a.parquet", "{\"id_bucket\":\"3\"}", &error));
  CHECK_REFUSED("data/a.parquet", bound(builder, 34, 34, &error)); /* it does not apply to the first file */
  CHECK_STATUS(EVODB_OK, add(builder, "data/b.parquet", "{\"id_bucket\":4}", &error));
  /* Refused by a setter, because it contradicts an earlier call: 34 is in bucket 3. */
  CHECK_STATUS(EVODB_OK, count(builder, 10, 0, &error));
  CHECK_REFUSED("data/b.parquet", bound(builder, 34, 34, &error));
  CHECK_REFUSED("data/b.parquet", count(builder, 10, 0, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/c.parquet", "{\"id_bucket\":4}", &error));
  CHECK_REFUSED("data/c.parquet", count(builder, 10, 11, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/d.parquet", "{\"id_bucket\":null}", &error));
  CHECK_REFUSED("data/d.parquet", count(builder, 10, 0, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/e.parquet", "{\"id_bucket\":4}", &error));
  CHECK_REFUSED("data/e.parquet", bound(builder, 2, 1, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/b.parquet", "{\"id_bucket\":3}", &error)); /* now right */
  CHECK_STATUS(EVODB_OK, bound(builder, 34, 34, &error));
  {
    evodb_error *error = NULL;
    CHECK(add(builder, "data/first.parquet", "{\"id_bucket\":3}", &error) == EVODB_ALREADY_EXISTS);
    CHECK(strstr(evodb_error_subject(error, NULL), "data/first.parquet") != NULL);
    evodb_error_free(error);
  }
  CHECK_STATUS(EVODB_OK, add(builder, "data/last.parquet", "{\"id_bucket\":null}", &error));
  CHECK_STATUS(EVODB_OK, count(builder, 10, 10, &error));
  const char *expected[] = {"data/first.parquet", "data/b.parquet", "data/last.parquet"};
  evodb_data_files *files = finish(builder, 3, expected);
  evodb_table *appended = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_append(table, files, NULL, &appended, &error));
  evodb_data_files_free(files);
  /* The builder is empty, and can be used further. */
  CHECK_STATUS(EVODB_OK, add(builder, "data/first.parquet", "{\"id_bucket\":3}", &error));
  evodb_data_files_free(finish(builder, 1, expected));
  evodb_table_free(appended);
  evodb_data_files_builder_free(builder);
  evodb_table_free(table);
}

static void files_belong_to_their_table(evodb_storage *storage) {
  evodb_table *table = bucketed(storage, "owner"), *another = bucketed(storage, "another"), *appended = NULL;
  evodb_data_files_builder *builder = NULL;
  evodb_data_files *files = NULL;
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_new(table, NULL, &builder, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/a.parquet", "{\"id_bucket\":3}", &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_finish(builder, &files, &error));
  {
    evodb_error *error = NULL;
    CHECK(evodb_table_append(another, files, NULL, &appended, &error) == EVODB_INVALID_ARGUMENT);
    const char *message = evodb_error_message(error, NULL);
    CHECK(strstr(message, evodb_table_uuid(table, NULL)) != NULL && strstr(message, "/owner") != NULL);
    CHECK(strstr(message, evodb_table_uuid(another, NULL)) != NULL && strstr(message, "/another") != NULL);
    CHECK(strstr(evodb_error_subject(error, NULL), "another") != NULL);
    CHECK(appended == NULL);
    evodb_error_free(error);
  }
  /* Made for a value that was not committed, and still valid for the committed table. */
  evodb_table *committed = sample_commit(table);
  CHECK_STATUS(EVODB_OK, evodb_table_append(committed, files, NULL, &appended, &error));
  evodb_table *with_file = sample_commit(appended);
  int64_t rows = 0;
  CHECK(sample_files(with_file, &rows) == 1 && rows == 10);
  evodb_table *values[] = {table, another, appended, committed, with_file};
  for (int i = 0; i < 5; ++i) evodb_table_free(values[i]);
  evodb_data_files_free(files);
  evodb_data_files_builder_free(builder);
}

static void specs_come_from_paths(void) {
  static const char json[] =
      "{\"type\":\"struct\",\"fields\":[{\"id\":7,\"name\":\"year\",\"required\":false,\"type\":\"int\"}]}";
  evodb_schema *schema = NULL;
  evodb_partition_spec *spec = NULL;
  CHECK_STATUS(EVODB_OK, evodb_schema_parse(json, -1, &schema, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_partition_spec_from_path(schema, "/x=1/f", -1, &spec, &error));
  CHECK(spec == NULL);
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_from_path(schema, "/Year=2013/x=1/f", -1, &spec, &error));
  evodb_schema_free(schema); /* the spec does not need it */
  const char *text = evodb_partition_spec_json(spec, NULL);
  CHECK(strstr(text, "\"source-id\":7") != NULL && strstr(text, "identity") != NULL);
  evodb_partition_spec_free(spec);
}

static void partitions_come_from_rows(evodb_storage *storage) {
  evodb_table *table = bucketed(storage, "rows");
  evodb_partition_spec *spec = NULL;
  evodb_partition *partition = NULL;
  CHECK_STATUS(EVODB_OK, evodb_table_partition_spec(table, &spec, &error));
  evodb_table_free(table); /* the spec does not need it */
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_apply_json(spec, "{\"id\":34}", -1, &partition, &error));
  int64_t length = 0;
  CHECK(strcmp(evodb_partition_json(partition, &length), "{\"id_bucket\":3}") == 0 && length == 15);
  CHECK(strcmp(evodb_partition_path(partition, &length), "id_bucket=3") == 0 && length == 11);
  evodb_partition_free(partition);
  partition = NULL;
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_partition_spec_apply_json(spec, "{\"idd\":34}", -1, &partition, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, evodb_partition_spec_apply_json(spec, "", -1, &partition, &error));
  CHECK(partition == NULL);
  CHECK(evodb_partition_json(NULL, &length)[0] == '\0' && length == 0);
  evodb_partition_spec_free(spec);
}

/* Of a table of format version 2. A builder holds delete files or data files. */
static void delete_files_are_described(evodb_storage *storage) {
  evodb_table *table = bucketed(storage, "deletes"), *appended = NULL;
  evodb_data_files_builder *builder = NULL;
  const int32_t ids[] = {1, 99};
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_new(table, NULL, &builder, &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, /* no file was begun */
               evodb_data_files_builder_set_position_deletes(builder, NULL, 0, -1, -1, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/p.parquet", "{\"id_bucket\":3}", &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_set_position_deletes(builder, "data/x.parquet", -1, -1, -1, &error));
  CHECK_STATUS(EVODB_OK,
               evodb_data_files_builder_set_counts(builder, 2147483546, -1, 10, 0, -1, &error)); /* of file_path */
  CHECK_STATUS(EVODB_OK, add(builder, "data/e.parquet", "{\"id_bucket\":3}", &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_set_equality_deletes(builder, ids, 1, &error));
  CHECK_STATUS(EVODB_OK, count(builder, 10, 0, &error));

  CHECK_STATUS(EVODB_OK, add(builder, "data/f.parquet", "{\"id_bucket\":3}", &error));
  CHECK_REFUSED("data/f.parquet", evodb_data_files_builder_set_equality_deletes(builder, ids, 2, &error));
  CHECK_REFUSED("data/f.parquet", evodb_data_files_builder_set_equality_deletes(builder, ids, 1, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/f.parquet", "{\"id_bucket\":3}", &error));
  CHECK_REFUSED("data/f.parquet", evodb_data_files_builder_set_equality_deletes(builder, NULL, 1, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/f.parquet", "{\"id_bucket\":3}", &error));
  CHECK_REFUSED("data/f.parquet", evodb_data_files_builder_set_position_deletes(builder, NULL, 0, 4, 10, &error));
  CHECK_STATUS(EVODB_OK, add(builder, "data/f.parquet", "{\"id_bucket\":3}", &error));
  CHECK_STATUS(EVODB_OK, count(builder, 10, 0, &error)); /* too early */
  CHECK_REFUSED("data/f.parquet", evodb_data_files_builder_set_position_deletes(builder, NULL, 0, -1, -1, &error));
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_add(builder, "data/v.puffin", -1, "puffin", -1, 10, 1000,
                                                      "{\"id_bucket\":3}", -1, &error));
  CHECK_STATUS(EVODB_UNSUPPORTED, /* in version 2 */
               evodb_data_files_builder_set_position_deletes(builder, "data/x.parquet", -1, 4, 10, &error));
  /* What it is not is seen by the call that ends it. */
  CHECK_STATUS(EVODB_OK, evodb_data_files_builder_add(builder, "data/v.puffin", -1, "puffin", -1, 10, 1000,
                                                      "{\"id_bucket\":3}", -1, &error));
  CHECK_REFUSED("data/v.puffin", add(builder, "data/g.parquet", "{\"id_bucket\":3}", &error));
  CHECK_STATUS(EVODB_INVALID_ARGUMENT, count(builder, 10, 0, &error)); /* no file was begun */
  CHECK_STATUS(EVODB_OK, add(builder, "data/data.parquet", "{\"id_bucket\":3}", &error));
  {
    evodb_data_files *files = NULL;
    CHECK_REFUSED("data/data.parquet", evodb_data_files_builder_finish(builder, &files, &error));
    CHECK(files == NULL);
  }
  const char *expected[] = {"data/p.parquet", "data/e.parquet"};
  evodb_data_files *files = finish(builder, 2, expected);
  {
    evodb_error *error = NULL;
    CHECK(evodb_table_append(table, files, NULL, &appended, &error) == EVODB_INVALID_ARGUMENT);
    CHECK(strstr(evodb_error_message(error, NULL), "evodb_table_row_delta") != NULL);
    evodb_error_free(error);
  }
  evodb_data_files_free(files);
  evodb_data_files_builder_free(builder);
  evodb_table_free(table);
}

int main(void) {
  evodb_runtime *runtime = sample_runtime();
  evodb_storage *storage = sample_storage(runtime, "memory://described");
  refused_files_go_alone(storage);
  files_belong_to_their_table(storage);
  specs_come_from_paths();
  partitions_come_from_rows(storage);
  delete_files_are_described(storage);
  evodb_storage_free(storage);
  evodb_runtime_free(runtime);
  return CHECK_REPORT();
}
