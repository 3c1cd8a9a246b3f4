#include "table/snapshots/file_matcher.h"

#include <map>
#include <utility>

#include "expression/bind.h"
#include "expression/metrics_evaluator.h"
#include "expression/partition_evaluator.h"
#include "model/partition_key.h"

namespace evodb {
namespace {

/// Holds wherever the filter is not true. (A comparison with null is neither true nor false.)
bound_ptr complement(const bound_ptr &filter, const schema &columns) {
  if (!filter->is_leaf()) {
    if (filter->children.empty()) return negate(filter);
    std::vector<bound_ptr> parts;
    for (const bound_ptr &child : filter->children) parts.push_back(complement(child, columns));
    return filter->kind == predicate_kind::and_ ? bound_or(std::move(parts)) : bound_and(std::move(parts));
  }
  bound_ptr opposite = negate(filter);
  const bool tests_null = filter->kind == predicate_kind::is_null || filter->kind == predicate_kind::not_null;
  if (tests_null || columns.is_never_null(filter->field_id)) return opposite;
  bound_predicate null_too;
  null_too.kind = predicate_kind::is_null;
  null_too.field_id = filter->field_id;
  null_too.type = filter->type;
  null_too.name = filter->name;
  return bound_or({std::move(opposite), bound_leaf(std::move(null_too))});
}

}  // namespace

file_matcher file_matcher::with_rows_of(const predicate_ptr &filter, const table_metadata &of) {
  return file_matcher(of, evodb::bind(filter ? filter : always_true(), *of.current_schema(), true));
}

file_matcher file_matcher::in_partitions_of(const table_files &files, const table_metadata &of) {
  file_matcher made(of, bound_true());
  made.partitions_.emplace();
  for (const auto &batch : files.batches) {
    for (std::size_t row = 0; row < batch->size(); ++row) made.partitions_->insert(spec_partition_key(*batch, row));
  }
  return made;
}

bool file_matcher::may_be_in(const manifest_file &listed) {
  return listed.has_live_files() && prunings_.of(listed.partition_spec_id)->summaries().may_match(listed);
}

manifest_columns_wanted file_matcher::wanted() const {
  manifest_columns_wanted wanted;
  wanted.bounds_and_counts_of = referenced_fields(*prunings_.filter());
  wanted.details = true;
  return wanted;
}

bool file_matcher::is_global(const data_files &files, std::size_t row) {
  return files.contents[row] == file_content::equality_deletes &&
         prunings_.of(files.spec_id)->spec().is_unpartitioned();
}

void file_matcher::keep_possible(const data_files &files, std::vector<std::uint8_t> &keep) {
  if (partitions_) {
    for (std::size_t row = 0; row < files.size(); ++row) {
      const bool is_kept =
          keep[row] != 0 && (is_global(files, row) || partitions_->contains(spec_partition_key(files, row)));
      keep[row] = is_kept ? 1 : 0;
    }
    return;
  }
  const spec_pruning &pruning = *prunings_.of(files.spec_id);
  partition_evaluator(pruning.projected(), pruning.spec()).evaluate(files, keep);
  metrics_evaluator(pruning.filter()).evaluate(files, keep);
}

void file_matcher::keep_covered(const data_files &files, std::vector<std::uint8_t> &keep) {
  keep_possible(files, keep);
  if (partitions_) {
    for (std::size_t row = 0; row < files.size(); ++row) {
      if (keep[row] != 0 && is_global(files, row) && has_many_specs_) keep[row] = 0;
      if (keep[row] != 0 && !partitions_->contains(spec_partition_key(files, row))) keep[row] = 0;
    }
    return;
  }
  const spec_pruning &pruning = *prunings_.of(files.spec_id);
  std::map<bytes, std::vector<std::size_t>> by_partition;
  for (std::size_t row = 0; row < files.size(); ++row) {
    if (keep[row] != 0) by_partition[spec_partition_key(files, row)].push_back(row);
  }
  for (const auto &[key, rows] : by_partition) {
    const bound_ptr left = pruning.residuals().residual_for(files.partition(rows.front()));
    if (left->kind == predicate_kind::always_true) continue;
    std::vector<std::uint8_t> may_fail(files.size());
    for (const std::size_t row : rows) may_fail[row] = 1;
    // A file without rows matches nothing, so it is covered by everything.
    metrics_evaluator(complement(left, *columns_)).evaluate(files, may_fail);
    for (const std::size_t row : rows) {
      if (may_fail[row] != 0 || files.contents[row] != file_content::data) keep[row] = 0;
    }
  }
}

}  // namespace evodb
