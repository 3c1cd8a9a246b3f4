#include "codec/json.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

namespace evodb {

namespace json = boost::json;

/// Turns the parser's events into values. A container's children are the last of `open_` when it ends; they move to
/// the document, one behind the other, and the container takes their place.
class json_builder {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;

  explicit json_builder(json_document &document) : document_(document) {}

  bool on_document_begin(json::error_code &) { return true; }
  bool on_document_end(json::error_code &) {
    document_.values_.push_back(open_.back());
    return true;
  }
  bool on_object_begin(json::error_code &) { return true; }
  bool on_object_end(std::size_t members, json::error_code &failed) {
    const json_value *const first = open_.data() + open_.size() - 2 * members;
    if (const json_value *again = find_repeated_key(first, members)) {
      repeated_key_ = again;
      failed = json::error::syntax;
      return false;
    }
    close(json_kind::object, members, 2 * members);
    return true;
  }
  bool on_array_begin(json::error_code &) { return true; }
  bool on_array_end(std::size_t elements, json::error_code &) {
    close(json_kind::array, elements, elements);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code &) { return add_part(part); }
  bool on_key(json::string_view last, std::size_t, json::error_code &) { return add_text(last); }
  bool on_string_part(json::string_view part, std::size_t, json::error_code &) { return add_part(part); }
  bool on_string(json::string_view last, std::size_t, json::error_code &) { return add_text(last); }
  bool on_number_part(json::string_view, json::error_code &) { return true; }
  bool on_int64(std::int64_t value, json::string_view text, json::error_code &) {
    json_value &added = add(json_kind::integer);
    added.integer = value;
    added.is_negative_zero = value == 0 && text.front() == '-';
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code &) {
    return add_number(static_cast<double>(value));
  }
  /// Boost's value is one bit off for a third of random doubles; it stands where the text is out of range: infinity or
  /// zero.
  bool on_double(double value, json::string_view text, json::error_code &) {
    std::from_chars(text.data(), text.data() + text.size(), value);
    return add_number(value);
  }
  bool on_bool(bool value, json::error_code &) {
    add(json_kind::boolean).integer = value;
    return true;
  }
  bool on_null(json::error_code &) {
    add(json_kind::null);
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code &) { return true; }
  bool on_comment(json::string_view, json::error_code &) { return true; }

  const json_value *repeated_key() const noexcept { return repeated_key_; }

 private:
  static std::string_view text_of(const json_value &value) noexcept { return {value.text, value.size}; }

  static const json_value *find_repeated_key(const json_value *members, std::size_t count) {
    constexpr std::size_t few = 24;
    if (count <= few) {
      for (std::size_t i = 1; i < count; ++i) {
        for (std::size_t before = 0; before < i; ++before) {
          if (text_of(members[2 * i]) == text_of(members[2 * before])) return &members[2 * i];
        }
      }
      return nullptr;
    }
    std::vector<const json_value *> keys(count);
    for (std::size_t i = 0; i < count; ++i) keys[i] = &members[2 * i];
    std::sort(keys.begin(), keys.end(), [](const auto *a, const auto *b) { return text_of(*a) < text_of(*b); });
    const auto twice = std::adjacent_find(keys.begin(), keys.end(),
                                          [](const auto *a, const auto *b) { return text_of(*a) == text_of(*b); });
    return twice == keys.end() ? nullptr : *twice;
  }

  json_value &add(json_kind kind) {
    json_value &added = open_.emplace_back();
    added.kind = kind;
    return added;
  }
  bool add_number(double value) {
    add(json_kind::number).number = value;
    return true;
  }
  bool add_part(std::string_view part) {
    parts_ += part;
    return true;
  }
  bool add_text(std::string_view last) {
    const std::less_equal<const char *> is_below_or_at;
    const std::string_view whole = document_.text_;
    const bool is_inside = is_below_or_at(whole.data(), last.data()) &&
                           is_below_or_at(last.data() + last.size(), whole.data() + whole.size());
    if (!is_inside || !parts_.empty()) {  // the parser unescapes into a buffer of its own
      parts_ += last;
      last = document_.unquoted_.emplace_back(std::exchange(parts_, {}));
    }
    json_value &added = add(json_kind::text);
    added.text = last.data();
    added.size = static_cast<std::uint32_t>(last.size());
    return true;
  }
  void close(json_kind kind, std::size_t size, std::size_t children) {
    std::vector<json_value> &values = document_.values_;
    json_value container;
    container.kind = kind;
    container.first = values.size();
    container.size = static_cast<std::uint32_t>(size);
    const auto first = open_.end() - static_cast<std::ptrdiff_t>(children);
    values.insert(values.end(), first, open_.end());
    open_.erase(first, open_.end());
    open_.push_back(container);
  }

