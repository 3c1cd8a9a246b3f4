#include "parquet/footer.h"

#include "codec/schema_json.h"
#include "finding.h"
#include "parquet/metrics.h"
#include "parquet/schema.h"
#include "sample_table.h"

using namespace evodb;

namespace {

const std::vector<std::shared_ptr<const schema>> no_earlier;

constexpr std::int64_t file_size = 1 << 20;

/// A table of the file's own columns, partitioned by the first one that can be.
void inspect(const parquet_footer &footer, std::vector<field> fields) {
  const auto columns = fuzz::attempt([&] { return schema(0, keep_or_assign_ids(std::move(fields))); });
  if (!columns) return;
  const std::string written = write_schema_text(*columns);
  const json_document document(written, "written");
  fuzz::require(read_schema(document.root()).same_fields(*columns), "the schema of a file is read back");
  partition_spec spec;
  for (const char *text : {"identity", "truncate[4]", "day", "bucket[8]"}) {
    if (columns->fields().empty() || !transform::parse(text).can_transform(columns->fields().front().type)) continue;
    partition_field added;
    added.source_ids = {columns->fields().front().id};
    added.field_id = partition_spec::first_field_id + static_cast<std::int32_t>(spec.fields.size());
    added.name = text;
    added.transform = transform::parse(text);
    spec.fields.push_back(std::move(added));
  }
  for (const partition_spec &of : {partition_spec(), spec}) {
    for (const char *mode : {"full", "truncate(2)"}) {
      const metrics_config config = metrics_config_from({{"write.metadata.metrics.default", mode}}, *columns);
      const file_rules rules{*columns, no_earlier, nullptr, of};
      const auto inspected =
          fuzz::attempt([&] { return inspect_parquet(footer, rules, config, "/dt=1/fuzz", file_size); });
      if (!inspected) continue;
      std::vector<std::int32_t> ids;
      for (const partition_field &f : of.fields) ids.push_back(f.field_id);
      data_files_builder builder(0, result_types(of, *columns), std::move(ids));
      builder.add(inspected->file);
      for (const column_metrics &metrics : inspected->file.metrics) {
        for (const auto *bound : {&metrics.lower_bound, &metrics.upper_bound}) {
          if (*bound) from_single_value(columns->find(metrics.field_id)->type, **bound);
        }
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (const auto extent =
          fuzz::attempt([&] { return find_footer(input, static_cast<std::int64_t>(size) + 100, "fuzz"); }))
    fuzz::require(extent->offset >= 0 && extent->length >= 0 &&
                      extent->offset + extent->length <= static_cast<std::int64_t>(size) + 100,
                  "a footer lies in its file");
  const auto footer = fuzz::attempt([&] { return read_footer(input, "fuzz"); }, {status::CORRUPT, status::UNSUPPORTED});
  if (!footer) return 0;
  if (auto fields = fuzz::attempt([&] { return to_iceberg_fields(*footer, "fuzz"); }))
    inspect(*footer, *std::move(fields));
  static const schema sample = fuzz::sample_schema();
  fuzz::attempt([&] {
    const partition_spec unpartitioned;
    const file_rules rules{sample, no_earlier, nullptr, unpartitioned, extra_columns::ignore};
    return inspect_parquet(*footer, rules, metrics_config_from({}, sample), "/dt=1/fuzz", file_size);
  });
  return 0;
}
