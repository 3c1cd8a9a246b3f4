#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace evodb {

/// How a page's values are encoded (parquet-format, Encoding).
enum class page_encoding : std::int32_t { plain = 0, rle = 3, rle_dictionary = 8 };

enum class page_kind : std::int32_t { data = 0, dictionary = 2 };

/// What stands before a page that is not compressed: a data page of version 1, or a dictionary.
struct page_header {
  page_kind kind = page_kind::data;
  page_encoding encoding = page_encoding::plain;
  std::int32_t value_count = 0;
  std::int32_t size = 0;  ///< of what follows, bytes
};

void append_page_header(bytes &to, const page_header &header);

}  // namespace evodb
