#include "parquet/position_delete_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "base/error.h"
#include "base/little_endian.h"
#include "base/version.h"
#include "parquet/thrift_compact_writer.h"

namespace evodb {
namespace {

constexpr std::size_t most_positions_in_page = std::size_t{1} << 17;  // 1 MiB
constexpr std::size_t most_dictionary_bytes = std::size_t{1} << 20;
/// As Iceberg Java describes the rows of such a file.
constexpr std::string_view delete_schema_json =
    R"({"type":"struct","schema-id":0,"fields":[{"id":2147483546,"name":"file_path","required":true,"type":"string",)"
    R"("doc":"Path of a file in which a deleted row is stored"},{"id":2147483545,"name":"pos","required":true,)"
    R"("type":"long","doc":"Ordinal position of a deleted row in the data file"}]})";

schema_node required_column(std::string name, std::int32_t id, physical_type physical) {
  schema_node column;
  column.name = std::move(name);
  column.field_id = id;
  column.physical = physical;
  return column;
}

parquet_footer footer_of_position_deletes() {
  parquet_footer footer;
  footer.created_by = fmt::format("evodb_lakehouse version {}.{}.{}", version_major, version_minor, version_patch);
  footer.root.name = "table";
  footer.root.children.push_back(required_column("file_path", delete_file_path_id, physical_type::byte_array));
  footer.root.children.back().logical.kind = logical_type::kind::string;
  footer.root.children.push_back(required_column("pos", delete_position_id, physical_type::int64));
  footer.column_orders.assign(2, column_order::type_defined);
  footer.key_value_metadata = {{"delete-type", "position"}, {"iceberg.schema", std::string(delete_schema_json)}};
  return footer;
}

bytes plain_bytes(std::int64_t number) {
  bytes plain;
  append_le(plain, number);
  return plain;
}

std::uint32_t bit_of(page_encoding encoding) {
  return std::uint32_t{1} << static_cast<int>(encoding);
}

}  // namespace

position_delete_writer::position_delete_writer(std::size_t rows_in_group) : rows_in_group_(rows_in_group) {
  made_.file = parquet_magic;
  made_.footer = footer_of_position_deletes();
}

void position_delete_writer::add(std::string_view file_path, std::int64_t position) {
  const bool is_same_path = file_path == last_path_;
  const bool is_above = is_same_path ? position > last_position_ : file_path > last_path_ && position >= 0;
  if (!is_above)
    fail(status::INVALID_ARGUMENT,
         fmt::format("position {} of a deleted row is negative, or not above the last one: {} of {}", position,
                     last_position_, last_path_),
         std::string(file_path));
  if (positions_.size() == rows_in_group_ || (!is_same_path && path_bytes_ >= most_dictionary_bytes)) end_group();
  if (positions_.empty() || !is_same_path) {
    paths_.emplace_back(file_path);
    rows_of_paths_.push_back(0);
    path_bytes_ += file_path.size();
  }
  ++rows_of_paths_.back();
  positions_.push_back(position);
  if (!is_same_path) last_path_ = file_path;
  last_position_ = position;
}

void position_delete_writer::append_page(page_kind kind, page_encoding encoding, std::size_t value_count,
                                         byte_view content) {
  append_page_header(
      made_.file, {kind, encoding, static_cast<std::int32_t>(value_count), static_cast<std::int32_t>(content.size())});
  made_.file += content;
}

column_chunk position_delete_writer::write_paths() {
  column_chunk chunk;
  chunk.encodings = bit_of(page_encoding::plain) | bit_of(page_encoding::rle) | bit_of(page_encoding::rle_dictionary);
  bytes dictionary;
  for (const std::string &path : paths_) {
    append_le(dictionary, static_cast<std::uint32_t>(path.size()));
    dictionary += path;
  }
  chunk.dictionary_page_offset = static_cast<std::int64_t>(made_.file.size());
  append_page(page_kind::dictionary, page_encoding::plain, paths_.size(), dictionary);
  // RLE runs of indices, all of one width, which readers want to be at least 1.
  const int bits = std::max(1, static_cast<int>(std::bit_width(paths_.size() - 1)));
  bytes indices(1, static_cast<char>(bits));
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    append_varint(indices, rows_of_paths_[i] << 1);
    for (int shift = 0; shift < bits; shift += 8) indices += static_cast<char>(i >> shift);
  }
  chunk.data_page_offset = static_cast<std::int64_t>(made_.file.size());
  append_page(page_kind::data, page_encoding::rle_dictionary, positions_.size(), indices);
  chunk.statistics.min_value = paths_.front();
  chunk.statistics.max_value = paths_.back();
  return chunk;
}

column_chunk position_delete_writer::write_positions() {
  column_chunk chunk;
  chunk.encodings = bit_of(page_encoding::plain) | bit_of(page_encoding::rle);
  chunk.data_page_offset = static_cast<std::int64_t>(made_.file.size());
  for (std::size_t at = 0; at < positions_.size(); at += most_positions_in_page) {
    const std::size_t count = std::min(most_positions_in_page, positions_.size() - at);
    const byte_view plain(reinterpret_cast<const char *>(positions_.data() + at), count * sizeof(std::int64_t));
    append_page(page_kind::data, page_encoding::plain, count, plain);
  }
  const auto [least, most] = std::minmax_element(positions_.begin(), positions_.end());
  chunk.statistics.min_value = plain_bytes(*least);
  chunk.statistics.max_value = plain_bytes(*most);
  return chunk;
}

void position_delete_writer::end_group() {
  if (positions_.empty()) return;
  row_group group;
  group.num_rows = static_cast<std::int64_t>(positions_.size());
  for (const auto write : {&position_delete_writer::write_paths, &position_delete_writer::write_positions}) {
    const std::size_t begin = made_.file.size();
    column_chunk &chunk = group.columns.emplace_back((this->*write)());
    chunk.num_values = group.num_rows;
    chunk.statistics.null_count = 0;
    chunk.total_uncompressed_size = chunk.total_compressed_size = static_cast<std::int64_t>(made_.file.size() - begin);
  }
  made_.footer.num_rows += group.num_rows;
  made_.footer.row_groups.push_back(std::move(group));
  paths_.clear();
  rows_of_paths_.clear();
  path_bytes_ = 0;
  positions_.clear();
}

position_delete_writer::written position_delete_writer::finish() && {
  end_group();
  append_footer(made_.file, made_.footer);
  return std::move(made_);
}

}  // namespace evodb
