#include "codec/manifest_program.h"

#include <algorithm>
#include <set>
#include <string>

#include "base/error.h"

namespace evodb {
namespace {

using action = manifest_step::action;

bool is_name(const avro_type &t) {
  return is_bytes(t) || t.kind == avro_kind::enumeration;
}
bool is_list_of_integers(const avro_type &t) {
  return t.kind == avro_kind::array && is_integer(*option_of(*t.items).type);
}

/// An array of records {key, value}.
bool is_map(const avro_type &t, bool (*is_value)(const avro_type &)) {
  if (t.kind != avro_kind::array) return false;
  const avro_type &item = *option_of(*t.items).type;
  if (item.kind != avro_kind::record || item.fields.size() < 2) return false;
  const pair_fields pair = pair_fields_of(item);
  return pair.key != pair.value && is_integer(*option_of(*item.fields[pair.key].type).type) &&
         is_value(*option_of(*item.fields[pair.value].type).type);
}

bool has_plain_pairs(const avro_type &map) {
  if (map.items->kind != avro_kind::record) return false;
  const std::vector<avro_field> &fields = map.items->fields;
  const pair_fields pair = pair_fields_of(*map.items);
  return fields.size() == 2 && pair.key == 0 && fields[0].type->kind == avro_kind::int32 &&
         option_of(*fields[1].type).null_branch < 0;
}

struct known_field {
  /// Statistics and hints that have another type than they may have are not known; everything else has to be read.
  enum class group : std::uint8_t { required, always, counts, sizes, bounds, hints, details };
  manifest_field id;
  std::string_view name;
  group group;
  bool (*fits)(const avro_type &);

  bool may_be_unknown() const noexcept { return group >= group::counts && group <= group::hints; }
};

bool is_counts(const avro_type &t) {
  return is_map(t, is_integer);
}
bool is_bounds(const avro_type &t) {
  return is_map(t, is_bytes);
}

using group = enum known_field::group;
constexpr known_field entry_fields[] = {
    {manifest_field::status, "status", group::required, is_integer},
    {manifest_field::snapshot_id, "snapshot_id", group::always, is_integer},
    {manifest_field::sequence_number, "sequence_number", group::always, is_integer},
    {manifest_field::file_sequence_number, "file_sequence_number", group::always, is_integer},
};
constexpr known_field file_fields[] = {
    {manifest_field::content, "content", group::always, is_integer},
    {manifest_field::file_path, "file_path", group::required, is_bytes},
    {manifest_field::file_format, "file_format", group::required, is_name},
    {manifest_field::record_count, "record_count", group::required, is_integer},
    {manifest_field::file_size, "file_size_in_bytes", group::required, is_integer},
    {manifest_field::column_sizes, "column_sizes", group::sizes, is_counts},
    {manifest_field::value_counts, "value_counts", group::counts, is_counts},
    {manifest_field::null_value_counts, "null_value_counts", group::counts, is_counts},
    {manifest_field::nan_value_counts, "nan_value_counts", group::counts, is_counts},
    {manifest_field::lower_bounds, "lower_bounds", group::bounds, is_bounds},
    {manifest_field::upper_bounds, "upper_bounds", group::bounds, is_bounds},
    {manifest_field::key_metadata, "key_metadata", group::details, is_bytes},
    {manifest_field::split_offsets, "split_offsets", group::hints, is_list_of_integers},
    {manifest_field::equality_ids, "equality_ids", group::details, is_list_of_integers},
    {manifest_field::sort_order_id, "sort_order_id", group::hints, is_integer},
    {manifest_field::first_row_id, "first_row_id", group::details, is_integer},
    {manifest_field::referenced_data_file, "referenced_data_file", group::details, is_bytes},
    {manifest_field::content_offset, "content_offset", group::details, is_integer},
    {manifest_field::content_size, "content_size_in_bytes", group::details, is_integer},
};

class compiler {
 public:
  compiler(const partition_spec &spec, const std::vector<type> &partition_types, const manifest_columns_wanted &wanted,
           std::string_view subject)
      : spec_(spec), partition_types_(partition_types), wanted_(wanted), subject_(subject) {}

