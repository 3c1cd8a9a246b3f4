#include "model/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/text_cursor.h"
#include "base/utf8.h"

namespace evodb {
namespace {

[[noreturn]] void fail_field(const std::string &problem, const std::string &full_name) {
  fail(status::INVALID_ARGUMENT, fmt::format("{}: '{}'", problem, full_name), full_name);
}

void check_defaults(const field &f, const std::string &full_name) {
  for (const auto &by_default : {f.initial_default, f.write_default}) {
    if (by_default && !is_value_of(f.type, *by_default)) {
      fail_field(fmt::format("default is not a value of type {}", f.type.to_text()), full_name);
    }
  }
}

void check_field(const field &f, const std::string &full_name) {
  if (f.name.empty()) fail_field("field has an empty name", full_name);
  if (!is_utf8(f.name)) fail_field("field name is not UTF-8", full_name);
  if (f.id < 0) fail_field(fmt::format("field id {} is negative", f.id), full_name);
  if (f.required && f.type.is(type_kind::unknown)) fail_field("field of type unknown cannot be required", full_name);
  check_defaults(f, full_name);
}

void check_sibling_names(const std::vector<field> &siblings, const std::string &prefix) {
  std::unordered_set<std::string_view> names;
  for (const field &f : siblings) {
    if (!names.insert(f.name).second) fail_field("two fields have one name", prefix + f.name);
  }
}

bool has_default(const std::optional<value> &by_default) noexcept {
  return by_default && !is_null(*by_default);
}

bool is_path_of(const schema &columns, const std::vector<std::string> &segments, std::int32_t id) {
  for (auto name = segments.rbegin(); name != segments.rend(); ++name) {
    const field *at = columns.find(id);
    if (at == nullptr || at->name != *name) return false;
    id = columns.parent_of(id);
  }
  return id == schema::no_parent;
}

type with_fresh_ids(const type &t, std::int32_t &next_id) {
  if (!t.is_nested()) return t;
  std::vector<field> children = assign_fresh_ids(t.fields(), next_id);
  if (t.is(type_kind::list)) return type::list(std::move(children[0]));
  if (t.is(type_kind::map)) return type::map(std::move(children[0]), std::move(children[1]));
  return type::structure(std::move(children));
}

/// Collects the ids of all fields, nested ones included.
struct id_census {
  std::unordered_set<std::int32_t> ids;
  const field *unassigned = nullptr;
  const field *duplicate = nullptr;

