#include "table/files/inspect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "codec/name_mapping_json.h"
#include "model/name_mapping.h"
#include "parquet/footer.h"
#include "parquet/metrics.h"
#include "parquet/path_columns.h"
#include "parquet/schema.h"
#include "runtime/run_on.h"
#include "runtime/when_all.h"
#include "table/portable_location.h"

namespace evodb {
namespace {

constexpr std::size_t concurrent_files = 16;
/// Holds the whole footer of most files, so that one request is enough.
constexpr std::int64_t first_read_bytes = 64 << 10;

struct footer_bytes {
  bytes body;  ///< the footer itself
  std::int64_t file_size = 0;
};

task<footer_bytes> read_footer_bytes(const storage &where, std::string file) {
  const std::string key = where.key_of(file);
  const byte_range tail{-first_read_bytes, -1};
  std::optional<object> end = co_await where.store().get(key, tail);
  if (!end) fail(status::NOT_FOUND, "no such file", file);
  footer_bytes read;
  read.file_size = end->meta.size;
  const footer_extent extent = find_footer(end->body, read.file_size, file);
  const std::int64_t tail_begins_at = read.file_size - static_cast<std::int64_t>(end->body.size());
  if (extent.offset >= tail_begins_at) {
    read.body = end->body.substr(static_cast<std::size_t>(extent.offset - tail_begins_at),
                                 static_cast<std::size_t>(extent.length));
    co_return read;
  }
  const memory_budget::reservation held = where.runtime()->memory().reserve(extent.length);
  const byte_range whole{extent.offset, extent.length};
  std::optional<object> footer = co_await where.store().get(key, whole);
  if (!footer || static_cast<std::int64_t>(footer->body.size()) != extent.length) {
    fail(status::CORRUPT, "the file changed while its footer was read", file);
  }
  read.body = std::move(footer->body);
  co_return read;
}

name_mapping mapping_of(const table_metadata &metadata) {
  const std::string *text = metadata.property(name_mapping_property);
  if (text == nullptr) return create_name_mapping(*metadata.current_schema());
  return read_name_mapping_text(*text, name_mapping_property);
}

std::string first_of(std::vector<std::string> all) {
  constexpr std::size_t most = 5;
  const std::size_t count = all.size();
  all.resize(std::min(count, most));
  std::string text = fmt::to_string(fmt::join(all, "; "));
  if (count > most) text += fmt::format("; and {} more", count - most);
  return text;
}

/// Paths in the table's storage as a caller wrote them: files in the table's folder get the names that they have there,
/// whatever links lead to them.
task<std::vector<std::string>> without_links(const table_context &of, std::vector<std::string> paths) {
  object_store &store = of.storage()->store();
  if (!store.may_have_other_names()) co_return paths;
  const std::string folder = co_await store.canonical_key(of.location().key);
  for (std::string &path : paths) {
    location at = resolve(of.location(), path);
    if (!of.storage()->root().contains(at)) continue;
    const std::string real = co_await store.canonical_key(std::move(at.key));
    if (!real.starts_with(folder + "/")) continue;
    location named = of.location();
    named.key += real.substr(folder.size());
    path = named.to_text();
  }
  co_return paths;
}

}  // namespace

std::string data_file_location(const table &of, std::string_view path, bool allow_outside) {
  const table_context &context = *of.context();
  const location at = resolve(context.location(), path);
  if (!context.storage()->root().contains(at)) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the file lies outside of the storage's root {}", context.storage()->root().to_text()),
         std::string(path));
  }
  if (!allow_outside && !context.location().contains(at)) {
    fail(status::INVALID_ARGUMENT,
         fmt::format("the file lies outside of the table's location {}, which option inspect.allow-outside allows",
                     context.location().to_text()),
         std::string(path));
  }
  check_portable_file(at);
  return at.to_text();
}

file_inspection::file_inspection(table of)
    : table_(std::move(of)),
      columns_(table_.metadata()->current_schema()),
      spec_(table_.metadata()->default_spec()),
      config_(metrics_config_from(table_.metadata()->properties, *columns_)),
      mapping_(mapping_of(*table_.metadata())) {}

