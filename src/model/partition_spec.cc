#include "model/partition_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/bytes.h"
#include "base/error.h"
#include "base/utf8.h"

namespace evodb {
namespace {

/// java.net.URLEncoder: letters, digits and ".-*_" stay, a space becomes "+", every other octet "%XX".
std::string url_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view(".-*_").find(c) != std::string_view::npos;
    if (plain) {
      encoded += c;
    } else if (c == ' ') {
      encoded += '+';
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

type source_type(const partition_field &f, const schema &s) {
  const field *source = s.find(f.source_id());
  return source ? source->type : type(type_kind::unknown);
}

[[noreturn]] void fail_field(const std::string &problem, const partition_field &f) {
  fail(status::INVALID_ARGUMENT, fmt::format("{}: '{}'", problem, f.name), f.name);
}

void check_source(const partition_field &f, const schema &s) {
  if (f.source_ids.size() != 1) fail_field("partition field does not have one source column", f);
  if (f.transform.kind == transform::kind::unknown) {
    fail_field(fmt::format("partition field has the unknown transform {}", f.transform.to_text()), f);
  }
  const field *source = s.find(f.source_id());
  const bool is_void = f.transform.kind == transform::kind::void_;
  if (is_void && (!source || source->type.is_primitive())) return;  // it outlives its source column
  if (!source) fail_field(fmt::format("partition field's source column {} does not exist", f.source_id()), f);
  if (is_void || !f.transform.can_transform(source->type)) {
    fail_field(
        fmt::format("transform {} does not take a column of type {}", f.transform.to_text(), source->type.to_text()),
        f);
  }
  if (!s.is_single_valued(source->id)) fail_field("partition field's source column is inside a list or map", f);
}

/// A column may lend its name only to the field that has its values (or had, before it became void).
void check_name(const partition_field &f, const schema &s) {
  if (f.name.empty()) fail_field("partition field has an empty name", f);
  if (!is_utf8(f.name)) fail(status::INVALID_ARGUMENT, "partition field's name is not UTF-8", to_hex(f.name));
  const field *column = s.find(f.name);
  const bool keeps_values = f.transform.kind == transform::kind::identity || f.transform.kind == transform::kind::void_;
  if (column && !(keeps_values && column->id == f.source_id())) {
    fail_field("partition field has the name of a column", f);
  }
}

/// The first field of the specs for which `is_it` holds; null if none.
template <typename Condition>
const partition_field *find_field(const std::vector<partition_spec> &specs, Condition is_it) {
  for (const partition_spec &spec : specs) {
    const auto found = std::find_if(spec.fields.begin(), spec.fields.end(), is_it);
    if (found != spec.fields.end()) return &*found;
  }
  return nullptr;
}

}  // namespace

bool partition_spec::is_unpartitioned() const noexcept {
  return std::all_of(fields.begin(), fields.end(),
                     [](const partition_field &f) { return f.transform.kind == transform::kind::void_; });
}

type partition_spec::result_type(const partition_field &f, const schema &s) const {
  return f.transform.result_type(source_type(f, s));
}

std::string partition_spec::partition_path(const schema &s, const partition_tuple &values) const {
  if (values.size() != fields.size()) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("partition has {} values, but its spec {} fields", values.size(), fields.size()));
  }
  std::string path;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const partition_field &f = fields[i];
    if (!values[i]) continue;
    if (!path.empty()) path += '/';
    path += url_encode(f.name) + '=' + url_encode(f.transform.to_human_text(source_type(f, s), *values[i]));
  }
  return path;
}

void check_partition_spec(const partition_spec &spec, const schema &s, const std::vector<partition_spec> &earlier) {
  std::unordered_set<std::string_view> names;
  std::unordered_set<std::int32_t> ids;
  for (const partition_field &f : spec.fields) {
    const auto is_same = [&](const partition_field &has) { return has.field_id == f.field_id && has.same_values(f); };
    const auto is_equal = [&](const partition_field &has) { return has == f; };
    if (find_field(earlier, is_same) == nullptr) check_source(f, s);
    if (find_field(earlier, is_equal) == nullptr) check_name(f, s);
    if (!names.insert(f.name).second) fail_field("two partition fields have one name", f);
    if (!ids.insert(f.field_id).second) fail_field(fmt::format("partition field id {} is used twice", f.field_id), f);
  }
}

std::string default_partition_name(const transform &t, std::string_view source_full_name) {
  switch (t.kind) {
    case transform::kind::truncate:
      return fmt::format("{}_trunc", source_full_name);
    case transform::kind::bucket:
      return fmt::format("{}_bucket", source_full_name);
    case transform::kind::void_:
      return fmt::format("{}_null", source_full_name);
    case transform::kind::identity:
    case transform::kind::unknown:
      return std::string(source_full_name);
    default:
      return fmt::format("{}_{}", source_full_name, t.to_text());
  }
}

std::vector<type> result_types(const partition_spec &spec, const schema &s) {
  std::vector<type> types;
  for (const partition_field &f : spec.fields) types.push_back(spec.result_type(f, s));
  return types;
}

bool has_sources(const schema &s, const partition_spec &spec) {
  return std::all_of(spec.fields.begin(), spec.fields.end(), [&](const partition_field &field) {
    return field.transform.kind == transform::kind::void_ || s.find(field.source_id()) != nullptr;
  });
}

}  // namespace evodb
