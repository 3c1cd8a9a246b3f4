#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/location.h"

namespace evodb {

/// Names in a table's metadata folder, as Iceberg's file-system tables have them.
inline constexpr std::string_view metadata_folder = "metadata";
inline constexpr std::string_view version_hint_name = "version-hint.text";

/// What is larger is no version: sums with it must not overflow.
inline constexpr std::int64_t largest_version = std::int64_t{1} << 53;

struct metadata_file_name {
  std::int64_t version = 0;
  bool is_compressed = false;  ///< v3.gz.metadata.json, or the older v3.metadata.json.gz
};

/// "v3.metadata.json" and its compressed forms; null for any other name.
std::optional<metadata_file_name> parse_metadata_file_name(std::string_view name);
/// The location of v<version>.metadata.json of a table.
location metadata_file_location(const location &table, std::int64_t version);
/// Where other writers put the same version when they compress it.
std::array<location, 2> compressed_metadata_file_locations(const location &table, std::int64_t version);
/// Whether the text names one metadata file rather than a table's folder.
bool names_metadata_file(std::string_view text);

}  // namespace evodb
