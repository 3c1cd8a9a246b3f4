#include "table/operations/schema_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace evodb {
namespace {

bool has_initial_default(const field &f) {
  return f.initial_default && !is_null(*f.initial_default);
}

/// What a difference means to whom; the reasons are empty where it breaks nothing.
struct verdict {
  std::string kind, column;
  std::string otherwise;  ///< what to say where nothing that is asked for breaks
  std::string backward;   ///< why the new schema does not read old rows
  std::string forward;    ///< why the old schema does not read new rows
};

class comparison {
 public:
  comparison(const schema &old_schema, const schema &new_schema, int format_version, compatibility asked)
      : old_(old_schema), new_(new_schema), format_version_(format_version), asked_(asked) {
    new_.for_each([this](const field &now, const std::string &name) { compare_field(now, name); });
    old_.for_each([this](const field &before, const std::string &name) { compare_dropped(before, name); });
    compare_order(old_.fields(), new_.fields());
    if (!have_same_identifiers()) {
      compatible("identifier fields", "", "the fields that identify a row are others; no stored value changes");
    }
  }

  std::vector<schema_difference> finish() && { return std::move(found_); }

 private:
  void add(verdict v) {
    const bool looks_back = asked_ != compatibility::none && asked_ != compatibility::forward;
    const bool looks_ahead = asked_ == compatibility::forward || asked_ == compatibility::full;
    std::string reason = looks_back ? v.backward : "";
    if (looks_ahead && !v.forward.empty() && v.forward != reason) reason += (reason.empty() ? "" : "; ") + v.forward;
    const bool is_compatible = reason.empty();
    if (is_compatible) reason = std::move(v.otherwise);
    found_.push_back({is_compatible, std::move(v.kind), std::move(v.column), std::move(reason)});
  }
  void compatible(std::string kind, std::string column, std::string reason) {
    add({std::move(kind), std::move(column), std::move(reason), "", ""});
  }
  /// Breaks readers either way.
  void breaking(std::string kind, std::string column, std::string reason) {
    add({std::move(kind), std::move(column), reason, reason, reason});
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
    if (before->required && !now.required) {
      add({"made optional", name, "rows may hold null from now on", "",
           "rows may hold null from now on, and the old schema requires a value"});
    }
    if (!before->required && now.required) {
      add({"made required", name, "no row holds null from now on", "rows written before may hold null", ""});
    }
    if (before->doc != now.doc) compatible("doc", name, "only the documentation differs");
    if (before->initial_default != now.initial_default) {
      add({"default", name, "rows without the column read as another value",
           "the initial default is what rows without the column hold, and may never change", ""});
    }
    if (before->write_default != now.write_default)
      compatible("default", name, "rows written from now on get another default");
  }

  void compare_added(const field &now, const std::string &name) {
    const std::int32_t parent = new_.parent_of(now.id);
    if (parent != schema::no_parent && old_.find(parent) == nullptr) return;  // it came with its parent
    const bool has_default = has_initial_default(now);
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
      add({"added", name, "readers of the old schema pass over it",
           "required, but rows written before have no value and there is no default", ""});
    }
  }

  void compare_dropped(const field &before, const std::string &name) {
    if (new_.find(before.id) != nullptr) return;
    const std::int32_t parent = old_.parent_of(before.id);
    if (parent != schema::no_parent && new_.find(parent) == nullptr) return;  // it left with its parent
    verdict v{"dropped", name, "its values are read no longer", "", ""};
    if (asked_ == compatibility::evolution) v.backward = "readers that ask for it find nothing";
    if (before.required && !has_initial_default(before)) {
      v.forward = "rows written from now on have no value of it, and the old schema requires one";
    } else if (asked_ == compatibility::forward || asked_ == compatibility::full) {
      v.otherwise = "readers of the old schema find its default or null";
    }
    add(std::move(v));
  }

  void compare_type(const field &before, const field &now, const std::string &name) {
    if (before.type == now.type) return;
    const std::string change = fmt::format("{} to {}", before.type.to_text(), now.type.to_text());
    if (can_promote(before.type, now.type, format_version_)) {
      add({"widened", name, change + ": every old value fits", "", change + ": new values may not fit the old type"});
    } else if (can_promote(now.type, before.type, format_version_)) {
      add({"narrowed", name, change + ": every new value fits the old type", change + ": old values may not fit", ""});
    } else {
      add({"type changed", name, change, change + ": old values cannot be read so",
           change + ": new values cannot be read as the old type"});
    }
  }

  bool have_same_identifiers() const {
    const auto sorted = [](std::vector<std::int32_t> ids) {
      std::sort(ids.begin(), ids.end());
      return ids;
    };
    return sorted(old_.identifier_field_ids()) == sorted(new_.identifier_field_ids());
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
  const int format_version_;
  const compatibility asked_;
  std::vector<schema_difference> found_;
};

}  // namespace

std::vector<schema_difference> compare(const schema &old_schema, const schema &new_schema, int format_version,
                                       compatibility asked) {
  return comparison(old_schema, new_schema, format_version, asked).finish();
}

}  // namespace evodb
