#include "table/operations/schema_draft.h"

#include <algorithm>
#include <utility>

namespace evodb {

schema_draft::schema_draft(const std::vector<field> &fields) {
  nodes_[top];
  for (const field &f : fields) add(top, f);
}

const schema_draft::node *schema_draft::find(std::int32_t id) const noexcept {
  const auto found = nodes_.find(id);
  return found == nodes_.end() ? nullptr : &found->second;
}

const schema_draft::node *schema_draft::find(std::string_view full_name) const {
  std::vector<const node *> found;
  find_below(nodes_.at(top), full_name, found);
  if (found.size() > 1) return first_of(nodes_.at(top), found);
  return found.empty() ? nullptr : found.front();
}

/// Names may hold dots, so each dot may be one between two fields. A field is reached by its own full name alone.
void schema_draft::find_below(const node &parent, std::string_view name, std::vector<const node *> &found) const {
  for (std::size_t end = name.find('.');; end = name.find('.', end + 1)) {
    const auto child = parent.names.find(std::string(name.substr(0, end)));
    if (child != parent.names.end()) {
      const node &at = nodes_.at(child->second);
      if (end == std::string_view::npos) {
        found.push_back(&at);
      } else {
        find_below(at, name.substr(end + 1), found);
      }
    }
    if (end == std::string_view::npos) return;
  }
}

const schema_draft::node *schema_draft::first_of(const node &parent,
                                                 const std::vector<const node *> &candidates) const {
  for (const std::int32_t id : parent.children) {
    const node &at = nodes_.at(id);
    if (std::find(candidates.begin(), candidates.end(), &at) != candidates.end()) return &at;
    if (const node *below = first_of(at, candidates)) return below;
  }
  return nullptr;
}

std::string schema_draft::full_name(std::int32_t id) const {
  const node &at = nodes_.at(id);
  return at.parent == top ? at.own.name : full_name(at.parent) + '.' + at.own.name;
}

type schema_draft::type_of(const node &at) const {
  if (at.children.empty()) return at.own.type;
  std::vector<field> children = fields_of(at);
  switch (at.own.type.kind()) {
    case type_kind::list:
      return type::list(std::move(children.at(0)));
    case type_kind::map:
      return type::map(std::move(children.at(0)), std::move(children.at(1)));
    default:
      return type::structure(std::move(children));
  }
}

std::vector<field> schema_draft::fields_of(const node &parent) const {
  std::vector<field> fields;
  fields.reserve(parent.children.size());
  for (const std::int32_t id : parent.children) {
    const node &at = nodes_.at(id);
    fields.push_back(at.own);
    fields.back().type = type_of(at);
  }
  return fields;
}

void schema_draft::add(std::int32_t parent, field added) {
  node &above = nodes_.at(parent);
  const std::int32_t id = added.id;
  above.names.emplace(added.name, id);
  node &at = nodes_[id];
  at.parent = parent;
  at.place = above.children.insert(above.children.end(), id);
  at.own = std::move(added);
  const type its_type = at.own.type;
  for (const field &child : its_type.fields()) add(id, child);
}

void schema_draft::remove(std::int32_t id) {
  const auto at = nodes_.find(id);
  node &above = nodes_.at(at->second.parent);
  while (!at->second.children.empty()) remove(at->second.children.back());
  above.names.erase(at->second.own.name);
  above.children.erase(at->second.place);
  nodes_.erase(at);
}

void schema_draft::rename(const node &at, const std::string &name) {
  node &above = nodes_.at(at.parent);
  above.names.erase(at.own.name);
  above.names.emplace(name, at.own.id);
  edit(at).name = name;
}

void schema_draft::move_to(const node &at, std::list<std::int32_t>::iterator before) {
  std::list<std::int32_t> &siblings = nodes_.at(at.parent).children;
  siblings.splice(before, siblings, at.place);
}

}  // namespace evodb
