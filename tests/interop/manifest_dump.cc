// Prints manifests as JSON, for comparison with other readers: for each path given, or for each line of standard input
// where none is given, one line {"entries":[…]} or {"error":"CORRUPT","message":…,"subject":…}. Bytes and texts are
// hexadecimal. The partition's types are those of the Avro schema. Entries inherit sequence number 7, snapshot id 99
// and first row id 1000.
//
// manifest_dump --sample null|deflate writes a small manifest to standard output.
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/little_endian.h"
#include "codec/avro_file.h"
#include "codec/avro_schema.h"
#include "codec/manifest_reader.h"
#include "codec/manifest_writer.h"
#include "codec/sample_manifest.h"

namespace {

using namespace evodb;

type type_of(const avro_type &t) {
  switch (t.kind) {
    case avro_kind::boolean:
      return type_kind::boolean;
    case avro_kind::int32:
      return t.logical_type == "date" ? type_kind::date : type_kind::int32;
    case avro_kind::int64:
      return type_kind::int64;
    case avro_kind::float32:
      return type_kind::float32;
    case avro_kind::float64:
      return type_kind::float64;
    case avro_kind::string:
      return type_kind::string;
    case avro_kind::binary:
      return type_kind::binary;
    case avro_kind::fixed:
      return type::fixed(static_cast<int>(t.size));
    default:
      return type_kind::unknown;
  }
}

const avro_type *record_in(const avro_type &record, std::int32_t field_id) {
  for (const avro_field &f : record.fields) {
    if (f.field_id == field_id) return option_of(*f.type).type;
  }
  return nullptr;
}

/// A spec whose fields are those of the manifest's partition record.
std::pair<partition_spec, std::vector<type>> partition_of(const avro_schema &written) {
  std::pair<partition_spec, std::vector<type>> result;
  const avro_type *file = record_in(written.root(), static_cast<std::int32_t>(manifest_field::data_file));
  const avro_type *partition =
      file == nullptr ? nullptr : record_in(*file, static_cast<std::int32_t>(manifest_field::partition));
  if (partition == nullptr) return result;
  for (const avro_field &f : partition->fields) {
    partition_field field;
    field.source_ids = {1};
    field.field_id = f.field_id.value_or(0);
    field.name = f.name;
    result.first.fields.push_back(std::move(field));
    result.second.push_back(type_of(*option_of(*f.type).type));
  }
  return result;
}

std::string quoted_hex(std::string_view data) {
  return "\"" + to_hex(data) + "\"";
}

std::string span_json(const data_files &files, const std::vector<span> &column, std::size_t row) {
  return column.empty() || column[row].is_null() ? "null" : quoted_hex(files.text(column[row]));
}

std::string bound_json(const data_files &files, const bound_column &bounds, std::size_t row) {
  const std::optional<byte_view> bound = bounds.at(row, files.arena);
  return bound ? quoted_hex(*bound) : "null";
}

std::string number_json(const std::vector<std::int64_t> &column, std::size_t row) {
  return column.empty() || column[row] == data_files::no_value ? "null" : std::to_string(column[row]);
}

template <typename T>
std::string list_json(const list_column<T> &lists, std::size_t row) {
  return fmt::format(
      "[{}]", fmt::join(lists.values.begin() + lists.offsets[row], lists.values.begin() + lists.offsets[row + 1], ","));
}

std::string partition_json(const data_files &files, std::size_t row) {
  std::vector<std::string> values;
  for (const value_column &column : files.partitions) {
    const value_column::storage storage = value_column::storage_of(column.type);
    if (storage == value_column::storage::none || column.valid[row] == 0) {
      values.emplace_back("null");
    } else if (storage == value_column::storage::integers) {
      values.push_back(std::to_string(column.integers[row]));
    } else if (storage == value_column::storage::doubles) {
      bytes bits;
      append_le(bits, column.doubles[row]);
      values.push_back(quoted_hex(bits));
    } else {
      values.push_back(quoted_hex(files.text(column.spans[row])));
    }
  }
  return fmt::format("[{}]", fmt::join(values, ","));
}

std::string metrics_json(const data_files &files, std::size_t row) {
  std::vector<std::string> values;
  for (const metrics_column &m : files.metrics) {
    values.push_back(fmt::format(R"("{}":[{},{},{},{},{},{}])", m.field_id, number_json(m.column_sizes, row),
                                 number_json(m.value_counts, row), number_json(m.null_value_counts, row),
                                 number_json(m.nan_value_counts, row), bound_json(files, m.lower_bounds, row),
                                 bound_json(files, m.upper_bounds, row)));
  }
  return fmt::format("{{{}}}", fmt::join(values, ","));
}

std::string entry_json(const manifest_entries &entries, std::size_t row) {
  const data_files &f = entries.files;
  const std::string sort_order =
      f.sort_order_ids[row] == data_files::no_sort_order ? "null" : std::to_string(f.sort_order_ids[row]);
  return fmt::format(
      R"({{"status":{},"snapshot_id":{},"sequence_number":{},"file_sequence_number":{},"content":{},"file_path":{},"file_format":"{}",)"
      R"("partition":{},"record_count":{},"file_size":{},"metrics":{},"key_metadata":{},"split_offsets":{},"equality_ids":{},)"
      R"("sort_order_id":{},"first_row_id":{},"referenced_data_file":{},"content_offset":{},"content_size":{}}})",
      static_cast<int>(entries.statuses[row]), entries.snapshot_ids[row], entries.sequence_numbers[row],
      entries.file_sequence_numbers[row], static_cast<int>(f.contents[row]), quoted_hex(f.path(row)),
      name_of(f.file_formats[row]), partition_json(f, row), f.record_counts[row], f.file_sizes[row],
      metrics_json(f, row), span_json(f, f.key_metadata, row), list_json(f.split_offsets, row),
      list_json(f.equality_ids, row), sort_order, number_json(f.first_row_ids, row),
      span_json(f, f.referenced_data_files, row), number_json(f.content_offsets, row),
      number_json(f.content_sizes, row));
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    result += code < 0x20 || code > 0x7e || c == '"' || c == '\\' ? fmt::format("\\u{:04x}", code) : std::string(1, c);
  }
  return result;
}

