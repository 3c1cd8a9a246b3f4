#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/data_files.h"
#include "model/name_mapping.h"
#include "model/partition_spec.h"
#include "model/schema.h"
#include "parquet/column_match.h"
#include "parquet/footer.h"
#include "parquet/metrics_config.h"
#include "parquet/partition_values.h"

namespace evodb {

struct inspected_file {
  data_file file;
  bool has_field_ids = false;  ///< otherwise readers need a name mapping in the table
  std::vector<std::string> columns_of_path_alone;
  std::vector<std::string> path_contradictions;        ///< "the path of f says c=1, but …"
  std::vector<std::string> path_values_of_other_text;  ///< that were taken
};

/// Where a file's partition comes from: `given`, the values of the spec's fields in their order, for files whose columns
/// do not decide them, or else from columns and path.
struct partition_source {
  std::optional<std::vector<value>> given = {};
  path_values from_path = path_values::refuse;
};

/// What a manifest says of a Parquet file: rows, size, split offsets, partition, and by `config` the columns' sizes,
/// counts and bounds. Columns are matched by field id; in a file without ids by the table's name mapping, or where the
/// rules have none by the schema's present names, which is the mapping that the table is to get (create_name_mapping).
/// Columns inside lists and maps have sizes and value counts only, as in Java. `path` becomes the file's path and names
/// it in failures. Throws INCOMPATIBLE_SCHEMA where the columns do not fit the schema (match_columns), or a required
/// field's column has nulls or may have; UNSUPPORTED where some engine would not read the right rows (columns_of,
/// check_portable, check_portable_values); INVALID_ARGUMENT where the partition cannot be derived or is not the
/// file's, or the path that values are to be taken from contradicts a column; CORRUPT where the footer contradicts the file or itself.
inspected_file inspect_parquet(const parquet_footer &footer, const file_rules &rules, const metrics_config &config,
                               std::string path, std::int64_t file_size, const partition_source &partition = {});

}  // namespace evodb
