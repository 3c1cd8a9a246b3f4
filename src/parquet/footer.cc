#include "parquet/footer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/little_endian.h"
#include "parquet/schema_elements.h"
#include "parquet/schema_leaves.h"
#include "parquet/thrift_compact.h"

namespace evodb {
namespace {

using wire_type = thrift_compact_reader::wire_type;
std::int64_t read_count(thrift_compact_reader &in, wire_type type) {
  const std::int64_t count = in.read_i64(type);
  if (count < 0) in.fail_here("a negative count, size or offset");
  return count;
}

template <typename T>
T required(const thrift_compact_reader &in, const std::optional<T> &value, std::string_view name) {
  if (!value) in.fail_here(fmt::format("{} is missing", name));
  return *value;
}

column_statistics read_statistics(thrift_compact_reader &in, wire_type type) {
  column_statistics s;
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1:
        s.signed_max = in.read_binary(field);
        break;
      case 2:
        s.signed_min = in.read_binary(field);
        break;
      case 3:
        s.null_count = read_count(in, field);
        break;
      case 5:
        s.max_value = in.read_binary(field);
        break;
      case 6:
        s.min_value = in.read_binary(field);
        break;
      case 7:
        s.is_max_cut = !in.read_bool(field);
        break;
      case 8:
        s.is_min_cut = !in.read_bool(field);
        break;
      case 9:
        s.nan_count = read_count(in, field);
        break;
      default:
        in.skip(field);
    }
  });
  return s;
}

std::vector<std::int64_t> read_definition_level_histogram(thrift_compact_reader &in, wire_type type) {
  std::vector<std::int64_t> histogram;
  in.read_struct(type, [&](int id, wire_type field) {
    if (id != 3) return in.skip(field);
    histogram.clear();
    in.read_list(field, [&](wire_type element) { histogram.push_back(read_count(in, element)); });
  });
  return histogram;
}

void check_path(thrift_compact_reader &in, wire_type type, const std::vector<std::string_view> &path) {
  std::size_t at = 0;
  bool same = true;
  in.read_list(type, [&](wire_type element) {
    const byte_view segment = in.read_binary(element);
    same = same && at < path.size() && segment == path[at++];
  });
  if (!same || at != path.size()) in.fail_here("the columns of a row group are not those of the schema");
}

column_chunk read_column_meta_data(thrift_compact_reader &in, wire_type type, const schema_leaf &of) {
  column_chunk chunk;
  std::optional<std::int32_t> physical, codec;
  std::optional<std::int64_t> num_values, uncompressed, compressed, data_page_offset;
  bool has_path = false;
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1:
        physical = in.read_i32(field);
        break;
      case 2:
        in.read_list(field, [&](wire_type element) {
          const std::int32_t encoding = in.read_i32(element);
          const bool is_known = encoding >= 0 && encoding < column_chunk::later_encoding;
          chunk.encodings |= std::uint32_t{1} << (is_known ? encoding : column_chunk::later_encoding);
        });
        break;
      case 3:
        check_path(in, field, of.path);
        has_path = true;
        break;
      case 4:
        codec = in.read_i32(field);
        break;
      case 5:
        num_values = read_count(in, field);
        break;
      case 6:
        uncompressed = read_count(in, field);
        break;
      case 7:
        compressed = read_count(in, field);
        break;
      case 9:
        data_page_offset = read_count(in, field);
        break;
      case 11:
        chunk.dictionary_page_offset = read_count(in, field);
        break;
      case 12:
        chunk.statistics = read_statistics(in, field);
        break;
      case 16:
        chunk.definition_level_histogram = read_definition_level_histogram(in, field);
        break;
      default:
        in.skip(field);
    }
  });
  if (required(in, physical, "a column's type") != static_cast<std::int32_t>(*of.node->physical))
    in.fail_here("a column's type is not the schema's");
  if (!has_path) in.fail_here("a column's path is missing");
  chunk.codec = required(in, codec, "a column's codec");
  chunk.num_values = required(in, num_values, "a column's number of values");
  chunk.total_uncompressed_size = required(in, uncompressed, "a column's uncompressed size");
  chunk.total_compressed_size = required(in, compressed, "a column's compressed size");
  chunk.data_page_offset = required(in, data_page_offset, "a column's data page offset");
  return chunk;
}

[[noreturn]] void fail_unsupported(std::string_view what, std::string_view file) {
  fail(status::UNSUPPORTED, fmt::format("{}: {}", what, file), std::string(file));
}

column_chunk read_column_chunk(thrift_compact_reader &in, wire_type type, const schema_leaf &of,
                               std::string_view file) {
  std::optional<column_chunk> chunk;
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1:
        fail_unsupported("the Parquet file keeps columns in other files", file);
      case 3:
        chunk = read_column_meta_data(in, field, of);
        break;
      case 8:
      case 9:
        fail_unsupported("the Parquet file has encrypted columns", file);
      default:
        in.skip(field);
    }
  });
  if (!chunk) in.fail_here("a column's metadata is missing");
  return *std::move(chunk);
}

