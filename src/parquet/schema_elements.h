#pragma once

#include "parquet/schema_node.h"
#include "parquet/thrift_compact.h"
#include "parquet/thrift_compact_writer.h"

namespace evodb {

/// Reads the footer's flat, depth-first list of schema elements as the tree it stands for, with logical types for
/// converted ones. Throws CORRUPT on anything that is no tree, deeper than schema_node::max_depth, or no type of the
/// format.
schema_node read_schema_elements(thrift_compact_reader &in, thrift_compact_reader::wire_type type);

/// The inverse: the tree as that field of the struct that `out` writes, with the converted types that older readers take
/// besides logical types. Types that read_schema_elements could not name are INVALID_ARGUMENT.
void write_schema_elements(thrift_compact_writer &out, int field_id, const schema_node &root);

}  // namespace evodb
