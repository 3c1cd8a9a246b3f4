#pragma once

#include <string>
#include <string_view>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "model/value.h"

namespace evodb {

/// JSON single-value serialisation (spec, appendix D). Floats that JSON has no number for are strings: "NaN",
/// "Infinity", "-Infinity".
void write_single_value(json_writer &to, const type &t, const value &v);
/// JSON null is the null value. Fails at the node where it is no value of the type.
value read_single_value(const json_node &from, const type &t);
/// For a text that a caller gave: throws INVALID_ARGUMENT naming the subject.
value read_single_value_text(const type &t, std::string_view json, std::string_view subject);

}  // namespace evodb