  json_document &document_;
  std::vector<json_value> open_;
  std::string parts_;  // of a text that comes in several
  const json_value *repeated_key_ = nullptr;
};

namespace {

/// Texts of others in messages: cut where they are long, and without the characters that would break the line.
std::string one_line(std::string_view text) {
  constexpr std::size_t enough = 500;
  std::string line(text.substr(0, enough));
  if (text.size() > enough) {
    while (!line.empty() && (line.back() & 0xC0) == 0x80) line.pop_back();  // no half code point
    if (!line.empty() && (line.back() & 0x80) != 0) line.pop_back();
    line += "…";
  }
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return line;
}

}  // namespace

json_document::json_document(std::string_view text, std::string_view subject, status blame)
    : text_(text), subject_(subject), blame_(blame) {
  if (text.size() > json_builder::max_string_size) fail(blame, "JSON text of more than 4 GiB", subject_);
  json::parse_options options;
  options.max_depth = 200;
  json::basic_parser<json_builder> parser(options, *this);
  constexpr std::size_t bytes_a_value = 16;  // about
  values_.reserve(text.size() / bytes_a_value);
  json::error_code failed;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failed);
  if (const json_value *key = parser.handler().repeated_key()) {
    const std::string_view name(key->text, key->size);
    fail(blame, one_line(fmt::format("a JSON object that ends at byte {} has a key twice: {}", read, name)), subject_);
  }
  if (!failed && read < text.size()) failed = json::error::extra_data;
  if (failed) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    fail(blame, fmt::format("not JSON at byte {}, line {}: {}", read, line, failed.message()), subject_);
  }
}

json_node json_document::root() const {
  return {values_.back(), *this};
}

bool json_node::find_path(const json_value *wanted, std::string &path) const {
  if (at_ == wanted) return true;
  if (!is_object() && !is_array()) return false;
  const std::size_t length = path.size();
  const json_value *child = children();
  for (std::uint32_t i = 0; i < at_->size; ++i, ++child) {
    if (is_object()) {
      path.append(".").append(text_of(*child++));
    } else {
      path += fmt::format("[{}]", i);
    }
    if (json_node(*child, *in_).find_path(wanted, path)) return true;
    path.resize(length);
  }
  return false;
}

void json_node::refuse(std::string_view problem) const {
  std::string path = "$";
  in_->root().find_path(at_, path);
  fail(in_->blame_, fmt::format("{}: {}", one_line(path), one_line(problem)), in_->subject_);
}

std::size_t json_node::member_count() const {
  if (!is_object()) refuse("expected an object");
  return at_->size;
}

json_node json_node::member(std::string_view key) const {
  const std::optional<json_node> found = find(key);
  if (!found) refuse(fmt::format("lacks {}", key));
  return *found;
}

std::optional<json_node> json_node::find(std::string_view key) const {
  std::optional<json_node> found = find_even_null(key);
  if (found && found->is_null()) found.reset();
  return found;
}

std::optional<json_node> json_node::find_even_null(std::string_view key) const {
  const std::size_t count = member_count();
  const json_value *entry = children();
  for (std::size_t i = 0; i < count; ++i, entry += 2) {
    if (text_of(entry[0]) == key) return json_node(entry[1], *in_);
  }
  return std::nullopt;
}

std::size_t json_node::size() const {
  if (!is_array()) refuse("expected an array");
  return at_->size;
}

json_node json_node::operator[](std::size_t index) const {
  return {children()[index], *in_};
}

std::string_view json_node::text() const {
  if (!is_text()) refuse("expected a string");
  return text_of(*at_);
}

std::int64_t json_node::int64() const {
  if (at_->kind != json_kind::integer) refuse("expected an integer of 64 bits");
  return at_->integer;
}

std::int32_t json_node::int32() const {
  if (at_->kind != json_kind::integer || !std::in_range<std::int32_t>(at_->integer)) {
    refuse("expected an integer of 32 bits");
  }
  return static_cast<std::int32_t>(at_->integer);
}

bool json_node::boolean() const {
  if (at_->kind != json_kind::boolean) refuse("expected true or false");
  return at_->integer != 0;
}

double json_node::number() const {
  if (at_->is_negative_zero) return -0.0;
  if (at_->kind == json_kind::integer) return static_cast<double>(at_->integer);
  if (at_->kind != json_kind::number) refuse("expected a number");
  if (!std::isfinite(at_->number)) refuse("number is out of range");
  return at_->number;
}

json::value json_node::to_boost() const {
  switch (at_->kind) {
    case json_kind::null:
      return nullptr;
    case json_kind::boolean:
      return boolean();
    case json_kind::integer:
      return int64();
    case json_kind::number:
      return number();
    case json_kind::text:
      return json::string(text());
    case json_kind::array: {
      json::array array;
      for (std::size_t i = 0; i < size(); ++i) array.push_back((*this)[i].to_boost());
      return array;
    }
    case json_kind::object: {
      json::object object;
      for_each_member([&](std::string_view key, const json_node &node) { object.emplace(key, node.to_boost()); });
      return object;
    }
  }
  return nullptr;
}

json::value parse_json(std::string_view text, std::string_view subject, status blame) {
  const json_document document(text, subject, blame);
  return document.root().to_boost();
}

}  // namespace evodb
