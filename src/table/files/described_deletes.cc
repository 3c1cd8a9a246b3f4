#include "table/files/described_deletes.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "model/position_delete_columns.h"

namespace evodb {
namespace {

[[noreturn]] void refuse_deletes_of(const data_file &file, std::string_view problem,
                                    status code = status::INVALID_ARGUMENT) {
  fail(code, fmt::format("{}: {}", file.file_path, problem), file.file_path);
}

void check_begun(const data_file &begun, const table_metadata &of) {
  if (begun.content != file_content::data) refuse_deletes_of(begun, "it is a delete file already");
  if (!begun.metrics.empty() || !begun.split_offsets.empty())
    refuse_deletes_of(begun, "say that it is a delete file before its statistics and split offsets");
  if (of.format_version < 2)
    refuse_deletes_of(begun, "tables of format version 1 have no delete files", status::UNSUPPORTED);
}

void check_vector(const data_file &begun, const table_metadata &of, bool has_reference,
                  std::optional<std::int64_t> offset, std::optional<std::int64_t> size) {
  if (of.format_version < 3) {
    refuse_deletes_of(
        begun, fmt::format("deletion vectors are of format version 3, and the table has version {}", of.format_version),
        status::UNSUPPORTED);
  }
  if (!has_reference) refuse_deletes_of(begun, "a deletion vector must reference its data file");
  if (!offset || !size) refuse_deletes_of(begun, "a deletion vector must have a content offset and size");
  if (*offset < 0 || *size <= 0 || *offset > begun.file_size || *size > begun.file_size - *offset) {
    refuse_deletes_of(begun, fmt::format("a deletion vector of {} bytes at {} is not within a file of {} bytes", *size,
                                         *offset, begun.file_size));
  }
}

}  // namespace

void describe_position_deletes(data_file &begun, const table_metadata &of, std::optional<std::string> referenced,
                               std::optional<std::int64_t> content_offset, std::optional<std::int64_t> content_size) {
  check_begun(begun, of);
  if (begun.format == file_format::puffin) {
    check_vector(begun, of, referenced.has_value(), content_offset, content_size);
  } else if (content_offset || content_size) {
    refuse_deletes_of(begun, "a content offset and size are of deletion vectors, in Puffin files");
  } else if (of.format_version > 2) {
    refuse_deletes_of(
        begun,
        "tables of format version 3 take no new position delete files: write a deletion vector for each data file",
        status::UNSUPPORTED);
  }
  begun.content = file_content::position_deletes;
  begun.referenced_data_file = std::move(referenced);
  begun.content_offset = content_offset;
  begun.content_size = content_size;
}

void describe_equality_deletes(data_file &begun, const table_metadata &of, std::span<const std::int32_t> field_ids) {
  check_begun(begun, of);
  if (begun.format == file_format::puffin) refuse_deletes_of(begun, "equality deletes are not in Puffin files");
  if (field_ids.empty()) refuse_deletes_of(begun, "equality deletes must name the columns that they compare");
  const schema &columns = *of.current_schema();
  for (std::size_t i = 0; i < field_ids.size(); ++i) {
    const std::int32_t id = field_ids[i];
    const field *column = columns.find(id);
    if (column == nullptr)
      refuse_deletes_of(begun, fmt::format("equality deletes by field id {}, which the schema does not have", id));
    const bool has_order = column->type.is_primitive() && !column->type.is(type_kind::unknown) &&
                           !column->type.is(type_kind::geometry) && !column->type.is(type_kind::geography);
    if (!has_order || !columns.is_single_valued(id)) {
      refuse_deletes_of(begun, fmt::format("equality deletes by column {}, of which a row has no one value to compare",
                                           columns.full_name(id)));
    }
    if (std::find(field_ids.begin(), field_ids.begin() + static_cast<std::ptrdiff_t>(i), id) !=
        field_ids.begin() + static_cast<std::ptrdiff_t>(i))
      refuse_deletes_of(begun, fmt::format("equality deletes by column {} twice", columns.full_name(id)));
  }
  begun.content = file_content::equality_deletes;
  begun.equality_ids.assign(field_ids.begin(), field_ids.end());
}

void check_described_content(const data_file &file) {
  if (file.content == file_content::position_deletes && file.sort_order_id)
    refuse_deletes_of(file, "position deletes are sorted by path and position, and have no sort order of the table");
  if (file.format != file_format::puffin) return;
  if (file.content != file_content::position_deletes)
    refuse_deletes_of(file, "only a deletion vector is in a Puffin file: expected parquet, avro or orc");
  if (!file.metrics.empty()) refuse_deletes_of(file, "a deletion vector has no statistics of columns");
  if (!file.split_offsets.empty()) refuse_deletes_of(file, "a deletion vector has no split offsets");
}

const schema &columns_described(const data_file &file, const schema &table_columns) {
  static const schema of_positions(0, {{delete_file_path_id, "file_path", true, type_kind::string, {}, {}, {}},
                                       {delete_position_id, "pos", true, type_kind::int64, {}, {}, {}}});
  return file.content == file_content::position_deletes ? of_positions : table_columns;
}

std::string referenced_path(const location &of_table, std::string_view path) {
  const bool is_absolute = path.starts_with('/') || path.find(":/") != std::string_view::npos;
  return is_absolute ? std::string(path) : of_table.child(path).to_text();
}

}  // namespace evodb
