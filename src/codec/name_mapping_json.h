#pragma once

#include <string>
#include <string_view>

#include "model/name_mapping.h"

namespace evodb {

/// The value of the table property `schema.name-mapping.default` (spec, appendix C). Throws CORRUPT naming the subject.
name_mapping read_name_mapping_text(std::string_view json, std::string_view subject);
std::string write_name_mapping_text(const name_mapping &mapping);

}  // namespace evodb