  void count(const std::vector<field> &fields) {
    for (const field &f : fields) {
      if (f.id == 0) {
        unassigned = &f;
      } else if (f.id < 0 || !ids.insert(f.id).second) {
        duplicate = &f;
      }
      count(f.type.fields());
    }
  }
};

}  // namespace

schema::schema(std::int32_t schema_id, std::vector<field> fields, std::vector<std::int32_t> identifier_field_ids)
    : schema_id_(schema_id), fields_(std::move(fields)), identifier_field_ids_(std::move(identifier_field_ids)) {
  index(fields_, entry{nullptr, no_parent, {}, true});
  for (const std::int32_t id : identifier_field_ids_) check_identifier(id);
}

void schema::index(const std::vector<field> &fields, const entry &parent) {
  const std::string prefix = parent.full_name.empty() ? std::string() : parent.full_name + '.';
  check_sibling_names(fields, prefix);
  const bool single_valued = parent.single_valued && (!parent.at || parent.at->type.is(type_kind::structure));
  for (const field &f : fields) {
    entry here{&f, parent.at ? parent.at->id : no_parent, prefix + f.name, single_valued};
    check_field(f, here.full_name);
    highest_id_ = std::max(highest_id_, f.id);
    // The first one wins: a name with dots may look like a path.
    if (!by_name_.try_emplace(here.full_name, f.id).second) ambiguous_name_ = here.full_name;
    const auto [at, is_new] = by_id_.try_emplace(f.id, std::move(here));
    if (!is_new) fail_field(fmt::format("field id {} is used twice", f.id), prefix + f.name);
    index(f.type.fields(), at->second);
  }
}

void schema::check_identifier(std::int32_t id) const {
  const field *f = find(id);
  if (!f) fail(status::INVALID_ARGUMENT, fmt::format("identifier field does not exist: {}", id));
  const bool floating = f->type.is(type_kind::float32) || f->type.is(type_kind::float64);
  if (!f->type.is_primitive() || floating) {
    fail_field(fmt::format("identifier field cannot be of type {}", f->type.to_text()), full_name(id));
  }
  if (!is_single_valued(id)) fail_field("identifier field is inside a list or map", full_name(id));
  for (std::int32_t at = id; at != no_parent; at = parent_of(at)) {
    if (!find(at)->required) fail_field("identifier field, or a struct around it, is not required", full_name(at));
  }
}

const field *schema::find(std::int32_t id) const noexcept {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second.at;
}

const field *schema::find(std::string_view full_name) const {
  const auto found = by_name_.find(std::string(full_name));
  return found == by_name_.end() ? nullptr : find(found->second);
}

const field *schema::find_path(const std::vector<std::string> &segments) const {
  std::string joined;
  for (const std::string &name : segments) joined += (joined.empty() ? "" : ".") + name;
  const field *found = find(joined);
  if (found == nullptr || is_path_of(*this, segments, found->id)) return found;
  // Where names hold dots, another field may have the same full name.
  const std::vector<field> *siblings = &fields_;
  for (const std::string &name : segments) {
    const auto at = std::find_if(siblings->begin(), siblings->end(), [&](const field &f) { return f.name == name; });
    if (at == siblings->end()) return nullptr;
    found = &*at;
    siblings = &found->type.fields();
  }
  return found;
}

std::vector<std::string> schema::path_of(std::int32_t id) const {
  std::vector<std::string> path;
  for (const field *at = find(id); at != nullptr; at = find(parent_of(at->id))) path.insert(path.begin(), at->name);
  return path;
}

const field *schema::find_ignoring_case(std::string_view full_name) const {
  const field *found = nullptr;
  for_each([&](const field &f, const std::string &name) {
    if (found == nullptr && name != full_name && equal_ignoring_case(name, full_name)) found = &f;
  });
  return found;
}

std::string schema::full_name(std::int32_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? std::string() : found->second.full_name;
}

std::int32_t schema::parent_of(std::int32_t id) const noexcept {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? no_parent : found->second.parent;
}

bool schema::is_never_null(std::int32_t id) const noexcept {
  if (!is_single_valued(id)) return false;
  for (; id != no_parent; id = parent_of(id)) {
    if (!find(id)->required) return false;
  }
  return true;
}

bool schema::is_single_valued(std::int32_t id) const noexcept {
  const auto found = by_id_.find(id);
  return found != by_id_.end() && found->second.single_valued;
}

int schema::minimum_format_version() const noexcept {
  int version = 1;
  for (const auto &[id, e] : by_id_) {
    if (has_default(e.at->initial_default) || has_default(e.at->write_default)) version = 3;
    version = std::max(version, e.at->type.minimum_format_version());
  }
  return version;
}

void schema::for_each(const std::function<void(const field &, const std::string &)> &visit) const {
  const std::function<void(const std::vector<field> &)> walk = [&](const std::vector<field> &fields) {
    for (const field &f : fields) {
      visit(f, by_id_.at(f.id).full_name);
      walk(f.type.fields());
    }
  };
  walk(fields_);
}

schema schema::with_id(std::int32_t schema_id) const {
  return schema(schema_id, fields_, identifier_field_ids_);
}

bool schema::same_fields(const schema &other) const {
  const std::unordered_set<std::int32_t> ids(identifier_field_ids_.begin(), identifier_field_ids_.end());
  const std::unordered_set<std::int32_t> other_ids(other.identifier_field_ids_.begin(),
                                                   other.identifier_field_ids_.end());
  return fields_ == other.fields_ && ids == other_ids;
}

std::vector<field> assign_fresh_ids(std::vector<field> fields, std::int32_t &next_id) {
  for (field &f : fields) f.id = next_id++;
  for (field &f : fields) f.type = with_fresh_ids(f.type, next_id);
  return fields;
}

void check_field_ids(const schema &of_new_table) {
  of_new_table.for_each([](const field &f, const std::string &full_name) {
    if (f.id < 1 || f.id > schema::highest_field_id) {
      fail_field(fmt::format("field id {} is out of range", f.id), full_name);
    }
  });
}

std::vector<field> keep_or_assign_ids(std::vector<field> fields) {
  id_census census;
  census.count(fields);
  if (census.duplicate) fail_field("field id is not positive and unique", census.duplicate->name);
  if (!census.unassigned) return fields;
  if (!census.ids.empty()) fail_field("some fields have an id, but this one has none", census.unassigned->name);
  std::int32_t next_id = 1;
  return assign_fresh_ids(std::move(fields), next_id);
}

}  // namespace evodb
