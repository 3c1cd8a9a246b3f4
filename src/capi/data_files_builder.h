#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "evodb_lakehouse.h"
#include "table/described_files.h"

/// Collects one file's facts until the next one begins.
struct evodb_data_files_builder {
  evodb_data_files_builder(evodb::table of, bool allow_outside) : files(std::move(of), allow_outside) {}

  evodb::described_files files;
  std::optional<evodb::data_file> begun;
  std::string partition_json;
  std::unordered_map<std::int32_t, std::size_t> metrics_places;  ///< in the file begun last, by field id

  /// Adds the file begun last. A file that is refused is forgotten, so that the builder can go on.
  void flush() {
    if (!begun) return;
    evodb::data_file complete = std::move(*begun);
    begun.reset();
    metrics_places.clear();
    files.add(std::move(complete), partition_json);
  }

  evodb::data_file &require_begun() {
    if (!begun)
      evodb::fail(evodb::status::INVALID_ARGUMENT, "no file was begun: call evodb_data_files_builder_add first");
    return *begun;
  }

  /// Changes what is known of a column of the file begun last, if the table allows what comes of it.
  template <typename Change>
  void change_metrics(std::int32_t field_id, Change change) {
    evodb::data_file &file = require_begun();
    const auto found = metrics_places.find(field_id);
    evodb::column_metrics changed;
    if (found != metrics_places.end()) changed = file.metrics[found->second];
    changed.field_id = field_id;
    change(changed);
    files.check(changed, file.file_path);
    if (found != metrics_places.end()) {
      file.metrics[found->second] = std::move(changed);
    } else {
      metrics_places.emplace(field_id, file.metrics.size());
      file.metrics.push_back(std::move(changed));
    }
  }
};
