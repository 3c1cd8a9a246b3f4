#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "evodb_lakehouse.h"

/// The C header for C++: handles that free themselves, and failures as exceptions.
namespace tool {

template <auto Free>
struct freer {
  template <typename T>
  void operator()(T *handle) const noexcept {
    Free(handle);
  }
};

using runtime_handle = std::unique_ptr<evodb_runtime, freer<evodb_runtime_free>>;
using options_handle = std::unique_ptr<evodb_options, freer<evodb_options_free>>;
using future_handle = std::unique_ptr<evodb_future, freer<evodb_future_free>>;
using storage_handle = std::unique_ptr<evodb_storage, freer<evodb_storage_free>>;
using object_handle = std::unique_ptr<evodb_object, freer<evodb_object_free>>;
using schema_handle = std::unique_ptr<evodb_schema, freer<evodb_schema_free>>;
using schema_changes_handle = std::unique_ptr<evodb_schema_changes, freer<evodb_schema_changes_free>>;
using partition_changes_handle =
    std::unique_ptr<evodb_partition_spec_changes, freer<evodb_partition_spec_changes_free>>;
using partition_spec_handle = std::unique_ptr<evodb_partition_spec, freer<evodb_partition_spec_free>>;
using table_handle = std::unique_ptr<evodb_table, freer<evodb_table_free>>;
using snapshot_handle = std::unique_ptr<evodb_snapshot, freer<evodb_snapshot_free>>;
using data_files_handle = std::unique_ptr<evodb_data_files, freer<evodb_data_files_free>>;
using predicate_handle = std::unique_ptr<evodb_predicate, freer<evodb_predicate_free>>;
using plan_handle = std::unique_ptr<evodb_plan, freer<evodb_plan_free>>;
using file_cursor_handle = std::unique_ptr<evodb_file_cursor, freer<evodb_file_cursor_free>>;
using findings_handle = std::unique_ptr<evodb_findings, freer<evodb_findings_free>>;
using rows_handle = std::unique_ptr<evodb_rows, freer<evodb_rows_free>>;
using row_cursor_handle = std::unique_ptr<evodb_row_cursor, freer<evodb_row_cursor_free>>;
using checks_handle = std::unique_ptr<evodb_checks, freer<evodb_checks_free>>;
using delete_plan_handle = std::unique_ptr<evodb_delete_plan, freer<evodb_delete_plan_free>>;
using explain_cursor_handle = std::unique_ptr<evodb_explain_cursor, freer<evodb_explain_cursor_free>>;

/// A failure of the library, or of a check before its call.
struct failure : std::exception {
  evodb_status code = EVODB_INTERNAL;
  std::string message, subject, store_code, request_id, token;
  std::int32_t http_status = 0;
  bool is_before_io = false;  ///< found without any request to a store: exit status 2

  failure(evodb_status why, std::string text, std::string about = {});
  explicit failure(evodb_error *error);  ///< frees the error
  const char *what() const noexcept override { return message.c_str(); }
};

/// A failure of the user's input.
failure usage_failure(evodb_status code, std::string message);

/// Calls `make(&handle, &error)` and returns the handle; throws failure.
template <typename Handle, typename Make>
Handle make(Make call) {
  typename Handle::pointer made = nullptr;
  evodb_error *error = nullptr;
  if (call(&made, &error) != EVODB_OK) throw failure(error);
  return Handle(made);
}

/// Calls `act(&error)`; throws failure.
template <typename Act>
void check(Act act) {
  evodb_error *error = nullptr;
  if (act(&error) != EVODB_OK) throw failure(error);
}

/// Runs something without requests: a failure is then one of the user's input.
template <typename Act>
auto before_io(Act act) {
  try {
    return act();
  } catch (failure &wrong) {
    wrong.is_before_io = true;
    throw;
  }
}

/// A copy of a string borrowed from a handle.
template <typename Handle>
std::string text_of(const char *(*get)(const Handle *, std::int64_t *), const Handle *from) {
  std::int64_t length = 0;
  const char *text = get(from, &length);
  return std::string(text, static_cast<std::size_t>(length));
}

inline std::int64_t size_of(std::string_view text) {
  return static_cast<std::int64_t>(text.size());
}

/// An array of strings as the library takes it.
class texts {
 public:
  explicit texts(const std::vector<std::string> &of) {
    for (const std::string &text : of) {
      data_.push_back(text.data());
      lengths_.push_back(size_of(text));
    }
  }
  const char *const *data() const { return data_.data(); }
  const std::int64_t *lengths() const { return lengths_.data(); }
  std::int64_t count() const { return static_cast<std::int64_t>(data_.size()); }

 private:
  std::vector<const char *> data_;
  std::vector<std::int64_t> lengths_;
};

void set_option(const options_handle &options, std::string_view key, std::string_view value);
void set_option(const options_handle &options, std::string_view key, std::int64_t value);
void set_option(const options_handle &options, std::string_view key, bool value);
options_handle new_options();

}  // namespace tool
