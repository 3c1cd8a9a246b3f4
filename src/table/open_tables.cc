#include "table/open_tables.h"

#include <utility>

#include "catalog/filesystem/filesystem_catalog.h"
#include "catalog/filesystem/metadata_files.h"

namespace evodb {

std::shared_ptr<table_context> open_tables::find(std::string_view path) {
  location at = storage_->locate(path);
  while (at.key.ends_with('/')) at.key.pop_back();
  const std::string name = at.to_text();
  const std::lock_guard<std::mutex> held(state_);
  std::weak_ptr<table_context> &known = contexts_[name];
  if (std::shared_ptr<table_context> context = known.lock()) return context;
  std::shared_ptr<catalog> knows =
      names_metadata_file(name) ? make_metadata_file_catalog(storage_, at) : make_filesystem_catalog(storage_, at);
  auto context = std::make_shared<table_context>(storage_, std::move(at), std::move(knows));
  known = context;
  std::erase_if(contexts_, [&](const auto &entry) { return entry.second.expired(); });
  return context;
}

}  // namespace evodb
