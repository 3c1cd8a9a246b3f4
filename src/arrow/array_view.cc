#include "arrow/array_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/error.h"

namespace evodb {
namespace {

/// No array has more values, so that no count of bytes or bits overflows.
constexpr std::int64_t most_values = std::numeric_limits<std::int64_t>::max() / 64;

template <typename Structure>
void check_children(const Structure &parent, std::int64_t count, const std::string &column, std::string_view what) {
  if (parent.n_children != count) {
    fail_column(column, fmt::format("{} has {} children instead of {}", what, parent.n_children, count));
  }
  for (std::int64_t i = 0; i < count; ++i) {
    if (parent.children == nullptr || parent.children[i] == nullptr || parent.children[i]->release == nullptr) {
      fail_column(column, fmt::format("child {} of {} is missing or released", i, what));
    }
  }
}

void check_schema(const imported_array &from, std::initializer_list<std::string_view> formats,
                  std::int64_t child_count) {
  const ArrowSchema &described = *from.described;
  const std::string_view format = described.format == nullptr ? "" : described.format;
  if (std::find(formats.begin(), formats.end(), format) == formats.end()) {
    fail_column(from.column,
                fmt::format("Arrow type '{}' where '{}' is expected", format, fmt::join(formats, "' or '")));
  }
  if (described.dictionary != nullptr) fail_column(from.column, "dictionary-encoded, which is not taken");
  check_children(described, child_count, from.column, "its schema");
}

void check_array(const imported_array &from, array_range used, std::int64_t buffer_count, std::int64_t child_count) {
  const ArrowArray &array = *from.array;
  const std::string &column = from.column;
  // Readers of Arrow tell encoded values from plain ones by either of the two.
  if (array.dictionary != nullptr) fail_column(column, "its array has a dictionary, but its schema has none");
  if (array.length < 0 || array.offset < 0 || array.length > most_values || array.offset > most_values) {
    fail_column(column, fmt::format("its array has length {} at offset {}", array.length, array.offset));
  }
  if (used.count > array.length - used.first) {
    fail_column(column, fmt::format("its array has {} values, of which [{}, {}) are used", array.length, used.first,
                                    used.first + used.count));
  }
  if (array.n_buffers != buffer_count || (array.buffers == nullptr && buffer_count > 0)) {
    fail_column(column, fmt::format("its array has {} buffers instead of {}", array.n_buffers, buffer_count));
  }
  check_children(array, child_count, column, "its array");
  if (buffer_count == 0) return;
  if (array.null_count < -1 || array.null_count > array.length ||
      (array.null_count > 0 && array.buffers[0] == nullptr)) {
    fail_column(column, fmt::format("its array of {} values has {} nulls and {} validity", array.length,
                                    array.null_count, array.buffers[0] == nullptr ? "no" : "a"));
  }
}

/// A buffer that holds something, at the array's offset.
const char *values_of(const imported_array &from, std::int64_t buffer, std::int64_t value_size) {
  const void *values = from.array->buffers[buffer];
  if (values == nullptr) fail_column(from.column, fmt::format("buffer {} of its array is NULL", buffer));
  return static_cast<const char *>(values) + from.array->offset * value_size;
}

}  // namespace

void fail_column(const std::string &column, std::string_view problem) {
  fail(status::INVALID_ARGUMENT, fmt::format("Arrow column {}: {}", column, problem), column);
}

array_view::array_view(const imported_array &from, array_range used, std::initializer_list<std::string_view> formats,
                       std::int64_t buffer_count, std::int64_t child_count) {
  check_schema(from, formats, child_count);
  check_array(from, used, buffer_count, child_count);
  offset_ = from.array->offset;
  if (buffer_count > 0 && from.array->null_count != 0)
    validity_ = static_cast<const std::uint8_t *>(from.array->buffers[0]);
}

array_view::array_view(const imported_array &from, array_range used, std::int64_t child_count)
    : array_view(from, used, {"+s"}, 1, child_count) {}

template <typename T>
number_view<T>::number_view(const imported_array &from, array_range used)
    : array_view(from, used, {sizeof(T) == 4 ? "i" : "l"}, 2, 0) {
  if (used.count > 0) values_ = values_of(from, 1, sizeof(T));
}

template class number_view<std::int32_t>;
template class number_view<std::int64_t>;

fixed_view::fixed_view(const imported_array &from, array_range used, std::string_view format, std::int64_t width)
    : array_view(from, used, {format}, 2, 0), width_(width) {
  if (used.count > 0) values_ = values_of(from, 1, width);
}

bit_view::bit_view(const imported_array &from, array_range used) : array_view(from, used, {"b"}, 2, 0) {
  if (used.count > 0) values_ = values_of(from, 1, 0);
}

offsets_view::offsets_view(const imported_array &from, array_range used, std::string_view small_format,
                           std::string_view large_format, std::int64_t buffer_count, std::int64_t child_count)
    : array_view(from, used, {small_format, large_format}, buffer_count, child_count),
      is_large_(small_format != large_format && large_format == from.described->format) {
  if (used.count == 0) return;
  offsets_ = values_of(from, 1, is_large_ ? 8 : 4);
  std::int64_t last = begin(used.first);
  if (last < 0) fail_column(from.column, fmt::format("its offsets start at {}", last));
  for (std::int64_t i = used.first; i < used.first + used.count; ++i) {
    if (end(i) < last) fail_column(from.column, fmt::format("its offsets fall from {} to {}", last, end(i)));
    last = end(i);
  }
  extent_ = {begin(used.first), last - begin(used.first)};
}

octets_view::octets_view(const imported_array &from, array_range used, std::string_view small_format,
                         std::string_view large_format)
    : offsets_view(from, used, small_format, large_format, 3, 0) {
  if (extent().count == 0) return;
  values_ = static_cast<const char *>(from.array->buffers[2]);
  if (values_ == nullptr) fail_column(from.column, "buffer 2 of its array is NULL");
}

}  // namespace evodb
