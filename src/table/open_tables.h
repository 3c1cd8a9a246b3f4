#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "io/storage.h"
#include "table/table.h"
#include "table/table_context.h"

namespace evodb {

/// The tables of one storage that are in use, so that all values of a table share one context and with it one line of
/// commits. Any thread.
class open_tables {
 public:
  explicit open_tables(std::shared_ptr<const evodb::storage> where) : storage_(std::move(where)) {}

  const std::shared_ptr<const evodb::storage> &storage() const noexcept { return storage_; }

  /// `path`: a table's folder or one metadata file, absolute or relative to the storage's root. Throws INVALID_ARGUMENT
  /// outside of the root.
  std::shared_ptr<table_context> find(std::string_view path);

  /// Opens the newest version of a table, or one metadata file. A table that was moved or copied has a warning, and one
  /// whose version hint names a version that is not there.
  task<table> open(std::shared_ptr<table_context> named);
  /// The context under the name that a table's metadata has for its folder, where that is another name of the same folder:
  /// so that a table has one line of commits, and its files one name. Otherwise the one that is given.
  task<std::shared_ptr<table_context>> find_by_metadata(std::shared_ptr<table_context> named,
                                                        std::shared_ptr<const table_metadata> of);

 private:
  const std::shared_ptr<const evodb::storage> storage_;
  std::mutex state_;
  std::map<std::string, std::weak_ptr<table_context>> contexts_;
};

}  // namespace evodb
