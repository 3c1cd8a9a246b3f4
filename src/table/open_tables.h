#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "io/storage.h"
#include "table/table_context.h"

namespace evodb {

/// The tables of one storage that are in use, so that all values of a table share one context and with it one line of
/// commits. Any thread.
class open_tables {
 public:
  explicit open_tables(std::shared_ptr<const storage> where) : storage_(std::move(where)) {}

  const std::shared_ptr<const storage> &where() const noexcept { return storage_; }

  /// `path`: a table's folder or one metadata file, absolute or relative to the storage's root. Throws INVALID_ARGUMENT
  /// outside of the root.
  std::shared_ptr<table_context> find(std::string_view path);

 private:
  const std::shared_ptr<const storage> storage_;
  std::mutex state_;
  std::map<std::string, std::weak_ptr<table_context>> contexts_;
};

}  // namespace evodb
