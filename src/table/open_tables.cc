#include "table/open_tables.h"

#include <utility>

#include "catalog/filesystem/filesystem_catalog.h"
#include "catalog/filesystem/metadata_file_catalog.h"
#include "catalog/filesystem/metadata_files.h"
#include "catalog/filesystem/moved_table.h"

namespace evodb {

std::shared_ptr<table_context> open_tables::find(std::string_view path) {
  location at = storage_->locate(path);
  while (at.key.ends_with('/')) at.key.pop_back();
  const std::string name = at.to_text();
  const std::lock_guard<std::mutex> held(state_);
  std::weak_ptr<table_context> &known = contexts_[name];
  if (std::shared_ptr<table_context> context = known.lock()) return context;
  std::shared_ptr<catalog> versions =
      names_metadata_file(name) ? make_metadata_file_catalog(storage_, at) : make_filesystem_catalog(storage_, at);
  auto context = std::make_shared<table_context>(storage_, std::move(at), std::move(versions));
  known = context;
  std::erase_if(contexts_, [&](const auto &entry) { return entry.second.expired(); });
  return context;
}

task<std::shared_ptr<table_context>> open_tables::find_by_metadata(std::shared_ptr<table_context> named,
                                                                   std::shared_ptr<const table_metadata> of) {
  const std::optional<location> stated = stated_location(*of);
  const bool may_be_same = stated && *stated != named->location() && storage_->root().contains(*stated) &&
                           !names_metadata_file(named->location().to_text());
  if (!may_be_same) co_return named;
  const bool is_same = co_await storage_->store().is_same(stated->key, named->location().key);
  co_return is_same ? find(stated->to_text()) : named;
}

task<table> open_tables::open(std::shared_ptr<table_context> named) {
  table_version newest = co_await named->load();
  std::shared_ptr<table_context> context = co_await find_by_metadata(named, newest.metadata);
  if (context != named) newest = co_await context->load();
  commit_report report;
  const bool is_folder = !names_metadata_file(context->location().to_text());
  std::optional<error> moved;
  if (is_folder) moved = why_moved(context->location(), *newest.metadata);
  if (moved) report.warnings.push_back(*std::move(moved));
  report.warnings.insert(report.warnings.end(), newest.warnings.begin(), newest.warnings.end());
  co_return table(std::move(context), std::move(newest), std::move(report));
}

}  // namespace evodb
