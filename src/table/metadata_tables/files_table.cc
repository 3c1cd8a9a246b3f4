#include "table/metadata_tables/files_table.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "codec/json_writer.h"
#include "codec/single_value_json.h"
#include "runtime/run_on.h"
#include "table/diff/manifest_walk.h"
#include "table/scan/planned_files.h"

namespace evodb {
namespace {

std::vector<export_column> file_columns() {
  using kind = export_column::kind;
  return {{"content", kind::int32, false},
          {"file_path", kind::utf8, false},
          {"file_format", kind::utf8, false},
          {"spec_id", kind::int32, false},
          json_column("partition", false),
          {"record_count", kind::int64, false},
          {"file_size_in_bytes", kind::int64, false},
          json_column("column_sizes", true),
          json_column("value_counts", true),
          json_column("null_value_counts", true),
          json_column("nan_value_counts", true),
          json_column("lower_bounds", true),
          json_column("upper_bounds", true),
          {"key_metadata", kind::binary, true},
          json_column("split_offsets", true),
          json_column("equality_ids", true),
          {"sort_order_id", kind::int32, true},
          {"first_row_id", kind::int64, true},
          {"referenced_data_file", kind::utf8, true},
          {"content_offset", kind::int64, true},
          {"content_size_in_bytes", kind::int64, true}};
}

/// A bound that cannot be read as the type is not known.
std::optional<std::string> bound_json(const type &t, std::string_view bound) {
  const std::optional<value> known = bound_from_single_value(t, bound);
  if (!known) return std::nullopt;
  try {
    std::string text;
    json_writer to(text);
    write_single_value(to, t, *known);
    return text;
  } catch (const error &) {  // text that was cut within a character, a fixed that was cut short
    return std::nullopt;
  }
}

class file_rows final : public row_source {
 public:
  file_rows(const table &of, std::shared_ptr<const manifest_files> manifests)
      : of_(of), columns_(file_columns()), walk_(of, std::move(manifests), manifest_columns_wanted::all()) {}

  task<std::optional<export_batch>> next() override {
    std::optional<export_batch> batch(columns_);
    while (!is_full(*batch)) {
      if (next_ == files_.rows.size()) {
        if (batch->row_count() > 0 && !walk_.has_ready()) break;
        std::optional<manifest_walk::walked> one = co_await walk_.next();
        if (!one) break;
        begin(*one);
      }
      auto write = [&] {
        for (; next_ < files_.rows.size() && !is_full(*batch); ++next_) append(*batch);
      };
      co_await run_on(of_.context()->runtime().cpu(), write);
    }
    if (batch->row_count() == 0) batch.reset();
    co_return batch;
  }

 private:
  void begin(const manifest_walk::walked &one) {
    files_ = planned_files();
    files_.entries = one.entries;
    files_.pruning = one.spec;
    next_ = 0;
    for (std::size_t row = 0; row < one.entries->size(); ++row) {
      if (one.entries->is_live(row)) files_.rows.push_back(static_cast<std::uint32_t>(row));
    }
    first_row_ids_ = one.entries.first_row_ids();
  }

  void append(export_batch &to) {
    const data_files &files = files_.columns();
    const std::size_t row = files_.rows[next_];
    std::size_t column = 0;
    to.append_int32(column++, static_cast<std::int32_t>(files.contents[row]));
    to.append_text(column++, files.path(row));
    to.append_text(column++, name_of(files.file_formats[row]));
    to.append_int32(column++, files_.pruning->spec().spec_id);
    to.append_text(column++, files_.partition_json(next_));
    to.append_int64(column++, files.record_counts[row]);
    to.append_int64(column++, files.file_sizes[row]);
    for (const auto counts : {&metrics_column::column_sizes, &metrics_column::value_counts,
                              &metrics_column::null_value_counts, &metrics_column::nan_value_counts}) {
      to.append_text_or_null(column++, counts_json(row, counts));
    }
    for (const auto bounds : {&metrics_column::lower_bounds, &metrics_column::upper_bounds}) {
      to.append_text_or_null(column++, bounds_json(row, bounds));
    }
    append_text_of(to, column++, files.key_metadata, row);
    append_numbers_of(to, column++, files.split_offsets, row);
    append_numbers_of(to, column++, files.equality_ids, row);
    const bool is_sorted = !files.sort_order_ids.empty() && files.sort_order_ids[row] != data_files::no_sort_order;
    if (is_sorted) {
      to.append_int32(column++, files.sort_order_ids[row]);
    } else {
      to.append_null(column++);
    }
    append_number_of(to, column++, first_row_ids_, row);
    append_text_of(to, column++, files.referenced_data_files, row);
    append_number_of(to, column++, files.content_offsets, row);
    append_number_of(to, column++, files.content_sizes, row);
  }

