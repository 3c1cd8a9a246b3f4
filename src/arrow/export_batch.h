#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arrow/c_data.h"

namespace evodb {

/// A column to be given out.
struct export_column {
  enum class kind : std::uint8_t {
    utf8,
    binary,
    boolean,
    int32,
    int64,
    fixed_width,
    int32_list,
    int64_list,
    struct_list,
    null
  };
  std::string name;
  kind type = kind::utf8;
  bool is_nullable = false;
  std::string format = {};                 ///< of fixed_width: what the values are, as in the C data interface
  std::int32_t width = 0;                  ///< of fixed_width: bytes of a value
  std::vector<export_column> fields = {};  ///< of struct_list: those of its structs
  bool is_json = false;                    ///< of utf8: each text is a JSON value
};

/// Describes batches of these columns as a struct of them. The schema is the caller's to release.
void export_schema(const std::vector<export_column> &columns, ArrowSchema &out);

/// A column of utf8 whose texts are JSON.
export_column json_column(std::string name, bool is_nullable);

/// Gives out numbers, without nulls, as an array on its own, for the caller to release.
void export_int64s(std::string name, std::span<const std::int64_t> values, ArrowArray &out, ArrowSchema &out_schema);

/// A column's values so far.
struct export_buffers {
  export_column::kind type = export_column::kind::utf8;
  std::size_t width = 0;  ///< bytes of a number
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::vector<std::uint8_t> validity;  ///< a bit a value; empty while nothing is null
  std::vector<std::int32_t> offsets;   ///< of texts and lists
  std::vector<char> values;            ///< text, bits, or numbers (a list's elements) as they are in memory

  bool is_null(std::size_t row) const noexcept;
  /// Of utf8 and binary; empty for null.
  std::string_view text(std::size_t row) const noexcept;
  /// Of booleans, and of numbers of 4 or 8 bytes; 0 for null.
  std::int64_t number(std::size_t row) const noexcept;
};

/// Builds one struct array, column by column: each must get as many values as the others. Exclusive.
class export_batch {
 public:
  explicit export_batch(const std::vector<export_column> &columns);

  /// Of utf8 and binary. Throws RESOURCE_EXHAUSTED when the column would pass the 2 GiB that its offsets reach.
  void append_text(std::size_t column, std::string_view text);
  void append_int32(std::size_t column, std::int32_t number);
  void append_int64(std::size_t column, std::int64_t number);
  /// A value of the column's width, as it is in memory.
  void append_octets(std::size_t column, std::string_view octets);
  void append_boolean(std::size_t column, bool truth);
  void append_list(std::size_t column, std::span<const std::int32_t> list);
  void append_list(std::size_t column, std::span<const std::int64_t> list);
  /// Of struct_list: its structs, to which those of the next list are appended; and then ends that list.
  export_batch &structs(std::size_t column) noexcept { return *structs_[column]; }
  void end_list(std::size_t column);
  void append_null(std::size_t column);
  /// Null for an empty text.
  void append_text_or_null(std::size_t column, std::string_view text);

  /// `count` values, at(0) … at(count - 1), of a column without nulls: texts, and numbers of the column's type.
  template <typename At>
  void append_texts(std::size_t column, std::size_t count, At at) {
    columns_[column].offsets.reserve(columns_[column].offsets.size() + count);
    for (std::size_t i = 0; i < count; ++i) append_text(column, at(i));
  }
  template <typename Number, typename At>
  void append_numbers(std::size_t column, std::size_t count, At at) {
    Number *const to = reinterpret_cast<Number *>(add_numbers(column, count));
    for (std::size_t i = 0; i < count; ++i) to[i] = at(i);
  }

  /// Values of the first column so far.
  std::int64_t row_count() const noexcept { return columns_.front().length; }
  const export_buffers &column(std::size_t column) const noexcept { return columns_[column]; }
  /// Bytes of all values so far.
  std::size_t size_in_bytes() const noexcept;
  /// Gives the batch out, for the caller to release. Its children are on their own: each can be moved out.
  void finish(ArrowArray &out) &&;

 private:
  char *add_numbers(std::size_t column, std::size_t count);
  void append_elements(std::size_t column, const void *elements, std::size_t count, std::size_t width);
  void end_list_at(std::size_t column, std::size_t end);
  std::int64_t length() const noexcept { return columns_.empty() ? 0 : columns_.front().length; }
  void give_column(std::size_t column, ArrowArray &out);

  std::vector<export_buffers> columns_;
  std::vector<std::unique_ptr<export_batch>> structs_;  ///< null but of struct_list
};

}  // namespace evodb
