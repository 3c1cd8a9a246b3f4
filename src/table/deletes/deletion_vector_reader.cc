#include "table/deletes/deletion_vector_reader.h"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "base/error.h"
#include "runtime/run_on.h"

namespace evodb {
namespace {

void check_place(const stored_vector &vector) {
  constexpr std::int64_t largest_blob = std::numeric_limits<std::int32_t>::max();  // of Iceberg Java
  constexpr std::int64_t farthest = std::numeric_limits<std::int64_t>::max() - largest_blob;
  if (vector.offset < 0 || vector.offset > farthest || vector.size < 1 || vector.size > largest_blob)
    fail(status::INVALID_ARGUMENT,
         fmt::format("no deletion vector has content_offset {} and content_size_in_bytes {}", vector.offset,
                     vector.size),
         vector.path);
}

}  // namespace

task<deleted_positions> read_deletion_vector(std::shared_ptr<const storage> where, stored_vector vector) {
  check_place(vector);
  std::string key = where->key_of(vector.path);
  memory_budget &budget = where->runtime()->memory();
  const memory_budget::reservation held = budget.reserve(vector.size);
  const byte_range part(vector.offset, vector.size);
  const std::optional<object> blob = co_await where->store().get_content(std::move(key), part);
  if (!blob) fail(status::NOT_FOUND, "no such file", vector.path);
  if (static_cast<std::int64_t>(blob->body.size()) != vector.size)
    fail(status::CORRUPT,
         fmt::format("the file of {} bytes ends before the deletion vector at offset {} of {} bytes: {}",
                     blob->meta.size, vector.offset, vector.size, vector.path),
         vector.path);
  auto decode = [&] { return decode_deletion_vector(blob->body, vector.path, budget); };
  deleted_positions read = co_await run_on(where->runtime()->cpu(), decode);
  const auto count = static_cast<std::int64_t>(read.positions.size());
  if (vector.cardinality && *vector.cardinality != count)
    fail(status::CORRUPT,
         fmt::format("the deletion vector at offset {} has {} positions, its entry says {}: {}", vector.offset, count,
                     *vector.cardinality, vector.path),
         vector.path);
  co_return read;
}

}  // namespace evodb
