#include <string>

#include "base/error.h"
#include "codec/avro_encoder.h"
#include "codec/avro_file.h"
#include "codec/manifest_list.h"
#include "codec/manifest_schema.h"

namespace evodb {
namespace {

class list_encoder {
 public:
  list_encoder(bytes &to, const manifest_list_target &target) : out_(to), target_(target) {}

  void write(const manifest_file &m) {
    out_.write_bytes(m.manifest_path);
    out_.write_long(m.manifest_length);
    out_.write_long(m.partition_spec_id);
    out_.write_long(static_cast<std::int64_t>(m.content));
    out_.write_long(assigned(m, m.sequence_number));
    out_.write_long(assigned(m, m.min_sequence_number));
    out_.write_long(m.added_snapshot_id);
    write_required(m, m.added_files_count, "added_files_count");
    write_required(m, m.existing_files_count, "existing_files_count");
    write_required(m, m.deleted_files_count, "deleted_files_count");
    write_required(m, m.added_rows_count, "added_rows_count");
    write_required(m, m.existing_rows_count, "existing_rows_count");
    write_required(m, m.deleted_rows_count, "deleted_rows_count");
    write_partitions(m);
    write_optional(m.key_metadata);
    if (target_.format_version >= 3) write_first_row_id(m);
  }

 private:
  [[noreturn]] static void invalid(const manifest_file &m, const std::string &what) {
    fail(status::INVALID_ARGUMENT, what, m.manifest_path);
  }

  std::int64_t assigned(const manifest_file &m, std::int64_t number) const {
    if (number != unassigned_sequence_number) return number;
    if (m.added_snapshot_id != target_.snapshot_id) invalid(m, "another snapshot's manifest has no sequence number");
    return target_.sequence_number;
  }

  template <typename T>
  void write_required(const manifest_file &m, const std::optional<T> &value, const char *name) {
    if (!value) invalid(m, std::string("a manifest list needs every manifest's counts: ") + name);
    out_.write_long(*value);
  }

  void write_optional(const std::optional<bytes> &value) {
    out_.write_present(value.has_value());
    if (value) out_.write_bytes(*value);
  }

  void write_partitions(const manifest_file &m) {
    out_.write_present(true);
    if (!m.partitions.empty()) out_.write_long(static_cast<std::int64_t>(m.partitions.size()));
    for (const field_summary &summary : m.partitions) {
      out_.write_boolean(summary.contains_null);
      out_.write_present(summary.contains_nan.has_value());
      if (summary.contains_nan) out_.write_boolean(*summary.contains_nan);
      write_optional(summary.lower_bound);
      write_optional(summary.upper_bound);
    }
    out_.write_long(0);
  }

  void write_first_row_id(const manifest_file &m) {
    const bool is_data = m.content == manifest_content::data;
    if (is_data != m.first_row_id.has_value()) {
      invalid(m, is_data ? "a manifest of data files has no first row id"
                         : "a manifest of delete files has a first row id");
    }
    out_.write_present(is_data);
    if (is_data) out_.write_long(*m.first_row_id);
  }

  avro_encoder out_;
  const manifest_list_target &target_;
};

}  // namespace

bytes write_manifest_list(const std::vector<manifest_file> &manifests, const manifest_list_target &target) {
  if (target.format_version != 2 && target.format_version != 3) {
    fail(status::INVALID_ARGUMENT,
         "manifest lists are written in version 2 and 3, not " + std::to_string(target.format_version));
  }
  avro_file_writer::metadata pairs = {
      {"snapshot-id", std::to_string(target.snapshot_id)},
      {"parent-snapshot-id", target.parent_snapshot_id ? std::to_string(*target.parent_snapshot_id) : "null"},
      {"sequence-number", std::to_string(target.sequence_number)},
  };
  if (target.format_version >= 3) {
    if (!target.first_row_id) fail(status::INVALID_ARGUMENT, "a manifest list of version 3 needs a first row id");
    pairs.emplace_back("first-row-id", std::to_string(*target.first_row_id));
  }
  pairs.emplace_back("format-version", std::to_string(target.format_version));

  avro_file_writer writer(manifest_list_schema_text(target.format_version), pairs, avro_file_writer::default_level);
  list_encoder encoder(writer.buffer(), target);
  for (const manifest_file &m : manifests) {
    encoder.write(m);
    writer.end_object();
  }
  return std::move(writer).finish();
}

}  // namespace evodb
