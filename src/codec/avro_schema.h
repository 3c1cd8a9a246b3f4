#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace evodb {

struct avro_type;

struct avro_field {
  std::string name;
  std::optional<std::int32_t> field_id;  ///< none where the schema has none, or one that is no number
  const avro_type *type = nullptr;
};

enum class avro_kind : std::uint8_t {
  null,
  boolean,
  int32,
  int64,
  float32,
  float64,
  binary,
  string,
  fixed,
  enumeration,
  record,
  array,
  map,
  choice
};

/// A writer's type, named references resolved. Lives as long as its schema.
struct avro_type {
  avro_kind kind = avro_kind::null;
  std::string logical_type;                 ///< as written; empty if none
  int scale = 0;                            ///< of a decimal
  std::uint32_t size = 0;                   ///< of a fixed, in bytes
  std::vector<avro_field> fields;           ///< of a record
  const avro_type *items = nullptr;         ///< of an array, or a map's values
  std::vector<const avro_type *> branches;  ///< of a union ("choice")
  std::vector<std::string> symbols;         ///< of an enumeration
  std::uint64_t least_bytes = 0;  ///< no encoded value is shorter; 0 only where every value takes no bytes at all
  int depth = 1;                  ///< of nesting, references followed
};

/// An int or a long, which readers take for one another.
inline bool is_integer(const avro_type &type) noexcept {
  return type.kind == avro_kind::int32 || type.kind == avro_kind::int64;
}
/// Bytes or a string, which are encoded alike.
inline bool is_bytes(const avro_type &type) noexcept {
  return type.kind == avro_kind::binary || type.kind == avro_kind::string;
}

/// `type` without its union with null.
struct avro_option {
  const avro_type *type = nullptr;
  std::int8_t null_branch = -1;  ///< which branch is null; -1: not optional
};

/// An Avro schema as found in a file's header. Immutable: may be shared between threads and kept by its text.
class avro_schema {
 public:
  /// Throws CORRUPT naming `subject` when the text is no Avro schema, UNSUPPORTED when a type contains itself
  /// or nests deeper than 64 levels.
  static std::shared_ptr<const avro_schema> parse(std::string_view text, std::string_view subject);
  const avro_type &root() const noexcept { return *root_; }
  /// About so much memory.
  std::int64_t size_in_bytes() const noexcept;

 private:
  friend class avro_schema_parser;
  std::deque<avro_type> types_;
  const avro_type *root_ = nullptr;
};

/// Takes a union of null and one other type apart, in either order; any other type stays as it is.
avro_option option_of(const avro_type &type) noexcept;

}  // namespace evodb
