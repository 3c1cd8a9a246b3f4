#include "codec/avro_schema.h"

#include <algorithm>
#include <boost/json.hpp>
#include <limits>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "codec/json.h"

namespace evodb {
namespace {

namespace json = boost::json;

constexpr std::uint64_t most_least_bytes = std::uint64_t{1} << 40;  // enough to never fit, far from overflow

constexpr int most_depth = 64;

constexpr std::int64_t most_scale = 1000;  // beyond any decimal of Iceberg's

constexpr std::pair<std::string_view, avro_kind> primitives[] = {
    {"null", avro_kind::null},    {"boolean", avro_kind::boolean}, {"int", avro_kind::int32},
    {"long", avro_kind::int64},   {"float", avro_kind::float32},   {"double", avro_kind::float64},
    {"bytes", avro_kind::binary}, {"string", avro_kind::string},
};

std::uint64_t least_bytes_of(const avro_type &type) {
  switch (type.kind) {
    case avro_kind::null:
      return 0;
    case avro_kind::float32:
      return 4;
    case avro_kind::float64:
      return 8;
    case avro_kind::fixed:
      return type.size;
    case avro_kind::record: {
      std::uint64_t sum = 0;
      for (const avro_field &f : type.fields) sum = std::min(sum + f.type->least_bytes, most_least_bytes);
      return sum;
    }
    case avro_kind::choice: {
      std::uint64_t least = most_least_bytes;
      for (const avro_type *branch : type.branches) least = std::min(least, branch->least_bytes);
      return least + 1;
    }
    default:
      return 1;
  }
}

int deepest_child(const avro_type &type) {
  int deepest = type.items == nullptr ? 0 : type.items->depth;
  for (const avro_field &f : type.fields) deepest = std::max(deepest, f.type->depth);
  for (const avro_type *branch : type.branches) deepest = std::max(deepest, branch->depth);
  return deepest;
}

}  // namespace

class avro_schema_parser {
 public:
  avro_schema_parser(avro_schema &schema, std::string_view subject) : schema_(schema), subject_(subject) {}

  const avro_type *parse(const json::value &text, const std::string &space) {
    if (text.is_string()) return named(std::string_view(text.get_string()), space);
    if (text.is_array()) return choice(text.get_array(), space);
    if (text.is_object()) return object(text.get_object(), space);
    corrupt("a type is neither a name, an object nor a union");
  }

 private:
  [[noreturn]] void corrupt(const std::string &what) const {
    fail(status::CORRUPT, "Avro schema: " + what, std::string(subject_));
  }

  std::string_view text_of(const json::object &from, std::string_view key) const {
    const json::value *found = from.if_contains(key);
    if (found == nullptr || !found->is_string()) corrupt("no text for \"" + std::string(key) + "\"");
    return found->get_string();
  }

  const avro_type *finish(avro_type type) {
    type.least_bytes = least_bytes_of(type);
    type.depth = 1 + deepest_child(type);
    if (type.depth > most_depth) {
      fail(status::UNSUPPORTED, "Avro schema: types nest too deeply", std::string(subject_));
    }
    return &schema_.types_.emplace_back(std::move(type));
  }

  static std::string full_name(std::string_view name, const std::string &space) {
    return name.find('.') != std::string_view::npos || space.empty() ? std::string(name)
                                                                     : space + "." + std::string(name);
  }

  const avro_type *named(std::string_view name, const std::string &space) {
    for (const auto &[primitive_name, primitive] : primitives) {
      if (name != primitive_name) continue;
      avro_type type;
      type.kind = primitive;
      return finish(std::move(type));
    }
    auto found = names_.find(full_name(name, space));
    if (found == names_.end()) found = names_.find(std::string(name));
    if (found == names_.end()) corrupt("no type is named \"" + std::string(name) + "\"");
    if (found->second == nullptr) {
      fail(status::UNSUPPORTED, "Avro schema: a type contains itself: \"" + std::string(name) + "\"",
           std::string(subject_));
    }
    return found->second;
  }

  const avro_type *choice(const json::array &branches, const std::string &space) {
    avro_type type;
    type.kind = avro_kind::choice;
    for (const json::value &branch : branches) {
      type.branches.push_back(parse(branch, space));
      if (type.branches.back()->kind == avro_kind::choice) corrupt("a union holds a union");
    }
    if (type.branches.empty()) corrupt("a union is empty");
    return finish(std::move(type));
  }