std::string dump(const std::string &path) {
  try {
    std::ifstream in(path, std::ios::binary);
    const bytes file{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const manifest_header header = read_manifest_header(file, path);
    const auto [spec, types] = partition_of(*avro_schema::parse(header.avro_schema, path));
    manifest_file listed;
    listed.manifest_path = path;
    listed.content = header.content;
    listed.sequence_number = 7;
    listed.added_snapshot_id = 99;
    if (header.content == manifest_content::data) listed.first_row_id = 1000;
    manifest_columns_wanted wanted;
    wanted.all_metrics = wanted.column_sizes = wanted.details = true;
    wanted.live_only = false;
    memory_budget budget(std::int64_t{64} << 20);
    const manifest_entries entries = read_manifest(file, listed, spec, types, wanted, budget);
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < entries.size(); ++row) rows.push_back(entry_json(entries, row));
    return fmt::format(R"({{"entries":[{}]}})", fmt::join(rows, ","));
  } catch (const error &e) {
    return fmt::format(R"({{"error":"{}","message":"{}","subject":"{}"}})", name_of(e.code()), escaped(e.message()),
                       escaped(e.subject()));
  }
}

}  // namespace

int main(int argc, char **argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--sample") {
    const bytes sample = testing::sample_manifest(std::string_view(argv[2]) == "deflate");
    std::cout.write(sample.data(), static_cast<std::streamsize>(sample.size()));
    return 0;
  }
  for (int i = 1; i < argc; ++i) std::cout << dump(argv[i]) << '\n';
  if (argc == 1) {
    for (std::string path; std::getline(std::cin, path);) std::cout << dump(path) << '\n';
  }
}