  void append_text_of(export_batch &to, std::size_t column, const std::vector<span> &texts, std::size_t row) const {
    if (texts.empty() || texts[row].is_null()) {
      to.append_null(column);
    } else {
      to.append_text(column, files_.columns().text(texts[row]));
    }
  }

  static void append_number_of(export_batch &to, std::size_t column, const std::vector<std::int64_t> &numbers,
                               std::size_t row) {
    if (numbers.empty() || numbers[row] == data_files::no_value) {
      to.append_null(column);
    } else {
      to.append_int64(column, numbers[row]);
    }
  }

  template <typename Number>
  static void append_numbers_of(export_batch &to, std::size_t column, const list_column<Number> &lists,
                                std::size_t row) {
    std::string text;
    if (lists.offsets.size() > row + 1) {
      for (std::uint32_t i = lists.offsets[row]; i < lists.offsets[row + 1]; ++i) {
        text += (text.empty() ? '[' : ',') + std::to_string(lists.values[i]);
      }
    }
    to.append_text_or_null(column, text.empty() ? text : text + ']');
  }

  /// Empty where the file has none.
  std::string counts_json(std::size_t row, std::vector<std::int64_t> metrics_column::*counts) const {
    std::string text;
    for (const metrics_column &one : files_.columns().metrics) {
      const std::vector<std::int64_t> &numbers = one.*counts;
      if (numbers.empty() || numbers[row] < 0) continue;
      text += (text.empty() ? "{\"" : ",\"") + std::to_string(one.field_id) + "\":" + std::to_string(numbers[row]);
    }
    return text.empty() ? text : text + '}';
  }

  std::string bounds_json(std::size_t row, bound_column metrics_column::*bounds) {
    std::string text;
    for (const metrics_column &one : files_.columns().metrics) {
      const std::optional<byte_view> octets = (one.*bounds).at(row, files_.columns().arena);
      const type *t = octets ? type_of(one.field_id) : nullptr;
      if (t == nullptr) continue;
      const std::optional<std::string> bound = bound_json(*t, *octets);
      if (bound) text += (text.empty() ? "{\"" : ",\"") + std::to_string(one.field_id) + "\":" + *bound;
    }
    return text.empty() ? text : text + '}';
  }

  /// Of the newest schema that has the field. Null if none has.
  const type *type_of(std::int32_t field_id) {
    const auto [known, is_new] = types_.try_emplace(field_id, nullptr);
    if (!is_new) return known->second;
    const table_metadata &metadata = *of_.metadata();
    const field *found = metadata.current_schema()->find(field_id);
    for (auto one = metadata.schemas.rbegin(); one != metadata.schemas.rend() && found == nullptr; ++one) {
      found = (*one)->find(field_id);
    }
    if (found != nullptr) known->second = &found->type;
    return known->second;
  }

  const table of_;
  const std::vector<export_column> columns_;
  manifest_walk walk_;
  planned_files files_;
  std::size_t next_ = 0;  ///< of the files' rows
  std::vector<std::int64_t> first_row_ids_;
  std::map<std::int32_t, const type *> types_;
};

}  // namespace

row_set files_table(const table &of, std::shared_ptr<const manifest_files> manifests) {
  row_set rows;
  rows.columns = file_columns();
  rows.open = [of, manifests = std::move(manifests)] { return std::make_shared<file_rows>(of, manifests); };
  return rows;
}

}  // namespace evodb
