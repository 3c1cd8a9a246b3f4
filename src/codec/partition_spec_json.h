#pragma once

#include <string>
#include <vector>

#include "codec/json.h"
#include "codec/json_writer.h"
#include "model/partition_spec.h"
#include "model/sort_order.h"

namespace evodb {

/// {"spec-id":0,"fields":[…]} (spec, appendix C).
partition_spec read_partition_spec(const json_node &from);
/// The fields alone, as version 1 metadata and manifests have them. Where no field has an
/// id they count up from 1000.
std::vector<partition_field> read_partition_fields(const json_node &list);

void write_partition_spec(json_writer &to, const partition_spec &spec);
std::string write_partition_spec_text(const partition_spec &spec);
void write_partition_fields(json_writer &to, const partition_spec &spec);
std::string write_partition_fields_text(const partition_spec &spec);

sort_order read_sort_order(const json_node &from);
void write_sort_order(json_writer &to, const sort_order &order);

}  // namespace evodb
