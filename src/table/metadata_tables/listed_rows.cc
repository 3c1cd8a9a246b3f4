#include "table/metadata_tables/listed_rows.h"

#include <string_view>

#include "runtime/run_on.h"

namespace evodb {

task<std::optional<export_batch>> listed_rows::next() {
  if (next_ == count_) co_return std::nullopt;
  std::optional<export_batch> batch(columns_);
  auto write = [&] {
    for (; next_ < count_ && !is_full(*batch); ++next_) append_(*batch, next_);
  };
  co_await run_on(cpu_, write);
  co_return batch;
}

export_column timestamp_column(std::string name, bool is_nullable) {
  return {std::move(name), export_column::kind::fixed_width, is_nullable, "tsm:UTC", sizeof(std::int64_t)};
}

void append_timestamp(export_batch &to, std::size_t column, std::int64_t ms) {
  to.append_octets(column, std::string_view(reinterpret_cast<const char *>(&ms), sizeof ms));
}

}  // namespace evodb
