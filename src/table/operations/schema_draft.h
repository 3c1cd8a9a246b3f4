#pragma once

#include <cstdint>
#include <iterator>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/schema.h"

namespace evodb {

/// A schema that is being changed: a tree of fields, in which each change costs what it changes, however many columns
/// there are. What a schema requires is checked when one is made of the fields.
class schema_draft {
 public:
  static constexpr std::int32_t top = schema::no_parent;  ///< stands for the row itself, where a parent's id is due

  struct node {
    field own;  ///< with the children that its type had at first
    std::int32_t parent = top;
    std::list<std::int32_t> children;
    std::list<std::int32_t>::iterator place;              ///< among its siblings
    std::unordered_map<std::string, std::int32_t> names;  ///< of its children
  };

  explicit schema_draft(const std::vector<field> &fields);

  const node *find(std::int32_t id) const noexcept;    ///< null if none; `top` is found
  const node *find(std::string_view full_name) const;  ///< null if none; depth first, the first of several
  std::string full_name(std::int32_t id) const;        ///< of a field that is there
  type type_of(const node &at) const;                  ///< with the children that it has now

  /// All of a field but its name, its type's children and its place may be changed through this.
  field &edit(const node &at) { return nodes_.at(at.own.id).own; }
  void add(std::int32_t parent, field added);
  void remove(std::int32_t id);
  void rename(const node &at, const std::string &name);
  /// Puts a field before or behind one of its siblings.
  void move_before(const node &at, const node &sibling) { move_to(at, sibling.place); }
  void move_behind(const node &at, const node &sibling) { move_to(at, std::next(sibling.place)); }
  void move_to_front(const node &at) { move_to(at, nodes_.at(at.parent).children.begin()); }

  std::vector<field> fields() const { return fields_of(nodes_.at(top)); }

 private:
  void move_to(const node &at, std::list<std::int32_t>::iterator before);
  void find_below(const node &parent, std::string_view name, std::vector<const node *> &found) const;
  const node *first_of(const node &parent, const std::vector<const node *> &candidates) const;
  std::vector<field> fields_of(const node &parent) const;

  std::unordered_map<std::int32_t, node> nodes_;
};

}  // namespace evodb
