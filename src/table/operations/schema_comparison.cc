#include "table/operations/schema_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace evodb {
namespace {

class comparison {
 public:
  comparison(const schema &old_schema, const schema &new_schema, int format_version)
      : old_(old_schema), new_(new_schema), format_version_(format_version) {
    new_.for_each([this](const field &now, const std::string &name) { compare_field(now, name); });
    old_.for_each([this](const field &before, const std::string &name) {
      if (new_.find(before.id) != nullptr) return;
      const std::int32_t parent = old_.parent_of(before.id);
      const bool parent_has_left = parent != schema::no_parent && new_.find(parent) == nullptr;
      if (!parent_has_left) breaking("dropped", name, "readers that ask for it find nothing");
    });
    compare_order(old_.fields(), new_.fields());
    if (old_.identifier_field_ids() != new_.identifier_field_ids()) {
      compatible("identifier fields", "", "the fields that identify a row are others; no stored value changes");
    }
  }

  std::vector<schema_difference> finish() && { return std::move(found_); }

 private:
  void compatible(std::string kind, std::string column, std::string reason) {
    found_.push_back({true, std::move(kind), std::move(column), std::move(reason)});
  }
  void breaking(std::string kind, std::string column, std::string reason) {
    found_.push_back({false, std::move(kind), std::move(column), std::move(reason)});
  }

  void compare_field(const field &now, const std::string &name) {
    const field *before = old_.find(now.id);
    if (before == nullptr) {
      compare_added(now, name);
      return;
    }
    if (old_.parent_of(now.id) != new_.parent_of(now.id) || before->type.is_nested() != now.type.is_nested() ||
        (now.type.is_nested() && before->type.kind() != now.type.kind())) {
      breaking("id reused", name,
               fmt::format("field id {} was {} ({}) and now stands for something else", now.id, old_.full_name(now.id),
                           before->type.to_text()));
      return;
    }
    if (before->name != now.name) {
      compatible("renamed", name, fmt::format("it was {}; files are read by field id", old_.full_name(now.id)));
    }
    if (now.type.is_primitive() || now.type.is(type_kind::variant)) compare_type(*before, now, name);
    if (before->required && !now.required) compatible("made optional", name, "rows may hold null from now on");
    if (!before->required && now.required) breaking("made required", name, "rows written before may hold null");
    if (before->doc != now.doc) compatible("doc", name, "only the documentation differs");
    if (before->initial_default != now.initial_default) {
      breaking("default", name, "the initial default is what rows without the column hold, and may never change");
    }
    if (before->write_default != now.write_default)
      compatible("default", name, "rows written from now on get another default");
  }

  void compare_added(const field &now, const std::string &name) {
    const std::int32_t parent = new_.parent_of(now.id);
    if (parent != schema::no_parent && old_.find(parent) == nullptr) return;  // it came with its parent
    const bool has_default = now.initial_default && !is_null(*now.initial_default);
    const field *namesake = old_.find(name);
    if (namesake != nullptr && new_.find(namesake->id) == nullptr) {
      breaking("added", name,
               fmt::format("a new column (field id {}) takes the name of the dropped one (field id {})", now.id,
                           namesake->id));
    } else if (has_default && format_version_ < 3) {
      breaking("added", name, "default values need format version 3");
    } else if (!now.required) {
      compatible("added", name,
                 has_default ? "rows written before read as its default" : "rows written before read as null");
    } else if (has_default) {
      compatible("added", name, "required, and rows written before read as its default");
    } else {
      breaking("added", name, "required, but rows written before have no value and there is no default");
    }
  }

  void compare_type(const field &before, const field &now, const std::string &name) {
    if (before.type == now.type) return;
    const std::string change = fmt::format("{} to {}", before.type.to_text(), now.type.to_text());
    if (can_promote(before.type, now.type, format_version_)) {
      compatible("widened", name, change + ": every old value fits");
    } else if (can_promote(now.type, before.type, format_version_)) {
      breaking("narrowed", name, change + ": old values may not fit");
    } else {
      breaking("type changed", name, change + ": old values cannot be read so");
    }
  }

  /// Reports each group of siblings whose common members changed their order.
  void compare_order(const std::vector<field> &before, const std::vector<field> &now) {
    auto common = [](const std::vector<field> &fields, const schema &other) {
      std::vector<std::int32_t> ids;
      for (const field &f : fields) {
        if (other.find(f.id) != nullptr) ids.push_back(f.id);
      }
      return ids;
    };
    const auto old_ids = common(before, new_);
    const auto new_ids = common(now, old_);
    for (std::size_t i = 0; i < new_ids.size() && i < old_ids.size(); ++i) {
      if (new_ids[i] == old_ids[i]) continue;
      compatible("moved", new_.full_name(new_ids[i]), "the order of columns is another; files are read by field id");
      break;
    }
    for (const field &f : now) {
      const field *was = old_.find(f.id);
      if (was != nullptr && was->type.kind() == f.type.kind() && f.type.is_nested()) {
        compare_order(was->type.fields(), f.type.fields());
      }
    }
  }

  const schema &old_;
  const schema &new_;
  int format_version_;
  std::vector<schema_difference> found_;
};

}  // namespace

std::vector<schema_difference> compare(const schema &old_schema, const schema &new_schema, int format_version) {
  return comparison(old_schema, new_schema, format_version).finish();
}

}  // namespace evodb
