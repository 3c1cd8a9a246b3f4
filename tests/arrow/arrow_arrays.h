#pragma once

#include <cstdint>
#include <list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "arrow/c_data.h"

/// Hand-made Arrow structures: what a producer hands over, and where nothing keeps a test from breaking it.
namespace evodb::testing {

inline void release_nothing(ArrowSchema *schema) {
  schema->release = nullptr;
}
inline void release_nothing(ArrowArray *array) {
  array->release = nullptr;
}

/// A column, or the whole table: a schema and an array whose buffers it owns. It stays where it is, since pointers go
/// into it.
struct arrow_column {
  arrow_column(std::string format, std::string name, std::int64_t length)
      : format_(std::move(format)), name_(std::move(name)) {
    schema.format = format_.c_str();
    schema.name = name_.c_str();
    schema.release = release_nothing;
    array.length = length;
    array.release = release_nothing;
    buffer(nullptr, 0);  // the validity: nothing is null
  }
  arrow_column(const arrow_column &) = delete;
  arrow_column &operator=(const arrow_column &) = delete;

  /// Adds a buffer of these values. Heap memory of exactly their size, so that a sanitizer sees what is read behind it.
  template <typename T>
  arrow_column &values(const std::vector<T> &of) {
    return buffer(of.data(), of.size() * sizeof(T));
  }
  arrow_column &text(const std::string &of) { return buffer(of.data(), of.size()); }
  /// `bits`: one a value, the array's offset included; 0 is null.
  arrow_column &validity(const std::vector<std::uint8_t> &bits, std::int64_t null_count = -1) {
    memory_.emplace_back(bits.begin(), bits.end());
    buffers_[0] = memory_.back().data();
    array.null_count = null_count;
    return *this;
  }
  arrow_column &offset(std::int64_t offset) {
    array.offset = offset;
    array.length -= offset;
    return *this;
  }
  arrow_column &child(std::string format, std::string name, std::int64_t length) {
    arrow_column &added = children.emplace_back(std::move(format), std::move(name), length);
    child_schemas_.push_back(&added.schema);
    child_arrays_.push_back(&added.array);
    schema.children = child_schemas_.data();
    array.children = child_arrays_.data();
    schema.n_children = array.n_children = static_cast<std::int64_t>(children.size());
    return added;
  }
  /// A map's entries, keys and values.
  arrow_column &map_child(std::int64_t entries, const std::string &value_format) {
    arrow_column &pairs = child("+s", "entries", entries);
    pairs.child("i", "key", entries);
    pairs.child(value_format, "value", entries);
    return pairs;
  }
  arrow_column &operator[](const std::string &name) {
    for (arrow_column &column : children) {
      if (column.name_ == name) return column;
    }
    throw std::out_of_range(name);
  }

  const void **buffers() { return buffers_.data(); }

  ArrowSchema schema{};
  ArrowArray array{};
  std::list<arrow_column> children;

 private:
  arrow_column &buffer(const void *data, std::size_t size) {
    if (data == nullptr) {
      buffers_.push_back(nullptr);
    } else {
      const char *first = static_cast<const char *>(data);
      memory_.emplace_back(first, first + size);
      memory_.back().shrink_to_fit();
      buffers_.push_back(memory_.back().data());
    }
    array.buffers = buffers_.data();
    array.n_buffers = static_cast<std::int64_t>(buffers_.size());
    return *this;
  }

  std::string format_, name_;
  std::list<std::vector<char>> memory_;
  std::vector<const void *> buffers_;
  std::vector<ArrowSchema *> child_schemas_;
  std::vector<ArrowArray *> child_arrays_;
};

}  // namespace evodb::testing
