#pragma once

#include <string>
#include <string_view>

namespace tool {

/// Column names in options: plain, or, as in a filter, in double quotes if they contain a separator ("" is one quote
/// inside): `"first name"`, `person."first name"`.

/// Removes a name from the front of `text`, up to one of `stops` outside of quotes. Throws failure
/// (INVALID_ARGUMENT) for a quote that is not closed.
std::string take_column_name(std::string_view &text, std::string_view stops);

/// All of `text` as a name; without quotes it is any text. Throws failure.
std::string column_name(std::string_view text);

/// A name in double quotes; any text.
std::string quoted_column_name(std::string_view name);

}  // namespace tool
