#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "arrow/row_source.h"

namespace evodb {

/// Rows of what is in memory already.
class listed_rows final : public row_source {
 public:
  /// `append(batch, i)` appends the i-th row.
  using appender = std::function<void(export_batch &, std::size_t)>;
  listed_rows(executor cpu, std::vector<export_column> columns, std::size_t count, appender append)
      : cpu_(std::move(cpu)), columns_(std::move(columns)), count_(count), append_(std::move(append)) {}

  task<std::optional<export_batch>> next() override;

 private:
  const executor cpu_;
  const std::vector<export_column> columns_;
  const std::size_t count_;
  const appender append_;
  std::size_t next_ = 0;
};

/// Milliseconds since the epoch, in UTC.
export_column timestamp_column(std::string name, bool is_nullable);
void append_timestamp(export_batch &to, std::size_t column, std::int64_t ms);

template <typename Number>
void append_or_null(export_batch &to, std::size_t column, const std::optional<Number> &number) {
  if (!number) {
    to.append_null(column);
  } else if constexpr (sizeof(Number) == sizeof(std::int32_t)) {
    to.append_int32(column, *number);
  } else {
    to.append_int64(column, *number);
  }
}

}  // namespace evodb
