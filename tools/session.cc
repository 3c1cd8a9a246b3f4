#include "session.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "duration_argument.h"
#include "output.h"
#include "retries.h"
#include "timestamp_argument.h"
#include "waiting.h"

namespace tool {
namespace {

bool has_scheme(const std::string &text) {
  return text.find("://") != std::string::npos || text.starts_with("file:");
}

constexpr std::int64_t longest_flush_ms = 3000;
constexpr const char *whole_file_system = "file:///";
constexpr const char *from_path_key = "inspect.partition-values-from-path";

/// Tables may refer to files anywhere on their file system or in their bucket.
std::string root_of(const std::string &location) {
  if (is_local(location)) return whole_file_system;
  const std::size_t authority = location.find("://") + 3;
  return location.substr(0, location.find('/', authority));
}

template <typename Handle, typename Take>
Handle finish(evodb_future *started, std::int64_t timeout_ms, Take take) {
  const future_handle future(started);
  wait(future.get(), timeout_ms);
  return make<Handle>([&](auto **out, auto **error) { return take(future.get(), -1, out, error); });
}

/// Splits at the last colon: the name of an application may contain colons.
idempotency_key parse_key(const std::string &text) {
  const std::size_t colon = text.rfind(':');
  idempotency_key key;
  const char *const end = text.data() + text.size();
  const char *const first = colon == std::string::npos ? end : text.data() + colon + 1;
  const auto [stop, failed] = std::from_chars(first, end, key.sequence);
  if (colon == 0 || first == end || failed != std::errc() || stop != end || key.sequence < 0) {
    throw usage_failure(
        EVODB_INVALID_ARGUMENT,
        fmt::format("--idempotency-key: expected APPLICATION:SEQUENCE with a sequence of 0 or more, got '{}'", text));
  }
  key.application = text.substr(0, colon);
  return key;
}

}  // namespace

std::pair<std::string, std::string> split_pair(const std::string &text, const char *option, const char *form) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    // What follows the first word may be a secret.
    const std::size_t word =
        text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_");
    const std::string shown = word == std::string::npos ? text : text.substr(0, word) + "…";
    throw usage_failure(EVODB_INVALID_ARGUMENT, fmt::format("{}: expected {}, got '{}'", option, form, shown));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

bool is_local(const std::string &location) {
  return location.starts_with("file:") || !has_scheme(location);
}

std::string absolute_location(const std::string &text) {
  if (text.empty()) throw usage_failure(EVODB_INVALID_ARGUMENT, "the name of a table or file is empty");
  if (has_scheme(text)) return text;
  const std::filesystem::path path = std::filesystem::absolute(text);
  // After a link, ".." is the parent of the link's target.
  const bool goes_up = std::find(path.begin(), path.end(), "..") != path.end();
  std::error_code unseen;
  const std::filesystem::path real = goes_up ? std::filesystem::weakly_canonical(path, unseen) : path;
  return (unseen ? path : real).lexically_normal().string();
}

std::string local_path(const std::string &location) {
  std::string path = location.starts_with("file:") ? location.substr(5) : location;
  while (path.starts_with("//")) path.erase(0, 1);
  return path;
}

session::session(const common_arguments &arguments) : as_json_(arguments.as_json) {
  before_io([&] {
    const options_handle runtime_options = new_options();
    const options_handle storage_options = new_options();
    for (const std::string &setting : arguments.settings) {
      const auto [key, value] = split_pair(setting, "--set");
      set_option(key.starts_with("runtime.") ? runtime_options : storage_options, key, value);
    }
    if (!arguments.idempotency_key.empty()) key_ = parse_key(arguments.idempotency_key);
    if (!arguments.timeout.empty()) timeout_ms_ = parse_duration(arguments.timeout);
    location_ = absolute_location(arguments.table);
    report_retries(runtime_options, as_json_, timeout_ms_);
    runtime_ = make<runtime_handle>(
        [&](auto **out, auto **error) { return evodb_runtime_open(runtime_options.get(), out, error); });
    const auto open_storage = [&](const std::string &root) {
      return make<storage_handle>([&](auto **out, auto **error) {
        return evodb_storage_open(runtime_.get(), root.data(), size_of(root), storage_options.get(), out, error);
      });
    };
    storage_ = open_storage(root_of(location_));
    if (!is_local()) local_storage_ = open_storage(whole_file_system);
  });
}

bool session::is_local() const {
  return tool::is_local(location_);
}

table_handle session::open() const {
  evodb_future *opening = evodb_table_open(storage_.get(), location_.data(), size_of(location_), nullptr);
  table_handle opened = finish<table_handle>(opening, timeout_ms_, evodb_future_take_table);
  print_warnings(opened, as_json_);
  return opened;
}

table_handle session::commit(const table_handle &value) const {
  const options_handle options = new_options();
  if (key_) {
    set_option(options, "idempotency.application", key_->application);
    set_option(options, "idempotency.sequence", key_->sequence);
  }
  table_handle committed =
      finish<table_handle>(evodb_table_commit(value.get(), options.get()), timeout_ms_, evodb_future_take_table);
  // The version hint may be written in the background; a commit does not fail because of it.
  const future_handle flushing(evodb_storage_flush(storage_.get()));
  evodb_future_wait(flushing.get(), longest_flush_ms, nullptr);
  print_warnings(committed, as_json_);
  return committed;
}

bool session::has_key(const table_handle &table) const {
  evodb_bool has_it = 0;
  if (key_) {
    check([&](auto **error) {
      return evodb_table_has_idempotency_key(table.get(), key_->application.data(), size_of(key_->application),
                                             key_->sequence, &has_it, error);
    });
  }
  return has_it != 0;
}

session::resolution session::resolve(const table_handle &table, const std::string &token) const {
  const future_handle future(evodb_table_resolve(table.get(), token.data(), size_of(token)));
  try {
    wait(future.get(), timeout_ms_);
  } catch (failure &wrong) {
    wrong.is_before_io = wrong.code == EVODB_INVALID_ARGUMENT;  // a token that does not parse
    throw;
  }
  resolution found;
  check([&](auto **error) {
    return evodb_future_take_resolution(future.get(), -1, &found.outcome, &found.version, &found.snapshot_id, error);
  });
  return found;
}

checks_handle session::probe() const {
  evodb_future *probing = evodb_storage_probe(storage_.get(), location_.data(), size_of(location_), nullptr);
  return finish<checks_handle>(probing, timeout_ms_, evodb_future_take_checks);
}

schema_handle session::inspect_schema(const std::string &file, bool partition_from_path) const {
  const std::string path = absolute_location(file);
  evodb_storage *const where = local_storage_ && tool::is_local(path) ? local_storage_.get() : storage_.get();
  const options_handle options = new_options();
  set_option(options, from_path_key, partition_from_path);
  return finish<schema_handle>(evodb_schema_inspect(where, path.data(), size_of(path), options.get()), timeout_ms_,
                               evodb_future_take_schema);
}

data_files_handle session::inspect(const table_handle &table, const std::vector<std::string> &files,
                                   bool partition_from_path) const {
  const texts paths(files);
  const options_handle options = new_options();
  set_option(options, "inspect.allow-outside", true);
  set_option(options, from_path_key, partition_from_path);
  evodb_future *inspecting =
      evodb_data_files_inspect(table.get(), paths.data(), paths.lengths(), paths.count(), options.get());
  return finish<data_files_handle>(inspecting, timeout_ms_, evodb_future_take_data_files);
}

data_files_handle session::upload(const table_handle &table, const std::vector<std::string> &files,
                                  bool partition_from_path, const progress_callback &report) const {
  std::vector<std::string> local;
  for (const std::string &file : files) local.push_back(local_path(file));
  const texts paths(local);
  const options_handle options = new_options();
  set_option(options, from_path_key, partition_from_path);
  const future_handle uploading(
      evodb_data_files_upload(table.get(), paths.data(), paths.lengths(), paths.count(), options.get()));
  wait(uploading.get(), timeout_ms_, [&] {
    std::int64_t done = 0, total = 0;
    evodb_future_progress(uploading.get(), &done, &total);
    report(done, total);
  });
  return make<data_files_handle>(
      [&](auto **out, auto **error) { return evodb_future_take_data_files(uploading.get(), -1, out, error); });
}

void session::remove(const std::vector<std::string> &files) const noexcept {
  try {
    const texts paths(files);
    const future_handle removing(evodb_objects_delete(storage_.get(), paths.data(), paths.lengths(), paths.count()));
    wait(removing.get(), timeout_ms_);
  } catch (...) {
    // The files remain as orphans.
  }
}

table_handle session::cherry_pick(const table_handle &onto, std::int64_t snapshot_id,
                                  const options_handle &options) const {
  return finish<table_handle>(evodb_table_cherry_pick(onto.get(), snapshot_id, options.get()), timeout_ms_,
                              evodb_future_take_table);
}

object_handle session::read(const std::string &file, std::int64_t offset, std::int64_t length) const {
  const options_handle options = new_options();
  set_option(options, "read.offset", offset);
  set_option(options, "read.length", length);
  evodb_future *reading = evodb_object_read(storage_.get(), file.data(), size_of(file), options.get());
  return finish<object_handle>(reading, timeout_ms_, evodb_future_take_object);
}

delete_plan_handle session::plan_delete(const table_handle &table, const std::string &filter,
                                        const std::string &branch) const {
  const predicate_handle predicate = parse_filter(filter);
  const options_handle options = new_options();
  if (!branch.empty()) set_option(options, "snapshot.branch", branch);
  return finish<delete_plan_handle>(evodb_table_plan_delete(table.get(), predicate.get(), options.get()), timeout_ms_,
                                    evodb_future_take_delete_plan);
}

findings_handle session::verify(const table_handle &table, bool data) const {
  const options_handle options = new_options();
  set_option(options, "verify.data", data);
  return finish<findings_handle>(evodb_table_verify(table.get(), options.get()), timeout_ms_,
                                 evodb_future_take_findings);
}

checks_handle session::diagnose() const {
  evodb_future *diagnosing = evodb_table_diagnose(storage_.get(), location_.data(), size_of(location_), nullptr);
  return finish<checks_handle>(diagnosing, timeout_ms_, evodb_future_take_checks);
}

predicate_handle parse_filter(const std::string &text) {
  if (text.empty()) return nullptr;
  return before_io([&] {
    return make<predicate_handle>(
        [&](auto **out, auto **error) { return evodb_predicate_parse(text.data(), size_of(text), out, error); });
  });
}

void check_point_in_time(const point_in_time &at) {
  if (at.snapshot.has_value() + !at.as_of.empty() + !at.ref.empty() > 1) {
    throw usage_failure(EVODB_INVALID_ARGUMENT,
                        "at most one of --snapshot, --as-of and --ref chooses the point in time");
  }
  if (!at.as_of.empty()) parse_timestamp(at.as_of);
}

void set_point_in_time(const options_handle &options, const point_in_time &at) {
  if (at.snapshot) set_option(options, "snapshot-id", *at.snapshot);
  if (!at.as_of.empty()) set_option(options, "as-of-ms", parse_timestamp(at.as_of));
  if (!at.ref.empty()) set_option(options, "ref", at.ref);
}

plan_handle session::plan(const table_handle &table, const std::string &filter, const point_in_time &at,
                          std::int64_t limit, bool with_deletes) const {
  const predicate_handle predicate = parse_filter(filter);
  const options_handle options = new_options();
  set_point_in_time(options, at);
  if (limit >= 0) set_option(options, "limit", limit);
  if (with_deletes) set_option(options, "plan.with-deletes", true);
  return finish<plan_handle>(evodb_table_plan(table.get(), predicate.get(), options.get()), timeout_ms_,
                             evodb_future_take_plan);
}

file_iterator session::files(const plan_handle &plan) const {
  return file_iterator(
      make<file_cursor_handle>([&](auto **out, auto **error) { return evodb_plan_files(plan.get(), out, error); }),
      timeout_ms_);
}

explain_iterator session::explain(const plan_handle &plan) const {
  return explain_iterator(
      make<explain_cursor_handle>([&](auto **out, auto **error) { return evodb_plan_explain(plan.get(), out, error); }),
      timeout_ms_);
}

row_iterator session::rows(evodb_future *reading) const {
  const auto rows = finish<rows_handle>(reading, timeout_ms_, evodb_future_take_rows);
  return row_iterator(
      make<row_cursor_handle>([&](auto **out, auto **error) { return evodb_rows_cursor(rows.get(), out, error); }),
      timeout_ms_);
}

snapshot_handle snapshot_at(const table_handle &table, const point_in_time &at) {
  if (!at.is_given()) {
    evodb_snapshot *current = nullptr;
    evodb_table_current_snapshot(table.get(), &current, nullptr);
    return snapshot_handle(current);
  }
  return make<snapshot_handle>([&](auto **out, auto **error) {
    if (at.snapshot) return evodb_table_snapshot_by_id(table.get(), *at.snapshot, out, error);
    if (!at.as_of.empty()) return evodb_table_snapshot_as_of(table.get(), parse_timestamp(at.as_of), out, error);
    return evodb_table_snapshot_by_ref(table.get(), at.ref.data(), size_of(at.ref), out, error);
  });
}

schema_handle schema_at(const table_handle &table, const point_in_time &at) {
  if (at.is_given()) {
    const snapshot_handle snapshot = snapshot_at(table, at);
    const std::int32_t schema_id = evodb_snapshot_schema_id(snapshot.get());
    if (schema_id >= 0) {
      return make<schema_handle>(
          [&](auto **out, auto **error) { return evodb_table_schema_by_id(table.get(), schema_id, out, error); });
    }
  }
  return make<schema_handle>([&](auto **out, auto **error) { return evodb_table_schema(table.get(), out, error); });
}

}  // namespace tool