  const avro_type *object(const json::object &from, const std::string &space) {
    const json::value *type_text = from.if_contains("type");
    if (type_text == nullptr) corrupt("an object has no \"type\"");
    if (!type_text->is_string()) return parse(*type_text, space);  // {"type": {"type": …}}

    const std::string_view type_name = type_text->get_string();
    avro_type type;
    if (const json::value *logical = from.if_contains("logicalType"); logical != nullptr && logical->is_string()) {
      type.logical_type = std::string_view(logical->get_string());
    }
    if (const json::value *scale = from.if_contains("scale"); scale != nullptr && scale->is_int64()) {
      type.scale = static_cast<int>(std::clamp<std::int64_t>(scale->get_int64(), -1, most_scale));
    }
    if (type_name == "array" || type_name == "map") {
      const std::string_view inner = type_name == "array" ? "items" : "values";
      const json::value *items = from.if_contains(inner);
      if (items == nullptr) corrupt("a type has no \"" + std::string(inner) + "\"");
      type.kind = type_name == "array" ? avro_kind::array : avro_kind::map;
      type.items = parse(*items, space);
      return finish(std::move(type));
    }
    if (type_name == "record" || type_name == "error") return record(from, std::move(type), space);
    if (type_name == "fixed" || type_name == "enum") {
      const std::string name = declare(from, space).first;
      type.kind = type_name == "fixed" ? avro_kind::fixed : avro_kind::enumeration;
      if (type.kind == avro_kind::fixed) type.size = size_of(from);
      if (type.kind == avro_kind::enumeration) type.symbols = symbols_of(from);
      return names_[name] = finish(std::move(type));
    }
    const avro_type *known = named(type_name, space);
    if (type.logical_type.empty()) return known;
    avro_type annotated = *known;
    annotated.logical_type = std::move(type.logical_type);
    annotated.scale = type.scale;
    return finish(std::move(annotated));
  }

  const avro_type *record(const json::object &from, avro_type type, const std::string &space) {
    const auto [name, inner_space] = declare(from, space);
    type.kind = avro_kind::record;
    const json::value *fields = from.if_contains("fields");
    if (fields == nullptr || !fields->is_array()) corrupt("record \"" + name + "\" has no fields");
    for (const json::value &field_text : fields->get_array()) {
      if (!field_text.is_object()) corrupt("a field of record \"" + name + "\" is no object");
      const json::object &field_object = field_text.get_object();
      avro_field field;
      field.name = text_of(field_object, "name");
      field.field_id = field_id_of(field_object);
      const json::value *field_type = field_object.if_contains("type");
      if (field_type == nullptr) corrupt("field \"" + field.name + "\" has no type");
      field.type = parse(*field_type, inner_space);
      type.fields.push_back(std::move(field));
    }
    return names_[name] = finish(std::move(type));
  }

  static std::optional<std::int32_t> field_id_of(const json::object &from) {
    const json::value *id = from.if_contains("field-id");
    if (id == nullptr || !id->is_int64()) return std::nullopt;
    const std::int64_t number = id->get_int64();
    if (number < 0 || number > std::numeric_limits<std::int32_t>::max()) return std::nullopt;
    return static_cast<std::int32_t>(number);
  }

  std::vector<std::string> symbols_of(const json::object &from) const {
    const json::value *list = from.if_contains("symbols");
    if (list == nullptr || !list->is_array()) corrupt("an enum has no \"symbols\"");
    std::vector<std::string> symbols;
    for (const json::value &symbol : list->get_array()) {
      if (!symbol.is_string()) corrupt("an enum's symbol is no text");
      symbols.emplace_back(std::string_view(symbol.get_string()));
    }
    return symbols;
  }

  std::uint32_t size_of(const json::object &from) const {
    const json::value *size = from.if_contains("size");
    if (size == nullptr || !size->is_int64() || size->get_int64() < 0 ||
        size->get_int64() > std::numeric_limits<std::int32_t>::max()) {
      corrupt("a fixed has no size");
    }
    return static_cast<std::uint32_t>(size->get_int64());
  }

  /// Full name and namespace of a named type, which stays incomplete until its fields are read.
  std::pair<std::string, std::string> declare(const json::object &from, const std::string &space) {
    std::string inner = space;
    if (const json::value *own = from.if_contains("namespace"); own != nullptr && own->is_string()) {
      inner = std::string_view(own->get_string());
    }
    std::string name = full_name(text_of(from, "name"), inner);
    if (const auto dot = name.rfind('.'); dot != std::string::npos) inner = name.substr(0, dot);
    if (!names_.emplace(name, nullptr).second) corrupt("two types are named \"" + name + "\"");
    return {std::move(name), std::move(inner)};
  }

  avro_schema &schema_;
  std::string_view subject_;
  std::unordered_map<std::string, const avro_type *> names_;
};

std::shared_ptr<const avro_schema> avro_schema::parse(std::string_view text, std::string_view subject) {
  const auto schema = std::make_shared<avro_schema>();
  schema->root_ = avro_schema_parser(*schema, subject).parse(parse_json(text, subject), {});
  return schema;
}

avro_option option_of(const avro_type &type) noexcept {
  if (type.kind != avro_kind::choice || type.branches.size() != 2) return {&type, -1};
  for (std::int8_t i = 0; i < 2; ++i) {
    if (type.branches[i]->kind == avro_kind::null && type.branches[1 - i]->kind != avro_kind::null) {
      return {type.branches[1 - i], i};
    }
  }
  return {&type, -1};
}

std::int64_t avro_schema::size_in_bytes() const noexcept {
  std::size_t size = sizeof *this;
  for (const avro_type &one : types_) size += sizeof one + one.fields.size() * (sizeof(avro_field) + 16);
  return static_cast<std::int64_t>(size);
}

}  // namespace evodb
