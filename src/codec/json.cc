#include "codec/json.h"

#include <fmt/format.h>

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <limits>

namespace evodb {
namespace {

namespace json = boost::json;

constexpr std::size_t most_levels = 200;

/// Builds values as Boost's own handler does, but reads doubles from their text.
class value_handler {
 public:
  static constexpr std::size_t max_object_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_array_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::uint32_t>::max();

  explicit value_handler(json::storage_ptr memory) { stack.reset(std::move(memory)); }

  bool on_document_begin(json::error_code &) { return true; }
  bool on_document_end(json::error_code &) { return true; }
  bool on_object_begin(json::error_code &) { return true; }
  bool on_object_end(std::size_t count, json::error_code &) {
    keys += count;
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code &) { return true; }
  bool on_array_end(std::size_t count, json::error_code &) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code &) {
    stack.push_chars(part);
    return true;
  }
  bool on_key(json::string_view last, std::size_t, json::error_code &) {
    stack.push_key(last);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code &) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(json::string_view last, std::size_t, json::error_code &) {
    stack.push_string(last);
    return true;
  }
  bool on_number_part(json::string_view part, json::error_code &) {
    number.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t value, json::string_view, json::error_code &) {
    number.clear();
    stack.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code &) {
    number.clear();
    stack.push_uint64(value);
    return true;
  }
  bool on_double(double value, json::string_view last, json::error_code &) {
    number.append(last.data(), last.size());
    double exact = value;  // kept where the text is out of range: zero or infinity
    std::from_chars(number.data(), number.data() + number.size(), exact);
    number.clear();
    stack.push_double(exact);
    return true;
  }
  bool on_bool(bool value, json::error_code &) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(json::error_code &) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code &) { return true; }
  bool on_comment(json::string_view, json::error_code &) { return true; }

  json::value_stack stack;
  std::string number;
  std::size_t keys = 0;
};

std::size_t count_keys(const json::value &value) {
  std::size_t keys = 0;
  if (const json::object *object = value.if_object()) {
    keys = object->size();
    for (const auto &entry : *object) keys += count_keys(entry.value());
  } else if (const json::array *array = value.if_array()) {
    for (const json::value &element : *array) keys += count_keys(element);
  }
  return keys;
}

/// The path of a value within another; false if it is not in there.
bool find_path(const json::value &in, const json::value *wanted, std::string &path) {
  if (&in == wanted) return true;
  const std::size_t length = path.size();
  if (const json::object *object = in.if_object()) {
    for (const auto &entry : *object) {
      path.append(".").append(entry.key().data(), entry.key().size());
      if (find_path(entry.value(), wanted, path)) return true;
      path.resize(length);
    }
  } else if (const json::array *array = in.if_array()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      path += fmt::format("[{}]", i);
      if (find_path((*array)[i], wanted, path)) return true;
      path.resize(length);
    }
  }
  return false;
}

}  // namespace

json::value parse_json(std::string_view text, std::string_view subject, status blame, json::storage_ptr memory) {
  json::parse_options options;
  options.max_depth = most_levels;
  json::basic_parser<value_handler> parser(options, std::move(memory));
  json::error_code failed;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), failed);
  if (!failed && read < text.size()) failed = json::error::extra_data;
  if (failed) fail(blame, fmt::format("not JSON at byte {}: {}", read, failed.message()), std::string(subject));
  json::value value = parser.handler().stack.release();
  if (count_keys(value) != parser.handler().keys) fail(blame, "a JSON object has a key twice", std::string(subject));
  return value;
}

json_document::json_document(std::string_view text, std::string_view subject, status blame)
    : memory_(std::make_unique<json::monotonic_resource>()),
      root_(parse_json(text, subject, blame, memory_.get())),
      subject_(subject),
      blame_(blame) {}

json_node json_document::root() const { return {root_, *this}; }

void json_node::refuse(std::string_view problem) const {
  std::string path = "$";
  find_path(in_->root_, at_, path);
  fail(in_->blame_, fmt::format("{}: {}", path, problem), in_->subject_);
}

const json::object &json_node::object() const {
  if (!at_->is_object()) refuse("expected an object");
  return at_->get_object();
}

json_node json_node::member(std::string_view key) const {
  const std::optional<json_node> found = find(key);
  if (!found) refuse(fmt::format("lacks {}", key));
  return *found;
}

std::optional<json_node> json_node::find(std::string_view key) const {
  const json::value *found = object().if_contains(key);
  if (found == nullptr || found->is_null()) return std::nullopt;
  return json_node(*found, *in_);
}

std::size_t json_node::size() const {
  if (!at_->is_array()) refuse("expected an array");
  return at_->get_array().size();
}

json_node json_node::operator[](std::size_t index) const { return {at_->as_array()[index], *in_}; }

std::string_view json_node::text() const {
  if (!at_->is_string()) refuse("expected a string");
  return at_->get_string();
}

std::int64_t json_node::int64() const {
  if (!at_->is_int64()) refuse("expected an integer of 64 bits");
  return at_->get_int64();
}

std::int32_t json_node::int32() const {
  const std::int64_t wide = at_->is_int64() ? at_->get_int64() : std::numeric_limits<std::int64_t>::max();
  if (wide < std::numeric_limits<std::int32_t>::min() || wide > std::numeric_limits<std::int32_t>::max()) {
    refuse("expected an integer of 32 bits");
  }
  return static_cast<std::int32_t>(wide);
}

bool json_node::boolean() const {
  if (!at_->is_bool()) refuse("expected true or false");
  return at_->get_bool();
}

double json_node::number() const {
  if (!at_->is_number()) refuse("expected a number");
  return at_->to_number<double>();
}

}  // namespace evodb