task<inspected_file> file_inspection::look_at_one(const storage &where, std::string file, path_values from_path) const {
  const footer_bytes read = co_await read_footer_bytes(where, file);
  auto look = [&] {
    const file_rules rules{*columns_, table_.metadata()->schemas, &mapping_, spec_};
    return inspect_parquet(read_footer(read.body, file), rules, config_, file, read.file_size,
                           {.from_path = from_path});
  };
  co_return co_await run_on(where.runtime()->cpu(), look);
}

task<std::vector<inspected_file>> file_inspection::look_at(std::shared_ptr<const storage> where,
                                                           std::vector<std::string> files,
                                                           path_values from_path) const {
  std::vector<inspected_file> inspected(files.size());
  std::function<task<>(std::size_t)> body = [&](std::size_t i) -> task<> {
    inspected[i] = co_await look_at_one(*where, files[i], from_path);
  };
  co_await for_each_concurrently(files.size(), concurrent_files, std::move(body));
  co_return inspected;
}

std::shared_ptr<const table_files> file_inspection::files_of(const std::vector<inspected_file> &inspected) const {
  auto files = std::make_shared<table_files>(*table_.metadata());
  std::vector<std::int32_t> partition_ids;
  for (const partition_field &field : spec_.fields) partition_ids.push_back(field.field_id);
  data_files_builder builder(spec_.spec_id, result_types(spec_, *columns_), std::move(partition_ids));
  std::set<std::string> of_paths_alone, of_other_text;
  std::vector<std::string> contradictions;
  for (const inspected_file &one : inspected) {
    builder.add(one.file);
    files->need_name_mapping |= !one.has_field_ids;
    of_paths_alone.insert(one.columns_of_path_alone.begin(), one.columns_of_path_alone.end());
    of_other_text.insert(one.path_values_of_other_text.begin(), one.path_values_of_other_text.end());
    contradictions.insert(contradictions.end(), one.path_contradictions.begin(), one.path_contradictions.end());
  }
  const auto warn = [&](status code, std::string text) {
    files->warnings.emplace_back(code, std::move(text), table_.context()->location().to_text());
  };
  if (!of_paths_alone.empty())
    warn(status::INCOMPATIBLE_SCHEMA,
         fmt::format("the files' paths have values of {}, which the table has no columns for: they are lost (a table "
                     "made by create --like FILE --partition-from-path has them, and append --partition-from-path "
                     "fills them)",
                     fmt::join(of_paths_alone, ", ")));
  if (!contradictions.empty())
    warn(status::INVALID_ARGUMENT,
         fmt::format("the table takes columns as the files have them, where their paths say otherwise: {}",
                     first_of(contradictions)));
  if (!of_other_text.empty())
    warn(status::INVALID_ARGUMENT,
         fmt::format("values of the files' paths were taken as integers that are written otherwise: {} (where 007 is "
                     "not 7, make a table whose column is a string: schema --json, create --schema)",
                     first_of({of_other_text.begin(), of_other_text.end()})));
  files->batches.push_back(std::make_shared<const data_files>(std::move(builder).finish()));
  return files;
}

task<std::shared_ptr<const table_files>> inspect_files(table of, std::vector<std::string> paths, bool allow_outside,
                                                       path_values from_path) {
  paths = co_await without_links(*of.context(), std::move(paths));
  std::shared_ptr<const storage> where = of.context()->storage();
  auto locate = [&] {
    for (std::string &path : paths) path = data_file_location(of, path, allow_outside);
  };
  co_await run_on(where->runtime()->cpu(), locate);
  const file_inspection inspection(std::move(of));
  std::vector<inspected_file> inspected = co_await inspection.look_at(where, std::move(paths), from_path);
  auto collect = [&] { return inspection.files_of(std::exchange(inspected, {})); };
  co_return co_await run_on(where->runtime()->cpu(), collect);
}

task<std::shared_ptr<const schema>> inspect_schema(std::shared_ptr<const storage> where, std::string path,
                                                   path_values from_path) {
  const std::string file = where->locate(path).to_text();
  const footer_bytes read = co_await read_footer_bytes(*where, file);
  auto look = [&] {
    std::vector<field> fields = to_iceberg_fields(read_footer(read.body, file), file);
    if (from_path == path_values::take) fields = with_columns_of_path(std::move(fields), file);
    return std::make_shared<const schema>(0, keep_or_assign_ids(std::move(fields)));
  };
  co_return co_await run_on(where->runtime()->cpu(), look);
}

}  // namespace evodb
