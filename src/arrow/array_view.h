#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "arrow/c_data.h"
#include "base/bytes.h"
#include "base/little_endian.h"

/// Views of Arrow arrays that someone else made. Constructing one checks the structures, the type, and the offsets of
/// the values in use, as far as the C data interface lets (it does not say how long buffers are), so that reading needs
/// no checks. What is wrong is INVALID_ARGUMENT naming the column. Views borrow the array and its buffers.
namespace evodb {

/// An imported array: what it is said to be, what it is, and the column that messages name.
struct imported_array {
  const ArrowSchema *described;
  const ArrowArray *array;
  std::string column;

  /// Only after the view of this one was made, which checks the children.
  imported_array child(std::int64_t index) const {
    return {described->children[index], array->children[index], column};
  }
};

/// Some of an array's values, counted from its own first one (its `offset` comes on top).
struct array_range {
  std::int64_t first = 0;
  std::int64_t count = 0;
};

/// Throws INVALID_ARGUMENT naming the column.
[[noreturn]] void fail_column(const std::string &column, std::string_view problem);

/// What arrays of every type have. By itself it is a view of a struct array, whose value i is its children's value
/// `in_children(i)`.
class array_view {
 public:
  array_view(const imported_array &from, array_range used, std::int64_t child_count);

  bool is_null(std::int64_t i) const noexcept {
    if (validity_ == nullptr) return false;
    const auto bit = static_cast<std::uint64_t>(offset_ + i);
    return (validity_[bit / 8] >> (bit % 8) & 1) == 0;
  }
  std::int64_t in_children(std::int64_t i) const noexcept { return offset_ + i; }

 protected:
  /// `formats`: those allowed, as in the C data interface. `buffer_count`: with the validity.
  array_view(const imported_array &from, array_range used, std::initializer_list<std::string_view> formats,
             std::int64_t buffer_count, std::int64_t child_count);

 private:
  std::int64_t offset_ = 0;
  const std::uint8_t *validity_ = nullptr;
};

/// int32 or int64.
template <typename T>
class number_view : public array_view {
 public:
  number_view(const imported_array &from, array_range used);
  T at(std::int64_t i) const noexcept { return load_le<T>(values_ + i * static_cast<std::int64_t>(sizeof(T))); }

 private:
  const char *values_ = nullptr;
};

/// Values of so many octets each, of one type.
class fixed_view : public array_view {
 public:
  fixed_view(const imported_array &from, array_range used, std::string_view format, std::int64_t width);
  byte_view at(std::int64_t i) const noexcept {
    return byte_view(values_ + i * width_, static_cast<std::size_t>(width_));
  }

 private:
  std::int64_t width_;
  const char *values_ = nullptr;
};

/// Booleans.
class bit_view : public array_view {
 public:
  bit_view(const imported_array &from, array_range used);
  bool at(std::int64_t i) const noexcept {
    const auto bit = static_cast<std::uint64_t>(in_children(i));
    return (values_[bit / 8] >> (bit % 8) & 1) != 0;
  }

 private:
  const char *values_ = nullptr;
};

/// An array of nulls alone, which has no buffers.
struct null_view : array_view {
  null_view(const imported_array &from, array_range used) : array_view(from, used, {"n"}, 0, 0) {}
};

/// Offsets of 32 or 64 bits that never fall: value i is what lies from begin(i) to end(i).
class offsets_view : public array_view {
 public:
  std::int64_t begin(std::int64_t i) const noexcept {
    return is_large_ ? load_le<std::int64_t>(offsets_ + i * 8) : load_le<std::int32_t>(offsets_ + i * 4);
  }
  std::int64_t end(std::int64_t i) const noexcept { return begin(i + 1); }
  /// What all values in use lie in.
  array_range extent() const noexcept { return extent_; }

 protected:
  offsets_view(const imported_array &from, array_range used, std::string_view small_format,
               std::string_view large_format, std::int64_t buffer_count, std::int64_t child_count);

 private:
  const char *offsets_ = nullptr;
  bool is_large_ = false;
  array_range extent_;
};

/// The octets of utf8 or binary, small or large.
class octets_view : public offsets_view {
 public:
  byte_view at(std::int64_t i) const noexcept {
    return byte_view(values_ + begin(i), static_cast<std::size_t>(end(i) - begin(i)));
  }

 protected:
  octets_view(const imported_array &from, array_range used, std::string_view small_format,
              std::string_view large_format);

 private:
  const char *values_ = "";
};

/// They need not be UTF-8, whatever the type promises.
struct text_view : octets_view {
  text_view(const imported_array &from, array_range used) : octets_view(from, used, "u", "U") {}
};

struct binary_view : octets_view {
  binary_view(const imported_array &from, array_range used) : octets_view(from, used, "z", "Z") {}
};

/// list<int32> or list<int64>, small or large. Elements may be null.
template <typename T>
struct number_list_view : offsets_view {
  number_list_view(const imported_array &from, array_range used)
      : offsets_view(from, used, "+l", "+L", 2, 1), values(from.child(0), extent()) {}

  number_view<T> values;
};

/// map<int32, ...>. Keys come in any order; they may be null or come twice, though Arrow forbids the former.
template <typename Values>
struct map_view : offsets_view {
  map_view(const imported_array &from, array_range used)
      : offsets_view(from, used, "+m", "+m", 2, 1),
        entries(from.child(0), extent(), 2),
        keys(from.child(0).child(0), {entries.in_children(extent().first), extent().count}),
        values(from.child(0).child(1), {entries.in_children(extent().first), extent().count}) {}

  array_view entries;
  number_view<std::int32_t> keys;  ///< those of entry i are at entries.in_children(i)
  Values values;
};

}  // namespace evodb