  manifest_program compile(const avro_type &root) {
    if (root.kind != avro_kind::record) corrupt("the schema is no record");
    program_.least_entry_bytes = std::max<std::uint64_t>(1, root.least_bytes);
    by_name_ = !has_ids(root);
    for (const avro_field &field : root.fields) {
      const std::optional<std::int32_t> id = id_of(field);
      if (id == static_cast<std::int32_t>(manifest_field::data_file)) {
        compile_file(field);
      } else {
        compile_field(field, id, entry_fields);
      }
    }
    require(manifest_field::data_file, "data_file");
    if (!spec_.is_unpartitioned()) require(manifest_field::partition, "partition");
    for (const known_field &f : entry_fields) require_if(f);
    for (const known_field &f : file_fields) require_if(f);
    program_.has_sequence_numbers = seen(manifest_field::sequence_number);
    program_.has_file_sequence_numbers = seen(manifest_field::file_sequence_number);
    return std::move(program_);
  }

 private:
  [[noreturn]] void corrupt(const std::string &what) const {
    fail(status::CORRUPT, "manifest schema: " + what, std::string(subject_));
  }

  static bool has_ids(const avro_type &root) {
    return std::any_of(root.fields.begin(), root.fields.end(),
                       [](const avro_field &f) { return f.field_id.has_value(); });
  }

  std::optional<std::int32_t> id_of(const avro_field &field) const {
    return by_name_ ? manifest_field_id(field.name) : field.field_id;
  }

  void see(std::int32_t id, const avro_field &field) {
    if (!seen_.insert(id).second) corrupt("field id " + std::to_string(id) + " appears twice: \"" + field.name + "\"");
  }
  bool seen(manifest_field id) const { return seen_.contains(static_cast<std::int32_t>(id)); }
  void require(manifest_field id, std::string_view name) const {
    if (!seen(id)) {
      corrupt("no field " + std::to_string(static_cast<std::int32_t>(id)) + " \"" + std::string(name) + "\"");
    }
  }
  void require_if(const known_field &f) const {
    if (f.group == group::required) require(f.id, f.name);
  }

  manifest_step &add(action what, const avro_option &option) {
    manifest_step &step = program_.steps.emplace_back();
    step.what = what;
    step.type = option.type;
    step.null_branch = option.null_branch;
    return step;
  }

  void add_skip(const avro_field &field) {
    const avro_option option = option_of(*field.type);
    if (is_counts(*option.type) && has_plain_pairs(*option.type)) {
      add(action::skip_counts, option);
    } else if (is_bounds(*option.type) && has_plain_pairs(*option.type)) {
      add(action::skip_bounds, option);
    } else if (field.type->least_bytes > 0) {
      add(action::skip, {field.type, -1});
    }
  }

  void compile_file(const avro_field &field) {
    see(static_cast<std::int32_t>(manifest_field::data_file), field);
    compile_record(field, manifest_field::data_file, [this](const avro_field &f) {
      const std::optional<std::int32_t> id = id_of(f);
      if (id == static_cast<std::int32_t>(manifest_field::partition)) {
        compile_partition(f);
      } else {
        compile_field(f, id, file_fields);
      }
    });
  }

  template <typename CompileMember>
  void compile_record(const avro_field &field, manifest_field id, CompileMember compile_member) {
    const avro_option option = option_of(*field.type);
    if (option.type->kind != avro_kind::record) corrupt("field \"" + field.name + "\" is no record");
    const std::size_t enter = program_.steps.size();
    if (option.null_branch >= 0) add(action::enter, option).field = id;
    for (const avro_field &f : option.type->fields) compile_member(f);
    if (option.null_branch >= 0) {
      program_.steps[enter].index = static_cast<std::uint32_t>(program_.steps.size() - enter - 1);
    }
  }

