#pragma once

#include <algorithm>
#include <optional>
#include <string>
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

  /// Adds the file begun last. A file that is refused is forgotten, so that the builder can go on.
  void flush() {
    if (!begun) return;
    evodb::data_file complete = std::move(*begun);
    begun.reset();
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
    const auto found = std::find_if(file.metrics.begin(), file.metrics.end(),
                                    [&](const evodb::column_metrics &one) { return one.field_id == field_id; });
    evodb::column_metrics changed;
    if (found != file.metrics.end()) changed = *found;
    changed.field_id = field_id;
    change(changed);
    files.check(changed, file.file_path);
    if (found != file.metrics.end()) {
      *found = std::move(changed);
    } else {
      file.metrics.push_back(std::move(changed));
    }
  }
};
