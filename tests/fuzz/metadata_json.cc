#include "codec/name_mapping_json.h"
#include "codec/table_metadata_json.h"
#include "finding.h"
#include "model/partition_spec.h"
#include "model/table_update.h"
#include "parquet/metrics_config.h"

using namespace evodb;

namespace {

/// What opening, planning and committing ask of metadata.
void use(table_metadata metadata) {
  const std::shared_ptr<const schema> columns = metadata.current_schema();
  for (const partition_spec &spec : metadata.partition_specs) result_types(spec, *columns);
  metrics_config_from(metadata.properties, *columns);
  if (const std::string *mapping = metadata.property(name_mapping_property)) {
    fuzz::attempt([&] { update_name_mapping(read_name_mapping_text(*mapping, "mapping"), *columns); });
  }
  for (const auto &snapshot : metadata.snapshots) {
    fuzz::attempt([&] { metadata.schema_of(snapshot.get()); }, {status::CORRUPT});
    metadata.visit_ancestors(snapshot->snapshot_id, [](const auto &) { return true; });
  }
  fuzz::attempt([&] { metadata.snapshot_as_of(metadata.last_updated_ms); });
  if (const auto current = metadata.current_snapshot()) {
    auto next = std::make_shared<snapshot>(*current);
    next->snapshot_id = current->snapshot_id ^ 1;
    next->parent_snapshot_id = current->snapshot_id;
    next->sequence_number = metadata.last_sequence_number + (metadata.last_sequence_number < INT64_MAX ? 1 : 0);
    snapshot_ref ref;
    ref.snapshot_id = next->snapshot_id;
    fuzz::attempt([&] {
      apply(metadata, update::add_snapshot{next}, 1);
      apply(metadata, update::set_snapshot_ref{table_metadata::main_branch, ref}, 1);
      apply(metadata, update::remove_snapshots{{current->snapshot_id}}, 1);
    });
  }
  fuzz::attempt([&] {
    apply(metadata, update::add_schema{std::make_shared<schema>(columns->with_id(columns->schema_id() ^ 1))}, 1);
    apply(metadata, update::remove_snapshot_ref{table_metadata::main_branch}, 1);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const auto metadata = fuzz::attempt([&] { return read_table_metadata(fuzz::text_of(data, size), "fuzz"); },
                                      {status::CORRUPT, status::UNSUPPORTED});
  if (!metadata) return 0;
  const bytes written = write_table_metadata(*metadata);
  fuzz::require(write_table_metadata(read_table_metadata(written, "written")) == written,
                "what is written is read back");
  use(*metadata);
  return 0;
}
