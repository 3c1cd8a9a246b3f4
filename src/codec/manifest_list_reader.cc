#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <string>

#include "base/error.h"
#include "codec/avro_file.h"
#include "codec/avro_schema.h"
#include "codec/budget_account.h"
#include "codec/manifest_list.h"
#include "codec/manifest_schema.h"

namespace evodb {
namespace {

bool is_boolean(const avro_type &t) {
  return t.kind == avro_kind::boolean;
}
bool is_list_of_records(const avro_type &t) {
  return t.kind == avro_kind::array && option_of(*t.items).type->kind == avro_kind::record && t.items->least_bytes > 0;
}

struct list_field {
  /// A hint of another type than it may have is not known; everything else has to be read.
  enum class need : std::uint8_t { required, optional, hint };
  manifest_list_field id;
  const char *name;
  need needed;
  bool (*fits)(const avro_type &);
};
using need = enum list_field::need;

constexpr list_field list_fields[] = {
    {manifest_list_field::manifest_path, "manifest_path", need::required, is_bytes},
    {manifest_list_field::manifest_length, "manifest_length", need::hint, is_integer},
    {manifest_list_field::partition_spec_id, "partition_spec_id", need::required, is_integer},
    {manifest_list_field::added_snapshot_id, "added_snapshot_id", need::optional, is_integer},
    {manifest_list_field::added_files_count, "added_files_count", need::hint, is_integer},
    {manifest_list_field::existing_files_count, "existing_files_count", need::hint, is_integer},
    {manifest_list_field::deleted_files_count, "deleted_files_count", need::hint, is_integer},
    {manifest_list_field::partitions, "partitions", need::hint, is_list_of_records},
    {manifest_list_field::contains_null, "contains_null", need::hint, is_boolean},
    {manifest_list_field::lower_bound, "lower_bound", need::hint, is_bytes},
    {manifest_list_field::upper_bound, "upper_bound", need::hint, is_bytes},
    {manifest_list_field::added_rows_count, "added_rows_count", need::hint, is_integer},
    {manifest_list_field::existing_rows_count, "existing_rows_count", need::hint, is_integer},
    {manifest_list_field::deleted_rows_count, "deleted_rows_count", need::hint, is_integer},
    {manifest_list_field::sequence_number, "sequence_number", need::optional, is_integer},
    {manifest_list_field::min_sequence_number, "min_sequence_number", need::optional, is_integer},
    {manifest_list_field::content, "content", need::optional, is_integer},
    {manifest_list_field::contains_nan, "contains_nan", need::hint, is_boolean},
    {manifest_list_field::key_metadata, "key_metadata", need::optional, is_bytes},
    {manifest_list_field::first_row_id, "first_row_id", need::optional, is_integer},
};

/// One of the writer's fields and what it is to us; null `known`: to be skipped.
struct list_step {
  const list_field *known = nullptr;
  avro_option option;
};

class list_decoder {
 public:
  list_decoder(const avro_type &root, std::string_view subject, memory_budget &budget)
      : subject_(subject), account_(budget) {
    if (root.kind != avro_kind::record) corrupt("the schema is no record");
    by_name_ = std::none_of(root.fields.begin(), root.fields.end(),
                            [](const avro_field &f) { return f.field_id.has_value(); });
    row_steps_ = compile(root);
    for (const list_field &known : list_fields) {
      if (known.needed == need::required && !seen_.contains(known.id))
        corrupt("no field \"" + std::string(known.name) + "\"");
    }
    least_row_bytes_ = root.least_bytes;
  }

  void decode_block(const avro_block_reader &block) {
    avro_decoder in = block.decoder();
    if (block.count() > block.data_size() / least_row_bytes_) in.corrupt("more rows than bytes");
    account_.take(block.count() * sizeof(manifest_file) + block.data_size());
    rows_.reserve(rows_.size() + block.count());
    for (std::size_t i = 0; i < block.count(); ++i) rows_.push_back(read_row(in));
    if (!in.at_end()) in.corrupt("bytes are left behind the block's last row");
  }

  std::vector<manifest_file> finish() && { return std::move(rows_); }

 private:
  [[noreturn]] void corrupt(const std::string &what) const {
    fail(status::CORRUPT, "manifest list schema: " + what, std::string(subject_));
  }

  std::vector<list_step> compile(const avro_type &record) {
    std::vector<list_step> steps;
    for (const avro_field &field : record.fields) {
      const std::optional<std::int32_t> id = by_name_ ? manifest_list_field_id(field.name) : field.field_id;
      const auto known = std::find_if(std::begin(list_fields), std::end(list_fields),
                                      [&](const list_field &k) { return id == static_cast<std::int32_t>(k.id); });
      list_step &step = steps.emplace_back();
      step.option = {field.type, -1};
      if (known == std::end(list_fields)) continue;
      const avro_option option = option_of(*field.type);
      if (!seen_.insert(known->id).second) corrupt("field \"" + field.name + "\" appears twice");
      if (option.type->kind == avro_kind::null) continue;
      if (known->needed == need::hint && !known->fits(*option.type)) continue;
      if (!known->fits(*option.type)) corrupt("field \"" + field.name + "\" has a type that it cannot have");
      step.known = known;
      step.option = option;
    }
    for (const list_step &step : steps) {
      if (step.known == nullptr || step.known->id != manifest_list_field::partitions) continue;
      const avro_option summary = option_of(*step.option.type->items);
      summary_steps_ = compile(*summary.type);
      summary_null_branch_ = summary.null_branch;
      least_summary_bytes_ = step.option.type->items->least_bytes;
      has_bounds_ = std::any_of(summary_steps_.begin(), summary_steps_.end(), [](const list_step &field) {
        return field.known != nullptr && field.known->id == manifest_list_field::lower_bound;
      });
    }
    return steps;
  }

