#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>

#include "arrow/arrow_arrays.h"
#include "arrow/import_data_files.h"
#include "codec/partition_json.h"
#include "finding.h"
#include "sample_table.h"
#include "table/files/suspect_rows.h"

using namespace evodb;
using testing::arrow_column;

namespace {

/// Makes arrays that keep Arrow's contract: buffers as long as lengths and offsets say, offsets that never fall, of any
/// values, validity, offset, order of columns and types. Now and then a schema that contradicts its array.
class array_maker {
 public:
  explicit array_maker(FuzzedDataProvider &from) : from_(from) {}

  void fill(arrow_column &table, std::int64_t rows) {
    static const char *const names[] = {
        "file_path",        "record_count",  "file_size_in_bytes",   "file_format",    "partition",
        "sort_order_id",    "split_offsets", "column_sizes",         "value_counts",   "null_value_counts",
        "nan_value_counts", "content",       "referenced_data_file", "content_offset", "content_size_in_bytes",
        "equality_ids",     "lower_bounds",  "upper_bounds",         "file_path",      "other"};
    const bool is_usual = from_.ConsumeProbability<double>() < 0.7;
    for (const char *name : names) {
      if (from_.ConsumeIntegralInRange(0, 9) < (is_usual ? 1 : 3)) continue;
      const std::string_view which = name;
      if (which == "other" && is_usual) break;
      add(table, name, rows, is_usual ? usual_format(which) : any_format());
      if (which == "upper_bounds" && is_usual) break;
    }
  }

 private:
  static const char *usual_format(std::string_view name) {
    if (name == "file_path" || name == "file_format" || name == "partition") return "u";
    if (name == "content" || name == "referenced_data_file") return "u";
    if (name == "record_count" || name == "file_size_in_bytes" || name.starts_with("content_")) return "l";
    if (name == "equality_ids") return "+li";
    if (name == "sort_order_id") return "i";
    if (name == "split_offsets") return "+l";
    return name.ends_with("bounds") ? "+mz" : "+ml";
  }
  const char *any_format() {
    return from_.PickValueInArray({"u", "U", "l", "i", "+l", "+L", "+li", "+ml", "+mz", "+mZ", "z", "Z", "+s", "tdD"});
  }

  void add(arrow_column &table, const char *name, std::int64_t rows, std::string_view format) {
    const std::int64_t skipped = any();
    rows += skipped;
    if (format.starts_with("+m")) {
      arrow_column &map = table.child("+m", name, rows);
      const std::int64_t entries = give_offsets(map, rows, false, any());
      const std::string values(format.substr(2));
      arrow_column &pairs = map.child("+s", "entries", entries);
      give_values(pairs.child("i", "key", entries), "i", entries);
      give_values(pairs.child(values, "value", entries), values, entries);
      finish(map, rows, skipped);
    } else if (format == "+l" || format == "+L" || format == "+li") {
      const bool is_large = format == "+L";
      const std::string item = format == "+li" ? "i" : "l";
      arrow_column &list = table.child(is_large ? "+L" : "+l", name, rows);
      const std::int64_t elements = give_offsets(list, rows, is_large, any());
      give_values(list.child(item, "item", elements), item, elements);
      finish(list, rows, skipped);
    } else if (format == "u" && name == std::string_view("content")) {
      arrow_column &column = table.child("u", name, rows);
      give_contents(column, rows);
      finish(column, rows, skipped);
    } else {
      arrow_column &column = table.child(std::string(format), name, rows);
      give_values(column, std::string(format), rows);
      finish(column, rows, skipped);
    }
  }

  std::int64_t any() { return from_.ConsumeIntegralInRange<std::int64_t>(0, 3); }

  /// Offsets of `count` values, beginning at `first`; how far they go.
  std::int64_t give_offsets(arrow_column &to, std::int64_t count, bool is_large, std::int64_t first) {
    std::vector<std::int64_t> offsets{first};
    for (std::int64_t i = 0; i < count; ++i)
      offsets.push_back(offsets.back() + from_.ConsumeIntegralInRange<std::int64_t>(0, 6));
    if (is_large)
      to.values(offsets);
    else
      to.values(std::vector<std::int32_t>(offsets.begin(), offsets.end()));
    return offsets.back();
  }

  void give_contents(arrow_column &to, std::int64_t count) {
    std::vector<std::int32_t> offsets{0};
    std::string text;
    for (std::int64_t i = 0; i < count; ++i) {
      text += from_.PickValueInArray({"data", "position_deletes", "equality_deletes", "", "?"});
      offsets.push_back(static_cast<std::int32_t>(text.size()));
    }
    to.values(offsets).text(text);
  }

  void give_values(arrow_column &to, const std::string &format, std::int64_t count) {
    if (format == "u" || format == "U" || format == "z" || format == "Z") {
      const std::int64_t size = give_offsets(to, count, format == "U" || format == "Z", any());
      std::string text = from_.ConsumeRandomLengthString(static_cast<std::size_t>(size));
      text.resize(static_cast<std::size_t>(size), 'x');
      to.text(text);
    } else if (format == "l" || format == "tdD") {
      to.values(numbers<std::int64_t>(count));
    } else if (format == "i") {
      to.values(numbers<std::int32_t>(count));
    }
  }

  template <typename T>
  std::vector<T> numbers(std::int64_t count) {
    std::vector<T> made;
    for (std::int64_t i = 0; i < count; ++i)
      made.push_back(from_.ConsumeBool() ? static_cast<T>(from_.ConsumeIntegralInRange(0, 24))
                                         : from_.ConsumeIntegral<T>());
    return made;
  }

  /// Validity, and an offset: `skipped` values lie before the first one.
  void finish(arrow_column &column, std::int64_t values, std::int64_t skipped) {
    if (from_.ConsumeBool()) {
      std::vector<std::uint8_t> bits(static_cast<std::size_t>(values + 7) / 8);
      for (std::uint8_t &octet : bits) octet = from_.ConsumeIntegral<std::uint8_t>();
      column.validity(bits);
    }
    column.offset(skipped);
  }

  FuzzedDataProvider &from_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  FuzzedDataProvider from(data, size);
  const auto rows = from.ConsumeIntegralInRange<std::int64_t>(0, 9);
  arrow_column table("+s", "", rows);
  array_maker(from).fill(table, rows);
  if (rows > 0 && from.ConsumeBool()) table.offset(from.ConsumeIntegralInRange<std::int64_t>(0, rows));
  static const schema columns = fuzz::sample_schema();
  static const partition_spec spec = [] {
    partition_spec whole = fuzz::sample_spec(columns);
    whole.fields.resize(3);
    return whole;
  }();
  static const std::vector<type> types = result_types(spec, columns);
  fuzz::attempt([&] {
    imported_data_files import = import_data_files(table.array, table.schema, columns);
    data_files &files = import.files;
    for (const std::string_view path : import.paths) files.file_paths.push_back(files.keep(path));
    const auto is_data = [](file_content content) { return content == file_content::data; };
    if (std::all_of(files.contents.begin(), files.contents.end(), is_data)) suspect_rows(files, columns, {});
    data_files_builder builder(0, types, {1000, 1001, 1002});
    for (std::size_t row = 0; row < files.size(); ++row) {
      data_file file = file_at(files, row);
      fuzz::attempt([&] {
        file.partition = read_partition_json(spec, types, import.partitions[row], file.file_path);
        builder.add(file);
      });
    }
    std::move(builder).finish();
  });
  return 0;
}