  template <std::size_t N>
  void compile_field(const avro_field &field, std::optional<std::int32_t> id, const known_field (&known)[N]) {
    const auto found = std::find_if(std::begin(known), std::end(known),
                                    [&](const known_field &f) { return id == static_cast<std::int32_t>(f.id); });
    if (found == std::end(known)) return add_skip(field);
    see(*id, field);
    if (!is_wanted(found->group)) return add_skip(field);
    const avro_option option = option_of(*field.type);
    if (option.type->kind == avro_kind::null) return;
    if (!found->fits(*option.type)) {
      if (found->may_be_unknown()) return add_skip(field);
      corrupt("field " + std::to_string(*id) + " \"" + field.name + "\" has a type that it cannot have");
    }
    manifest_step &step = add(action::read, option);
    step.field = found->id;
    if (option.type->kind != avro_kind::array) return;
    step.plain_pairs = has_plain_pairs(*option.type);
    step.item_null_branch = option_of(*option.type->items).null_branch;
  }

  bool is_wanted(group g) const noexcept {
    switch (g) {
      case group::required:
      case group::always:
        return true;
      case group::counts:
      case group::bounds:
        return wanted_.any_metrics();
      case group::sizes:
        return wanted_.all_metrics && wanted_.column_sizes;
      case group::hints:
      case group::details:
        return wanted_.details;
    }
    return false;
  }

  void compile_partition(const avro_field &field) {
    see(static_cast<std::int32_t>(manifest_field::partition), field);
    is_known_.resize(spec_.fields.size());
    compile_record(field, manifest_field::partition, [this](const avro_field &f) { compile_partition_value(f); });
    for (std::uint32_t i = 0; i < is_known_.size(); ++i) {
      if (!is_known_[i] && !is_always_null(i)) program_.unknown_partition_fields.push_back(i);
    }
  }

  std::optional<std::size_t> partition_index(const avro_field &field) const {
    for (std::size_t i = 0; i < spec_.fields.size(); ++i) {
      if (field.field_id ? *field.field_id == spec_.fields[i].field_id
                         : field.name == avro_name(spec_.fields[i].name)) {
        return i;
      }
    }
    return std::nullopt;
  }

  /// Whatever type the manifest declares it with.
  bool is_always_null(std::size_t index) const {
    return spec_.fields[index].transform.kind == transform::kind::void_ ||
           partition_types_[index].is(type_kind::unknown);
  }

  void compile_partition_value(const avro_field &field) {
    const std::optional<std::size_t> index = partition_index(field);
    if (!index) return add_skip(field);
    const partition_field &partition = spec_.fields[*index];
    see(partition.field_id, field);
    const avro_option option = option_of(*field.type);
    const std::optional<partition_conversion> conversion =
        partition_conversion_of(*option.type, partition, partition_types_[*index]);
    is_known_[*index] = conversion || option.type->kind == avro_kind::null;
    if (is_always_null(*index) || !conversion) return add_skip(field);
    manifest_step &step = add(action::read_partition, option);
    step.index = static_cast<std::uint32_t>(*index);
    step.conversion = *conversion;
  }

  const partition_spec &spec_;
  const std::vector<type> &partition_types_;
  const manifest_columns_wanted &wanted_;
  std::string_view subject_;
  bool by_name_ = false;
  std::set<std::int32_t> seen_;
  std::vector<bool> is_known_;  // partition fields
  manifest_program program_;
};

}  // namespace

pair_fields pair_fields_of(const avro_type &pair) {
  pair_fields result;
  for (std::size_t i = 0; i < pair.fields.size(); ++i) {
    if (pair.fields[i].name == "key") result.key = i;
    if (pair.fields[i].name == "value") result.value = i;
  }
  return result;
}

manifest_program compile_manifest_program(const avro_schema &schema, const partition_spec &spec,
                                          const std::vector<type> &partition_types,
                                          const manifest_columns_wanted &wanted, std::string_view subject) {
  if (partition_types.size() != spec.fields.size()) {
    fail(status::INTERNAL, "a partition spec's fields and their types differ in number");
  }
  return compiler(spec, partition_types, wanted, subject).compile(schema.root());
}

}  // namespace evodb
