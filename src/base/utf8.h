#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace evodb {

/// Whether the text is well-formed UTF-8 (no overlong forms, no surrogates, none above U+10FFFF).
bool is_utf8(std::string_view text) noexcept;

/// The text with \xHH for each byte that is not UTF-8.
std::string with_escapes(std::string text);

/// The offset just behind the first `count` code points, or the size if there are fewer.
std::size_t offset_of_code_point(std::string_view text, std::size_t count) noexcept;

/// The smallest text of at most `count` code points that is not below any text starting with `text`'s first `count`
/// code points: the text itself if it is no longer than that, else cut and incremented, stepping over surrogates. Null
/// if there is none, or if the text is not UTF-8.
std::optional<std::string> truncate_up(std::string_view text, std::size_t count);
/// The same for bytes.
std::optional<std::string> truncate_bytes_up(std::string_view data, std::size_t count);

}  // namespace evodb
