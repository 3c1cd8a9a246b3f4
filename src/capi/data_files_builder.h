#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "evodb_lakehouse.h"
#include "table/files/described_files.h"

/// Collects the facts of one file until the next one begins. Each fact is checked when it is given, so a file that is
/// complete is valid.
struct evodb_data_files_builder {
  evodb_data_files_builder(evodb::table of, bool allow_outside) : files(std::move(of), allow_outside) {}

  evodb::described_files files;
  std::optional<evodb::data_file> begun;
  std::unordered_map<std::int32_t, std::size_t> metrics_places;  ///< in the file begun last, by field id
  std::string refused;                                           ///< path of the file given last, if it was refused

  /// Adds the file begun last. If that is refused, it is gone.
  void end() {
    const std::optional<evodb::data_file> complete = std::exchange(begun, std::nullopt);
    metrics_places.clear();
    refused.clear();
    if (complete) files.add_checked(*complete);
  }

  /// Adds a fact to the file begun last. If the fact is refused, so is the file: without it, another fact that it
  /// contradicts would be accepted.
  template <typename Change>
  void change(Change change) {
    if (!refused.empty()) evodb::fail(evodb::status::INVALID_ARGUMENT, "the file was refused: " + refused, refused);
    if (!begun)
      evodb::fail(evodb::status::INVALID_ARGUMENT, "no file was begun: call evodb_data_files_builder_add first");
    try {
      change(*begun);
    } catch (...) {
      refused = std::move(begun->file_path);
      begun.reset();
      throw;
    }
  }

  /// The same for the statistics of a column.
  template <typename Change>
  void change_metrics(std::int32_t field_id, Change change_column) {
    change([&](evodb::data_file &file) {
      const auto [place, is_new] = metrics_places.emplace(field_id, file.metrics.size());
      if (is_new) file.metrics.emplace_back().field_id = field_id;
      evodb::column_metrics &column = file.metrics[place->second];
      change_column(column);
      files.check(file, column);
    });
  }
};