  manifest_file read_row(avro_decoder &in) {
    manifest_file row;
    row.manifest_length = manifest_file::unknown_length;
    for (const list_step &step : row_steps_) {
      if (step.known == nullptr) {
        in.skip(*step.option.type);
      } else if (in.read_present(step.option.null_branch)) {
        read_field(in, step.known->id, row);
      } else if (step.known->needed == need::required) {
        in.corrupt(std::string("null in a required field, ") + step.known->name);
      }
    }
    if (row.content == manifest_content::deletes) row.first_row_id.reset();  // DuckDB 1.5 writes one
    return row;
  }

  void read_field(avro_decoder &in, manifest_list_field id, manifest_file &row) {
    switch (id) {
      case manifest_list_field::manifest_path:
        row.manifest_path = in.read_bytes();
        if (!is_avro_text(row.manifest_path)) in.corrupt("a text is not UTF-8");
        break;
      case manifest_list_field::manifest_length:
        row.manifest_length = std::max(in.read_long(), manifest_file::unknown_length);
        break;
      case manifest_list_field::partition_spec_id:
        row.partition_spec_id = in.read_int();
        break;
      case manifest_list_field::content: {
        const std::int32_t content = in.read_int();
        if (content != 0 && content != 1) in.corrupt("a manifest's content is neither 0 nor 1");
        row.content = static_cast<manifest_content>(content);
        break;
      }
      case manifest_list_field::sequence_number:
        row.sequence_number = in.read_long();
        break;
      case manifest_list_field::min_sequence_number:
        row.min_sequence_number = in.read_long();
        break;
      case manifest_list_field::added_snapshot_id:
        row.added_snapshot_id = in.read_long();
        break;
      case manifest_list_field::added_files_count:
        row.added_files_count = read_count<std::int32_t>(in);
        break;
      case manifest_list_field::existing_files_count:
        row.existing_files_count = read_count<std::int32_t>(in);
        break;
      case manifest_list_field::deleted_files_count:
        row.deleted_files_count = read_count<std::int32_t>(in);
        break;
      case manifest_list_field::added_rows_count:
        row.added_rows_count = read_count<std::int64_t>(in);
        break;
      case manifest_list_field::existing_rows_count:
        row.existing_rows_count = read_count<std::int64_t>(in);
        break;
      case manifest_list_field::deleted_rows_count:
        row.deleted_rows_count = read_count<std::int64_t>(in);
        break;
      case manifest_list_field::partitions:
        read_partitions(in, row.partitions);
        break;
      case manifest_list_field::key_metadata:
        row.key_metadata = in.read_bytes();
        break;
      case manifest_list_field::first_row_id:
        row.first_row_id = read_count<std::int64_t>(in);
        break;
      default:
        in.corrupt("a field of a partition summary in a row");
    }
  }

  /// A number that is none of its kind is not known.
  template <typename T>
  static std::optional<T> read_count(avro_decoder &in) {
    const std::int64_t count = in.read_long();
    if (count < 0 || count > std::numeric_limits<T>::max()) return std::nullopt;
    return static_cast<T>(count);
  }

  /// Summaries one of which does not say whether there are nulls are no summaries: bounds mean nothing then. Nor are those
  /// of a list without lower bounds, or none that can be read: where they are null there are no values.
  void read_partitions(avro_decoder &in, std::vector<field_summary> &to) {
    bool all_known = has_bounds_;
    while (std::size_t count = in.read_item_count(least_summary_bytes_)) {
      account_.take(count * sizeof(field_summary));
      to.reserve(to.size() + count);
      for (; count > 0; --count) {
        to.emplace_back();
        const bool is_known = in.read_present(summary_null_branch_) && read_summary(in, to.back());
        all_known = all_known && is_known;
      }
    }
    if (!all_known) to.clear();
  }

  bool read_summary(avro_decoder &in, field_summary &summary) {
    bool is_known = false;
    for (const list_step &step : summary_steps_) {
      if (step.known == nullptr) {
        in.skip(*step.option.type);
        continue;
      }
      if (!in.read_present(step.option.null_branch)) continue;
      switch (step.known->id) {
        case manifest_list_field::contains_null:
          summary.contains_null = in.read_boolean();
          is_known = true;
          break;
        case manifest_list_field::contains_nan:
          summary.contains_nan = in.read_boolean();
          break;
        case manifest_list_field::lower_bound:
          summary.lower_bound = in.read_bytes();
          break;
        case manifest_list_field::upper_bound:
          summary.upper_bound = in.read_bytes();
          break;
        default:
          in.corrupt("a field of a row in a partition summary");
      }
    }
    return is_known;
  }

  std::string_view subject_;
  budget_account account_;
  bool by_name_ = false;
  std::set<manifest_list_field> seen_;
  std::vector<list_step> row_steps_;
  std::vector<list_step> summary_steps_;
  std::int8_t summary_null_branch_ = -1;
  bool has_bounds_ = false;  ///< of summaries
  std::uint64_t least_row_bytes_ = 1;
  std::uint64_t least_summary_bytes_ = 1;
  std::vector<manifest_file> rows_;
};

}  // namespace

std::vector<manifest_file> read_manifest_list(byte_view file, std::string_view subject, memory_budget &budget) {
  const avro_file_header header = read_avro_file_header(file, subject);
  const auto schema = avro_schema::parse(header.schema_text(), subject);
  list_decoder decoder(schema->root(), subject, budget);
  avro_block_reader blocks(file, header, subject, budget);
  while (blocks.next()) decoder.decode_block(blocks);
  return std::move(decoder).finish();
}

}  // namespace evodb
