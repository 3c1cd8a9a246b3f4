#include "arrow/row_source.h"

namespace evodb {
namespace {

/// Rows come as they are found, and long texts are no reason for a batch of gigabytes.
constexpr std::int64_t most_rows = 16 * 1024;
constexpr std::size_t most_row_bytes = std::size_t{16} << 20;

}  // namespace

bool is_full(const export_batch &batch) noexcept {
  return batch.row_count() >= most_rows || batch.size_in_bytes() >= most_row_bytes;
}

}  // namespace evodb
