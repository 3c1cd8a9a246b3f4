#pragma once

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

  evodb::column_metrics &metrics_of(std::int32_t field_id) {
    auto &all = require_begun().metrics;
    for (evodb::column_metrics &metrics : all) {
      if (metrics.field_id == field_id) return metrics;
    }
    all.emplace_back();
    all.back().field_id = field_id;
    return all.back();
  }
};
