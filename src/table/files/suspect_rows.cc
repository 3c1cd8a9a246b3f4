#include "table/files/suspect_rows.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/little_endian.h"
#include "base/utf8.h"
#include "model/partition_check.h"

namespace evodb {
namespace {

using bound = std::optional<std::string_view>;

std::int64_t at(const std::vector<std::int64_t> &counts, std::size_t row) noexcept {
  return counts.empty() ? data_files::no_value : counts[row];
}

template <typename Number>
bool are_numbers_in_order(const bound &lower, const bound &upper) noexcept {
  if ((lower && lower->size() != sizeof(Number)) || (upper && upper->size() != sizeof(Number))) return false;
  const Number least = lower ? load_le<Number>(lower->data()) : Number();
  const Number most = upper ? load_le<Number>(upper->data()) : Number();
  const bool are_no_nan = least == least && most == most;
  return are_no_nan && (!lower || !upper || least <= most);
}

bool are_decimals_in_order(const bound &lower, const bound &upper) noexcept {
  const auto is_decimal = [](const bound &b) { return !b || (!b->empty() && b->size() <= sizeof(int128)); };
  if (!is_decimal(lower) || !is_decimal(upper)) return false;
  return !lower || !upper || int128_from_big_endian(*lower) <= int128_from_big_endian(*upper);
}

/// False also where they are not looked at.
bool are_surely_in_order(const type &t, const bound &lower, const bound &upper) {
  switch (t.kind()) {
    case type_kind::int32:
    case type_kind::date:
      return are_numbers_in_order<std::int32_t>(lower, upper);
    case type_kind::int64:
    case type_kind::time:
    case type_kind::timestamp:
    case type_kind::timestamptz:
    case type_kind::timestamp_ns:
    case type_kind::timestamptz_ns:
      return are_numbers_in_order<std::int64_t>(lower, upper);
    case type_kind::float32:
      return are_numbers_in_order<float>(lower, upper);
    case type_kind::float64:
      return are_numbers_in_order<double>(lower, upper);
    case type_kind::decimal:
      return are_decimals_in_order(lower, upper);
    case type_kind::string:
      if ((lower && !is_utf8(*lower)) || (upper && !is_utf8(*upper))) return false;
      return !lower || !upper || *lower <= *upper;
    case type_kind::binary:
      return !lower || !upper || *lower <= *upper;
    default:
      return false;
  }
}

/// The rows of which something is suspected, and what is looked at.
class suspicion {
 public:
  suspicion(const data_files &files, const schema &columns)
      : files_(files), columns_(columns), suspected_(files.record_counts.size()) {}

  void look_at_sizes() {
    for (std::size_t row = 0; row < suspected_.size(); ++row) {
      suspected_[row] |= files_.record_counts[row] < 0 || files_.file_sizes[row] < 0;
    }
  }

  void look_at_split_offsets() {
    const std::vector<std::uint32_t> &ends = files_.split_offsets.offsets;
    for (std::size_t row = 0; row < suspected_.size(); ++row) {
      std::int64_t before = -1;
      for (std::uint32_t i = ends[row]; i < ends[row + 1]; ++i) {
        suspected_[row] |= files_.split_offsets.values[i] <= before;
        before = files_.split_offsets.values[i];
      }
    }
  }

  void look_at(const metrics_column &metrics) {
    const field &column = *columns_.find(metrics.field_id);
    const bool is_single_valued = columns_.is_single_valued(column.id);
    const bool is_at_top = columns_.parent_of(column.id) == schema::no_parent;
    const bool has_no_nulls = columns_.is_never_null(column.id);
    for (std::size_t row = 0; row < suspected_.size(); ++row) {
      const std::int64_t sizes = at(metrics.column_sizes, row), values = at(metrics.value_counts, row);
      const std::int64_t nulls = at(metrics.null_value_counts, row), nans = at(metrics.nan_value_counts, row);
      const std::int64_t records = files_.record_counts[row];
      const std::int64_t most = values < 0 ? records : values;
      const std::int64_t missing = std::max<std::int64_t>(nulls, 0), not_numbers = std::max<std::int64_t>(nans, 0);
      const bool are_counts = std::min({sizes, values, nulls, nans}) >= data_files::no_value;
      const bool fits_records = is_single_valued ? most <= records && (!is_at_top || most == records)
                                                 : values >= 0 || (nulls <= 0 && nans <= 0);
      const bool fits_values = missing <= most && not_numbers <= most - missing && !(has_no_nulls && missing > 0);
      const bound lower = metrics.lower_bounds.at(row, files_.arena);
      const bound upper = metrics.upper_bounds.at(row, files_.arena);
      const bool are_bounds =
          (!lower && !upper) || (missing + not_numbers < most && are_surely_in_order(column.type, lower, upper));
      suspected_[row] |= !(are_counts && fits_records && fits_values && are_bounds);
    }
  }

  /// The statistics of the column that a partition field is of, whose bounds are in order.
  void look_at(const partition_field &field, const value_column &partitions) {
    const metrics_column *metrics = files_.find_metrics(field.source_id());
    if (metrics == nullptr) return;
    const type &t = columns_.find(field.source_id())->type;
    const std::string name = columns_.full_name(field.source_id());
    const auto known = [](std::int64_t count) { return count < 0 ? std::nullopt : std::optional(count); };
    const auto value_of = [&](const bound &b) { return b ? std::optional(from_single_value(t, *b)) : std::nullopt; };
    column_facts facts;
    for (std::size_t row = 0; row < suspected_.size(); ++row) {
      if (suspected_[row] != 0) continue;
      facts.value_count = known(at(metrics->value_counts, row)).value_or(files_.record_counts[row]);
      facts.null_count = known(at(metrics->null_value_counts, row));
      facts.nan_count = known(at(metrics->nan_value_counts, row));
      facts.lower = value_of(metrics->lower_bounds.at(row, files_.arena));
      facts.upper = value_of(metrics->upper_bounds.at(row, files_.arena));
      const value given = partitions.at(row, files_.arena);
      suspected_[row] = partition_contradiction(field.transform, t, name, facts, given).has_value();
    }
  }

  std::vector<std::uint8_t> rows() && { return std::move(suspected_); }

 private:
  const data_files &files_;
  const schema &columns_;
  std::vector<std::uint8_t> suspected_;
};

}  // namespace

std::vector<std::uint8_t> suspect_rows(const data_files &files, const schema &columns, const partition_spec &spec) {
  suspicion found(files, columns);
  found.look_at_sizes();
  found.look_at_split_offsets();
  for (const metrics_column &metrics : files.metrics) found.look_at(metrics);
  for (std::size_t i = 0; i < spec.fields.size(); ++i) {
    if (spec.fields[i].source_ids.size() == 1) found.look_at(spec.fields[i], files.partitions[i]);
  }
  return std::move(found).rows();
}

}  // namespace evodb
