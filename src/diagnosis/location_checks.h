#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/filesystem/version_hint.h"
#include "diagnosis/health_check.h"
#include "runtime/task.h"
#include "table/table_context.h"

namespace evodb {

/// The checks of where a table lies: its folder, the store that it is in, the names beside its metadata.
class location_checks {
 public:
  /// `newest` is null where the table does not open.
  location_checks(std::shared_ptr<table_context> of, std::optional<table_version> newest);

  task<health_checks> run();
  /// The store's clock as far as the checks could tell, otherwise this machine's.
  std::int64_t now_ms() const;

 private:
  void check_committable();
  task<> check_other_tables();
  task<std::vector<std::string>> find_tables_behind_data();
  task<> check_second_names();
  task<> check_versions_above();
  task<> check_hint();
  task<> compare_hint(health_check &into, std::int64_t hint);
  task<std::string> say_what_moves_hint();
  task<> check_writes();
  task<> check_hadoop_checksum();
  task<> check_unfinished_writes();
  task<> check_unresolved_commits();

  object_store &store() const noexcept { return context_->storage()->store(); }
  location metadata_file(const std::string &name) const;

  const std::shared_ptr<table_context> context_;
  const std::optional<table_version> newest_;
  const version_hint hint_;
  std::int64_t clock_ahead_ms_ = 0;
  health_checks found_;
};

}  // namespace evodb
