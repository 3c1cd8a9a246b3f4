#include "table/metadata_tables/manifests_table.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "codec/json_writer.h"
#include "expression/bind.h"
#include "table/manifests/spec_prunings.h"
#include "table/metadata_tables/listed_rows.h"

namespace evodb {
namespace {

void write_bound(json_writer &to, const char *key, const transform &by, const type &t,
                 const std::optional<bytes> &bound) {
  to.key(key);
  const std::optional<value> known = bound ? bound_from_single_value(t, *bound) : std::nullopt;
  const std::string text = known ? by.to_human_text(t, *known) : std::string();
  if (known && is_utf8(text)) {
    to.text(text);
  } else {
    to.null();
  }
}

std::string summaries_json(const manifest_file &of, const spec_pruning &by) {
  std::string text;
  json_writer to(text);
  to.begin_array();
  const std::vector<partition_field> &fields = by.spec().fields;
  for (std::size_t i = 0; i < of.partitions.size() && i < fields.size(); ++i) {
    const field_summary &summary = of.partitions[i];
    to.begin_object();
    to.key("contains_null");
    to.boolean(summary.contains_null);
    to.key("contains_nan");
    if (summary.contains_nan) {
      to.boolean(*summary.contains_nan);
    } else {
      to.null();
    }
    const type &t = by.partition_types()[i];
    write_bound(to, "lower_bound", fields[i].transform, t, summary.lower_bound);
    write_bound(to, "upper_bound", fields[i].transform, t, summary.upper_bound);
    to.end_object();
  }
  to.end_array();
  return text;
}

std::vector<export_column> manifest_columns() {
  using kind = export_column::kind;
  std::vector<export_column> columns{{"content", kind::int32, false},
                                     {"path", kind::utf8, false},
                                     {"length", kind::int64, true},
                                     {"partition_spec_id", kind::int32, false},
                                     {"added_snapshot_id", kind::int64, false}};
  for (const char *content : {"data", "delete"}) {
    for (const char *status : {"added", "existing", "deleted"}) {
      columns.push_back({std::string(status) + '_' + content + "_files_count", kind::int32, true});
    }
  }
  columns.push_back(json_column("partition_summaries", false));
  return columns;
}

/// What the rows need; the prunings are of the table's metadata.
struct manifest_rows {
  manifest_rows(table of_table, std::shared_ptr<const manifest_files> listed)
      : of(std::move(of_table)),
        manifests(std::move(listed)),
        specs(*of.metadata(), evodb::bind(always_true(), *of.metadata()->current_schema(), false)) {}

  void append(export_batch &to, std::size_t i) {
    const manifest_file &one = (*manifests)[i];
    std::size_t column = 0;
    to.append_int32(column++, static_cast<std::int32_t>(one.content));
    to.append_text(column++, one.manifest_path);
    const bool has_length = one.manifest_length != manifest_file::unknown_length;
    append_or_null(to, column++, has_length ? std::optional(one.manifest_length) : std::nullopt);
    to.append_int32(column++, one.partition_spec_id);
    to.append_int64(column++, one.added_snapshot_id);
    for (const manifest_content content : {manifest_content::data, manifest_content::deletes}) {
      for (const auto &count : {one.added_files_count, one.existing_files_count, one.deleted_files_count}) {
        append_or_null(to, column++, one.content == content ? count : std::optional(std::int32_t{0}));
      }
    }
    to.append_text(column++, summaries_json(one, *specs.of(one.partition_spec_id)));
  }

  const table of;
  const std::shared_ptr<const manifest_files> manifests;
  spec_prunings specs;
};

}  // namespace

row_set manifests_table(const table &of, std::shared_ptr<const manifest_files> manifests) {
  row_set rows;
  rows.columns = manifest_columns();
  rows.open = [of, manifests = std::move(manifests)] {
    auto kept = std::make_shared<manifest_rows>(of, manifests);
    const auto append = [kept](export_batch &to, std::size_t i) { kept->append(to, i); };
    return std::make_shared<listed_rows>(of.context()->runtime().cpu(), manifest_columns(), manifests->size(), append);
  };
  return rows;
}

}  // namespace evodb
