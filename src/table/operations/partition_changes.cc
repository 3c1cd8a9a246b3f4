#include "table/operations/partition_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/error.h"

namespace evodb {
namespace {

/// Iceberg Java's names of fields that are added to a spec: with the parameter, so that another one can follow under
/// another name.
std::string name_of_added(const transform &t, const std::string &source_name) {
  const std::string name = default_partition_name(t, source_name);
  const bool has_parameter = t.kind == transform::kind::bucket || t.kind == transform::kind::truncate;
  return has_parameter ? fmt::format("{}_{}", name, t.parameter) : name;
}

bool is_void(const partition_field &f) noexcept {
  return f.transform.kind == transform::kind::void_;
}

/// Iceberg Java's PartitionSpec.compatibleWith.
bool is_equal(const partition_spec &a, const partition_spec &b) {
  return std::equal(
      a.fields.begin(), a.fields.end(), b.fields.begin(), b.fields.end(),
      [](const partition_field &x, const partition_field &y) { return x.same_values(y) && x.name == y.name; });
}

class partition_evolution {
 public:
  explicit partition_evolution(const table_metadata &metadata)
      : metadata_(metadata),
        columns_(*metadata.current_schema()),
        before_(metadata.default_spec()),
        now_(before_.fields) {}

  void apply(const partition_change::add &change) {
    partition_field added = parse_partition_field(change.text, columns_);
    if (const partition_field *same = find_same(now_, added)) {
      fail(status::ALREADY_EXISTS, fmt::format("the partition field {} is the same as {}", change.text, same->name),
           same->name);
    }
    if (restore(added)) return;
    reuse_or_number(added);
    if (added.transform.is_time()) check_redundancy(added);
    make_way_for(added.name);
    added_.push_back(added.field_id);
    // A void field of this id, left by version 1, becomes again what it was.
    const auto place =
        std::find_if(now_.begin(), now_.end(), [&](const auto &f) { return f.field_id == added.field_id; });
    if (place != now_.end()) {
      *place = std::move(added);
    } else {
      now_.push_back(std::move(added));
    }
    check();
  }

  void apply(const partition_change::drop &change) {
    const auto dropped = require(change.name);
    const bool is_new = !is_of_table(*dropped);
    if (metadata_.format_version > 1 || is_new) {
      now_.erase(dropped);
    } else {
      dropped->transform = transform{transform::kind::void_, 0, {}};
    }
  }

  void apply(const partition_change::rename &change) {
    const auto renamed = require(change.name);
    if (change.name == change.new_name) return;
    make_way_for(change.new_name);
    renamed->name = change.new_name;
    check();
  }

  partition_spec finish() && {
    partition_spec evolved;
    evolved.fields = std::move(now_);
    for (const partition_spec &known : metadata_.partition_specs) {
      if (is_equal(known, evolved)) return known;
      evolved.spec_id = std::max(evolved.spec_id, known.spec_id + 1);
    }
    return evolved;
  }

 private:
  using fields = std::vector<partition_field>;

  static const partition_field *find_same(const fields &among, const partition_field &as) {
    const auto found = std::find_if(among.begin(), among.end(), [&](const auto &f) { return f.same_values(as); });
    return found == among.end() ? nullptr : &*found;
  }

  fields::iterator require(const std::string &name) {
    const auto found = std::find_if(now_.begin(), now_.end(), [&](const auto &f) { return f.name == name; });
    if (found == now_.end()) {
      fail(status::NOT_FOUND,
           fmt::format("partition spec {} has no field of the name {}", before_.spec_id, name.empty() ? "''" : name),
           name);
    }
    return found;
  }

  bool is_of_table(const partition_field &f) const {
    return std::any_of(before_.fields.begin(), before_.fields.end(),
                       [&](const auto &was) { return was.field_id == f.field_id; });
  }

  /// A field of the spec that was dropped, and is added again, was not dropped.
  bool restore(const partition_field &added) {
    const partition_field *was = find_same(before_.fields, added);
    if (was == nullptr) return false;
    partition_field restored = *was;
    const std::string name = added.name.empty() ? was->name : added.name;
    const auto as_void =
        std::find_if(now_.begin(), now_.end(), [&](const auto &f) { return f.field_id == was->field_id; });
    if (as_void != now_.end()) now_.erase(as_void);
    make_way_for(name);
    restored.name = name;
    const auto position = [&](const partition_field &f) {
      return std::find_if(before_.fields.begin(), before_.fields.end(),
                          [&](const auto &one) { return one.field_id == f.field_id; });
    };
    const auto behind =
        std::find_if(now_.begin(), now_.end(), [&](const auto &f) { return position(f) > position(*was); });
    now_.insert(behind, std::move(restored));
    check();
    return true;
  }

  void reuse_or_number(partition_field &added) {
    if (metadata_.format_version > 1) {
      for (auto spec = metadata_.partition_specs.rbegin(); spec != metadata_.partition_specs.rend(); ++spec) {
        for (const partition_field &f : spec->fields) {
          if (!f.same_values(added) || (!added.name.empty() && f.name != added.name)) continue;
          added = f;
          return;
        }
      }
    }
    std::int32_t last_field_id = metadata_.last_partition_id;
    for (const partition_field &f : now_) last_field_id = std::max(last_field_id, f.field_id);
    if (last_field_id == std::numeric_limits<std::int32_t>::max())
      fail(status::INVALID_ARGUMENT, "the table's partition field ids are used up", metadata_.location);
    added.field_id = last_field_id + 1;
    if (added.name.empty()) added.name = name_of_added(added.transform, columns_.full_name(added.source_id()));
  }

  /// As in Java, beside a time field that the spec has already another one may be added, but not two of them.
  void check_redundancy(const partition_field &added) const {
    for (const partition_field &f : now_) {
      const bool is_new = std::find(added_.begin(), added_.end(), f.field_id) != added_.end();
      if (!is_new || !f.transform.is_time() || f.source_ids != added.source_ids) continue;
      fail(status::INVALID_ARGUMENT,
           fmt::format("the partition field {} is redundant beside {}, which is added too", added.name, f.name),
           added.name);
    }
  }

  /// What is void gives its name up.
  void make_way_for(const std::string &name) {
    for (partition_field &f : now_) {
      if (f.name != name) continue;
      if (!is_void(f)) {
        fail(status::ALREADY_EXISTS, fmt::format("the partition spec already has a field of the name {}", name), name);
      }
      f.name = fmt::format("{}_{}", name, f.field_id);
    }
  }

  void check() const {
    partition_spec so_far;
    so_far.fields = now_;
    check_partition_spec(so_far, columns_, metadata_.partition_specs);
  }

  const table_metadata &metadata_;
  const schema &columns_;
  const partition_spec &before_;
  fields now_;
  std::vector<std::int32_t> added_;  ///< ids of the fields that were added
};

}  // namespace

partition_spec evolve_spec(const table_metadata &metadata, const partition_changes &changes) {
  partition_evolution evolution(metadata);
  for (const partition_change_step &step : changes) {
    std::visit([&](const auto &change) { evolution.apply(change); }, step);
  }
  return std::move(evolution).finish();
}

}  // namespace evodb
