/* Which files of a caller's own list may match, without a table: an Arrow array goes in and another comes out. */
#include <string.h>

#include "check.h"
#include "evodb_lakehouse.h"

enum { file_count = 3, column_count = 4 };

static int released;

static void release_array(struct ArrowArray *array) {
  ++released;
  array->release = NULL;
}

static void release_schema(struct ArrowSchema *schema) {
  ++released;
  schema->release = NULL;
}

static void do_nothing_with_array(struct ArrowArray *array) {
  array->release = NULL;
}

static void do_nothing_with_schema(struct ArrowSchema *schema) {
  schema->release = NULL;
}

/* Three files, in buckets 3, 4 and an unknown one. */
struct list {
  struct ArrowArray array, columns[column_count], *column_pointers[column_count];
  struct ArrowSchema schema, fields[column_count], *field_pointers[column_count];
  const void *buffers[column_count][3], *no_validity;
};

static const int32_t path_ends[] = {0, 1, 2, 3}, partition_ends[] = {0, 15, 30, 30};
static const int64_t counts[] = {10, 20, -1}, sizes[] = {100, 200, 300};

static void make_list(struct list *of) {
  static const char *const names[] = {"file_path", "record_count", "file_size_in_bytes", "partition"};
  static const char *const formats[] = {"u", "l", "l", "u"};
  const void *const values[][2] = {
      {path_ends, "abc"}, {counts, NULL}, {sizes, NULL}, {partition_ends, "{\"id_bucket\":3}{\"id_bucket\":4}"}};
  memset(of, 0, sizeof *of);
  for (int i = 0; i < column_count; ++i) {
    of->buffers[i][1] = values[i][0];
    of->buffers[i][2] = values[i][1];
    of->columns[i].length = file_count;
    of->columns[i].n_buffers = values[i][1] == NULL ? 2 : 3;
    of->columns[i].buffers = of->buffers[i];
    of->columns[i].release = do_nothing_with_array;
    of->column_pointers[i] = &of->columns[i];
    of->fields[i].format = formats[i];
    of->fields[i].name = names[i];
    of->fields[i].release = do_nothing_with_schema;
    of->field_pointers[i] = &of->fields[i];
  }
  of->array.length = file_count;
  of->array.n_buffers = 1;
  of->array.buffers = &of->no_validity;
  of->array.n_children = column_count;
  of->array.children = of->column_pointers;
  of->array.release = release_array;
  of->schema.format = "+s";
  of->schema.name = "";
  of->schema.n_children = column_count;
  of->schema.children = of->field_pointers;
  of->schema.release = release_schema;
}

static int may_match(const struct ArrowArray *pruned, int file) {
  return ((const unsigned char *)pruned->children[0]->buffers[1])[0] >> file & 1;
}

static int has_residual(const struct ArrowArray *pruned, int file, const char *text) {
  const int32_t *ends = (const int32_t *)pruned->children[1]->buffers[1];
  const char *octets = (const char *)pruned->children[1]->buffers[2];
  const size_t length = (size_t)(ends[file + 1] - ends[file]);
  return length == strlen(text) && memcmp(octets + ends[file], text, length) == 0;
}

static void files_are_decided(const evodb_predicate *predicate, const evodb_schema *schema,
                              const evodb_partition_spec *spec) {
  struct list files;
  struct ArrowArray pruned;
  struct ArrowSchema described;
  make_list(&files);
  released = 0;
  CHECK_STATUS(EVODB_OK, evodb_predicate_prune_files(predicate, schema, spec, NULL, &files.array, &files.schema,
                                                     &pruned, &described, &error));
  CHECK(released == 2 && files.array.release == NULL && files.schema.release == NULL);
  CHECK(pruned.length == file_count && pruned.n_children == 2);
  CHECK(strcmp(described.children[0]->name, "may_match") == 0 && strcmp(described.children[0]->format, "b") == 0);
  CHECK(strcmp(described.children[1]->name, "residual") == 0 && strcmp(described.children[1]->format, "u") == 0);
  CHECK(may_match(&pruned, 0) && !may_match(&pruned, 1) && may_match(&pruned, 2));
  CHECK(has_residual(&pruned, 0, "id = 34") && has_residual(&pruned, 1, "FALSE") &&
        has_residual(&pruned, 2, "id = 34"));
  pruned.release(&pruned);
  described.release(&described);
}

/* Nothing is written, and what was given is released all the same. */
static void wrong_input_is_refused(const evodb_predicate *predicate, const evodb_schema *schema,
                                   const evodb_partition_spec *spec) {
  struct list files;
  struct ArrowArray pruned = {0};
  struct ArrowSchema described = {0};
  evodb_error *refusal = NULL;
  make_list(&files);
  released = 0;
  CHECK(evodb_predicate_prune_files(predicate, schema, NULL, NULL, &files.array, &files.schema, &pruned, &described,
                                    &refusal) == EVODB_INVALID_ARGUMENT);
  CHECK(strstr(evodb_error_message(refusal, NULL), "id_bucket") != NULL); /* not partitioned, and yet a partition */
  CHECK(strcmp(evodb_error_subject(refusal, NULL), "a") == 0);
  evodb_error_free(refusal);
  refusal = NULL;
  CHECK(released == 2 && pruned.release == NULL && described.release == NULL);

  make_list(&files);
  files.fields[1].name = "rows";
  CHECK(evodb_predicate_prune_files(predicate, schema, spec, NULL, &files.array, &files.schema, &pruned, &described,
                                    &refusal) == EVODB_INVALID_ARGUMENT);
  CHECK(strstr(evodb_error_message(refusal, NULL), "rows") != NULL);
  evodb_error_free(refusal);
  refusal = NULL;
  CHECK(released == 4 && pruned.release == NULL);

  evodb_predicate *unknown = NULL;
  CHECK_STATUS(EVODB_OK, evodb_predicate_parse("idd = 34", -1, &unknown, &error));
  make_list(&files);
  CHECK(evodb_predicate_prune_files(unknown, schema, spec, NULL, &files.array, &files.schema, &pruned, &described,
                                    &refusal) == EVODB_INVALID_FILTER);
  evodb_error_free(refusal);
  evodb_predicate_free(unknown);
  CHECK(released == 6 && pruned.release == NULL);
}

int main(void) {
  static const char json[] =
      "{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"id\",\"required\":false,\"type\":\"long\"}]}";
  evodb_schema *schema = NULL;
  evodb_partition_spec *spec = NULL;
  evodb_predicate *predicate = NULL;
  CHECK_STATUS(EVODB_OK, evodb_schema_parse(json, -1, &schema, &error));
  CHECK_STATUS(EVODB_OK, evodb_partition_spec_parse(schema, "bucket(16, id)", -1, &spec, &error));
  CHECK_STATUS(EVODB_OK, evodb_predicate_parse("id = 34", -1, &predicate, &error));
  files_are_decided(predicate, schema, spec);
  wrong_input_is_refused(predicate, schema, spec);
  evodb_predicate_free(predicate);
  evodb_partition_spec_free(spec);
  evodb_schema_free(schema);
  return CHECK_REPORT();
}
