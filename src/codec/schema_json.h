#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "model/schema.h"

namespace evodb {

/// A schema's JSON (spec, appendix C) before it is a schema: field ids may be missing (0).
struct schema_fields {
  std::int32_t schema_id = 0;
  std::vector<field> fields;
  std::vector<std::int32_t> identifier_field_ids;
};

/// Fails at the node with what is wrong. Ids may not be missing.
schema read_schema(const json_node &from);
/// For a text that a caller gave: throws INVALID_ARGUMENT. Ids may be missing; keep_or_assign_ids decides.
schema_fields read_schema_fields_text(std::string_view json, std::string_view subject);

void write_schema(json_writer &to, const schema &s);
std::string write_schema_text(const schema &s);

}  // namespace evodb
