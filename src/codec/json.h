#pragma once

#include <boost/json/fwd.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace evodb {

enum class json_kind : std::uint8_t { null, boolean, integer, number, text, array, object };

/// One value of a document, 16 bytes: texts point into the document's text, elements and members are numbered.
struct json_value {
  union {
    std::int64_t integer = 0;  ///< or a boolean
    double number;
    const char *text;
    std::uint64_t first;  ///< of the elements; of the members, each a key and then a value
  };
  std::uint32_t size = 0;  ///< bytes of a text, elements, members
  json_kind kind = json_kind::null;
  bool is_negative_zero = false;  ///< of an integer
};

class json_node;

/// A parsed JSON text, at most 200 levels deep, and whom to blame for what is wrong in it. Doubles are exact. Throws
/// `blame` naming the subject and the byte on what is no JSON, on ill-formed UTF-8 and on a key that an object has
/// twice: CORRUPT for what storage holds, INVALID_ARGUMENT for what a caller gave. The text must outlive the document.
class json_document {
 public:
  json_document(std::string_view text, std::string_view subject, status blame = status::CORRUPT);
  json_document(const json_document &) = delete;
  json_document &operator=(const json_document &) = delete;

  json_node root() const;

 private:
  friend class json_node;
  friend class json_builder;

  std::string_view text_;
  std::vector<json_value> values_;    // the root last
  std::deque<std::string> unquoted_;  // texts that have escapes
  std::string subject_;
  status blame_;
};

/// A place in a document, which must outlive it. What it is asked for and does not hold it refuses, naming the
/// document's subject and the place's path, "$.schemas[2].fields[0].id"; the path is searched for only then.
class json_node {
 public:
  json_node(const json_value &at, const json_document &in) : at_(&at), in_(&in) {}

  json_node member(std::string_view key) const;                         ///< refuses an absent and a null one
  std::optional<json_node> find(std::string_view key) const;            ///< null where absent or null
  std::optional<json_node> find_even_null(std::string_view key) const;  ///< null where absent
  std::size_t size() const;                                             ///< of an array
  json_node operator[](std::size_t index) const;                        ///< below size()
  std::size_t member_count() const;                                     ///< of an object
  /// Calls `visit(key, node)` for each member of an object, in the order of the text.
  template <typename Visit>
  void for_each_member(Visit visit) const {
    const std::size_t count = member_count();
    const json_value *entry = children();
    for (std::size_t i = 0; i < count; ++i, entry += 2) visit(text_of(entry[0]), json_node(entry[1], *in_));
  }

  bool is_null() const noexcept { return at_->kind == json_kind::null; }
  bool is_text() const noexcept { return at_->kind == json_kind::text; }
  bool is_array() const noexcept { return at_->kind == json_kind::array; }
  bool is_object() const noexcept { return at_->kind == json_kind::object; }
  std::string_view text() const;
  std::int64_t int64() const;  ///< a number without fraction and exponent; -0 is 0
  std::int32_t int32() const;
  bool boolean() const;
  double number() const;  ///< finite; -0 is -0.0, as which Go and C++ write it

  /// Throws the document's status: the path and the problem, in one line.
  [[noreturn]] void refuse(std::string_view problem) const;
  /// Runs `read`, which looks at no node; what it refuses is refused here, with the path in front.
  template <typename Read>
  auto checked(Read read) const {
    try {
      return read();
    } catch (const error &wrong) {
      refuse(wrong.message());
    }
  }

 private:
  friend boost::json::value parse_json(std::string_view text, std::string_view subject, status blame);

  static std::string_view text_of(const json_value &value) noexcept { return {value.text, value.size}; }
  const json_value *children() const noexcept { return in_->values_.data() + at_->first; }
  bool find_path(const json_value *wanted, std::string &path) const;
  boost::json::value to_boost() const;

  const json_value *at_;
  const json_document *in_;
};

/// The same as a value of Boost.JSON, for small texts.
boost::json::value parse_json(std::string_view text, std::string_view subject, status blame = status::CORRUPT);

}  // namespace evodb
