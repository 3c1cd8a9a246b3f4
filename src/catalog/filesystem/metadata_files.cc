#include "catalog/filesystem/metadata_files.h"

#include <fmt/format.h>

#include <charconv>

namespace evodb {
namespace {

constexpr std::string_view plain_ending = ".metadata.json";
constexpr std::string_view compressed_endings[] = {".gz.metadata.json", ".metadata.json.gz"};

}  // namespace

std::optional<metadata_file_name> parse_metadata_file_name(std::string_view name) {
  metadata_file_name parsed;
  std::string_view digits = name;
  for (std::string_view ending : compressed_endings) {
    if (name.ends_with(ending)) {
      parsed.is_compressed = true;
      digits.remove_suffix(ending.size());
      break;
    }
  }
  if (!parsed.is_compressed) {
    if (!name.ends_with(plain_ending)) return std::nullopt;
    digits.remove_suffix(plain_ending.size());
  }
  if (!digits.starts_with('v')) return std::nullopt;
  digits.remove_prefix(1);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed.version);
  const bool is_canonical = !digits.empty() && digits.front() != '0' && digits.front() != '-';
  if (failed != std::errc() || end != digits.data() + digits.size() || !is_canonical ||
      parsed.version > largest_version) {
    return std::nullopt;
  }
  return parsed;
}

location metadata_file_location(const location &table, std::int64_t version) {
  return table.child(metadata_folder).child(fmt::format("v{}{}", version, plain_ending));
}

std::array<location, 2> compressed_metadata_file_locations(const location &table, std::int64_t version) {
  const auto with = [&](std::string_view ending) {
    return table.child(metadata_folder).child(fmt::format("v{}{}", version, ending));
  };
  return {with(compressed_endings[0]), with(compressed_endings[1])};
}

bool names_metadata_file(std::string_view text) {
  return text.ends_with(plain_ending) || text.ends_with(compressed_endings[1]);
}

}  // namespace evodb
