#pragma once

#include <fstream>
#include <iterator>
#include <string>

#include "base/bytes.h"
#include "parquet/footer.h"

namespace evodb::testing {

/// A Parquet file of the source tree.
struct real_file {
  /// `path` is below the source folder.
  explicit real_file(const std::string &path) : name(path) {
    std::ifstream in(std::string(EVODB_SOURCE_DIR) + "/" + path, std::ios::binary);
    content.assign(std::istreambuf_iterator<char>(in), {});
  }

  std::int64_t size() const { return static_cast<std::int64_t>(content.size()); }
  byte_view footer_bytes() const {
    const footer_extent extent = find_footer(content, size(), name);
    return byte_view(content).substr(static_cast<std::size_t>(extent.offset), static_cast<std::size_t>(extent.length));
  }
  parquet_footer footer() const { return read_footer(footer_bytes(), name); }

  std::string name;
  bytes content;
};

}  // namespace evodb::testing