row_group read_row_group(thrift_compact_reader &in, wire_type type, const std::vector<schema_leaf> &leaves,
                         std::string_view file) {
  row_group group;
  std::optional<std::int64_t> num_rows;
  in.read_struct(type, [&](int id, wire_type field) {
    switch (id) {
      case 1:
        group.columns.clear();
        in.read_list(field, [&](wire_type element) {
          if (group.columns.size() == leaves.size()) in.fail_here("a row group has more columns than the schema");
          group.columns.push_back(read_column_chunk(in, element, leaves[group.columns.size()], file));
        });
        break;
      case 3:
        num_rows = read_count(in, field);
        break;
      default:
        in.skip(field);
    }
  });
  if (group.columns.size() != leaves.size()) in.fail_here("a row group has fewer columns than the schema");
  group.num_rows = required(in, num_rows, "a row group's number of rows");
  return group;
}

column_order read_column_order(thrift_compact_reader &in, wire_type type) {
  column_order order = column_order::undefined;
  in.read_struct(type, [&](int id, wire_type field) {
    if (id == 1) order = column_order::type_defined;
    if (id == 2) order = column_order::ieee754_total;
    in.skip(field);
  });
  return order;
}

std::pair<std::string, std::string> read_key_value(thrift_compact_reader &in, wire_type type) {
  std::pair<std::string, std::string> pair;
  in.read_struct(type, [&](int id, wire_type field) {
    if (id == 1) {
      pair.first = in.read_binary(field);
    } else if (id == 2) {
      pair.second = in.read_binary(field);
    } else {
      in.skip(field);
    }
  });
  return pair;
}

}  // namespace

std::int64_t column_chunk::start() const noexcept {
  // Some writers say 0 where there is no dictionary; no page lies there, for the file begins with its magic.
  const std::int64_t dictionary = dictionary_page_offset.value_or(0);
  return dictionary > 0 ? std::min(dictionary, data_page_offset) : data_page_offset;
}

footer_extent find_footer(byte_view last_bytes, std::int64_t file_size, std::string_view file) {
  const auto fail_corrupt = [&](std::string_view problem) {
    fail(status::CORRUPT, fmt::format("{}: {} ({} bytes)", problem, file, file_size), std::string(file));
  };
  constexpr std::string_view encrypted_magic = "PARE";
  constexpr auto magic_length = static_cast<std::int64_t>(parquet_magic.size());
  if (last_bytes.size() < footer_tail_length || file_size < magic_length + footer_tail_length)
    fail_corrupt("too short for a Parquet file");
  const byte_view tail = last_bytes.substr(last_bytes.size() - footer_tail_length);
  if (tail.substr(4) == encrypted_magic) fail_unsupported("the footer of the Parquet file is encrypted", file);
  if (tail.substr(4) != parquet_magic) fail_corrupt("not a Parquet file, or one that was cut short");
  const std::int64_t length = load_le<std::uint32_t>(tail.data());
  if (length > file_size - footer_tail_length - magic_length)
    fail_corrupt("the Parquet footer is longer than the file");
  if (length > max_footer_length) fail_corrupt("the Parquet footer is longer than any real one");
  return {file_size - footer_tail_length - length, length};
}

parquet_footer read_footer(byte_view data, std::string_view file) {
  thrift_compact_reader in(data, file);
  parquet_footer footer;
  bool has_schema = false, has_row_groups = false;
  std::vector<schema_leaf> leaves;
  std::optional<std::int64_t> num_rows;
  std::int64_t rows_in_groups = 0;
  in.read_struct(wire_type::structure, [&](int id, wire_type field) {
    switch (id) {
      case 2: {
        if (has_schema) in.fail_here("a second schema");
        footer.root = read_schema_elements(in, field);
        leaves = leaves_of(footer.root);
        has_schema = true;
        break;
      }
      case 3:
        num_rows = read_count(in, field);
        break;
      case 4:
        // Every writer writes in the order of the ids, and the columns are checked against the schema as they are read.
        if (!has_schema || has_row_groups) in.fail_here("row groups before the schema, or twice");
        has_row_groups = true;
        in.read_list(field, [&](wire_type element) {
          footer.row_groups.push_back(read_row_group(in, element, leaves, file));
          if (__builtin_add_overflow(rows_in_groups, footer.row_groups.back().num_rows, &rows_in_groups))
            in.fail_here("the number of rows does not fit 64 bits");
        });
        break;
      case 5:
        footer.key_value_metadata.clear();
        in.read_list(field,
                     [&](wire_type element) { footer.key_value_metadata.push_back(read_key_value(in, element)); });
        break;
      case 6:
        footer.created_by = in.read_binary(field);
        break;
      case 7:
        footer.column_orders.clear();
        in.read_list(field, [&](wire_type element) { footer.column_orders.push_back(read_column_order(in, element)); });
        break;
      case 8:
        fail_unsupported("the Parquet file has encrypted columns", file);
      default:
        in.skip(field);
    }
  });
  if (!has_schema || !has_row_groups) in.fail_here("the schema or the row groups are missing");
  footer.num_rows = required(in, num_rows, "the number of rows");
  if (footer.num_rows != rows_in_groups)
    in.fail_here(fmt::format("the file has {} rows, its row groups {}", footer.num_rows, rows_in_groups));
  if (!footer.column_orders.empty() && footer.column_orders.size() != leaves.size())
    in.fail_here("the column orders are not one for each column");
  return footer;
}

}  // namespace evodb
