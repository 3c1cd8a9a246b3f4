#pragma once

#include <string_view>

#include "expression/predicate.h"

namespace evodb {

/// Reads a filter's SQL text:
///   AND OR NOT ( )  TRUE FALSE  = <> != < <= > >=  [NOT] IN (…)  [NOT] BETWEEN a AND b  IS [NOT] NULL  IS [NOT] NAN
///   [NOT] LIKE 'abc%' (a prefix, nothing else)  [NOT] STARTS WITH 'abc'
/// Keywords ignore case, names do not; nested names have dots; names that are no plain words stand in double quotes, in
/// which "" is a quote. Literals: 12, -1.5e3, 'text' ('' for a quote), true, X'0aff', DATE '2013-07-01', TIMESTAMP
/// '2013-07-01 00:00:00'. Throws INVALID_FILTER saying what is wrong and "at character N": code points from 1.
predicate_ptr parse_filter(std::string_view text);

/// Reads a filter given as a list joined by AND: [{"column": "a.b", "operator": ">=", "value": 1}, …]. Columns as in
/// the text. Operators:
///   = == eq, != <> ne, < lt, <= lte le, > gt, >= gte ge, in, not in, between (a list of two), is null, is not null,
///   isNull (true or false), is nan, is not nan, starts with, not starts with, like, not like
/// in any case; values are strings, numbers, booleans, for in lists of them. Throws INVALID_FILTER naming the place:
/// "filter[2].operator".
predicate_ptr parse_filter_json(std::string_view json);

/// Reads a column as it stands in a filter's text. Throws INVALID_FILTER.
column_name parse_column(std::string_view text);
/// The prefix of a LIKE pattern; throws INVALID_FILTER where the pattern is anything but a prefix and one %. Messages
/// say why.
std::string prefix_of_like(std::string_view pattern);
/// The name as a filter's text needs it: in double quotes unless it is a plain word and no keyword.
std::string quote_name(std::string_view name);

}  // namespace evodb
