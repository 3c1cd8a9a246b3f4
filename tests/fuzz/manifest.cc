#include "codec/manifest_reader.h"

#include "codec/avro_file.h"
#include "codec/manifest_writer.h"
#include "codec/partition_spec_json.h"
#include "codec/schema_json.h"
#include "expression/bind.h"
#include "expression/metrics_evaluator.h"
#include "expression/parse.h"
#include "expression/partition_evaluator.h"
#include "expression/project.h"
#include "finding.h"
#include "runtime/weighed_cache.h"
#include "sample_table.h"

using namespace evodb;

namespace {

constexpr std::int64_t budget_bytes = 64 << 20;

/// A table as the manifest's own header describes it, or the sample.
struct described_table {
  explicit described_table(byte_view file) : columns(fuzz::sample_schema()), spec(fuzz::sample_spec(columns)) {
    const auto header = fuzz::attempt([&] { return read_manifest_header(file, "fuzz"); });
    if (!header) return;
    fuzz::attempt([&] {
      const json_document schema_json(header->schema, "schema"), spec_json(header->partition_spec, "spec");
      schema named = read_schema(schema_json.root());
      spec.fields = read_partition_fields(spec_json.root());
      columns = std::move(named);
    });
  }
  schema columns;
  partition_spec spec;
};

manifest_columns_wanted wanted(bool everything) {
  manifest_columns_wanted made;
  made.all_metrics = made.column_sizes = made.details = everything;
  made.live_only = !everything;
  if (!everything) made.bounds_and_counts_of = {1, 2, 14};
  return made;
}

void plan(const manifest_entries &entries, const described_table &of) {
  static const std::vector<predicate_ptr> filters = {parse_filter("id = 5 AND name > 'b'"),
                                                     parse_filter("a = true OR c < 7 OR n LIKE 'a%'"),
                                                     parse_filter("d IS NAN OR f <> 1.5 OR j > '2020-01-01'")};
  for (const predicate_ptr &filter : filters) {
    fuzz::attempt([&] {
      const bound_ptr rows = evodb::bind(filter, of.columns);
      std::vector<std::uint8_t> keep(entries.size(), 1);
      partition_evaluator(project_inclusive(rows, of.spec), of.spec).evaluate(entries.files, keep);
      metrics_evaluator(rows).evaluate(entries.files, keep);
    });
  }
  for (std::size_t row = 0; row < entries.size(); ++row) {
    const partition_tuple partition = entries.files.partition(row);
    fuzz::attempt([&] { of.spec.partition_path(of.columns, partition); });
    fuzz::require(!entries.files.path(row).empty(), "a file has a path");
  }
}

void write_again(const manifest_entries &entries, const described_table &of, int format_version) {
  manifest_target target;
  target.format_version = format_version;
  target.table_schema = &of.columns;
  target.spec = &of.spec;
  target.snapshot_id = 1;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < entries.size(); ++row) {
    if (entries.files.contents[row] == file_content::data) rows.push_back(row);
  }
  const auto written = fuzz::attempt([&] { return write_manifest(entries, rows, target); });
  if (!written) return;
  memory_budget budget(budget_bytes);
  const manifest_entries again =
      read_manifest(*written->file, written->row, of.spec, result_types(of.spec, of.columns), wanted(true), budget);
  fuzz::require(again.size() == rows.size(), "all rows are read back");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t row = rows[i];
    fuzz::require(again.files.path(i) == entries.files.path(row), "a path is read back");
    fuzz::require(again.files.record_counts[i] == entries.files.record_counts[row], "a count is read back");
    fuzz::require(again.statuses[i] == entries.statuses[row], "a status is read back");
  }
}

/// Bytes that are no file become the block of one, whose schema the writer made.
bytes in_container(byte_view block, bool compress) {
  const schema columns = fuzz::sample_schema();
  const partition_spec spec = fuzz::sample_spec(columns);
  const int count = block.empty() ? 0 : static_cast<unsigned char>(block.front()) % 8;
  avro_file_writer writer(manifest_schema_text(3, spec, result_types(spec, columns)), {{"format-version", "3"}},
                          compress ? std::optional(1) : std::nullopt);
  writer.buffer() += block.substr(block.empty() ? 0 : 1);
  for (int i = 0; i < count; ++i) writer.end_object();
  return std::move(writer).finish();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view given = fuzz::text_of(data, size);
  const bytes file = given.starts_with("Obj\1") ? bytes(given) : in_container(given, size % 2 == 0);
  const described_table table(file);
  manifest_file listed;
  listed.manifest_path = "fuzz";
  listed.sequence_number = 3;
  listed.added_snapshot_id = 4;
  if (size % 3 == 0) listed.first_row_id = 100;
  memory_budget budget(budget_bytes);
  const std::vector<type> types = result_types(table.spec, table.columns);
  for (const bool everything : {false, true}) {
    const auto entries =
        fuzz::attempt([&] { return read_manifest(file, listed, table.spec, types, wanted(everything), budget); },
                      {status::CORRUPT, status::UNSUPPORTED, status::RESOURCE_EXHAUSTED});
    fuzz::require(budget.in_use() == budget.cache().bytes(), "the budget is given back");
    if (!entries) continue;
    plan(*entries, table);
    if (everything) write_again(*entries, table, size % 2 == 0 ? 2 : 3);
  }
  return 0;
}
