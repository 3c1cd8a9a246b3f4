#pragma once

#include <memory>
#include <vector>

#include "codec/manifest_reader.h"
#include "table/table_context.h"

namespace evodb {

/// How many a reader of many has under way at a time.
inline constexpr std::size_t concurrent_manifest_reads = 16;
inline constexpr std::int64_t largest_manifest_bytes = std::int64_t{1} << 30;

/// A manifest out of storage, as read_manifest has it. Its bytes are held from the budget until they are decoded.
task<std::shared_ptr<const manifest_entries>> read_manifest_of(table_context &context, const manifest_file &listed,
                                                               const partition_spec &spec,
                                                               const std::vector<type> &partition_types,
                                                               const manifest_columns_wanted &wanted);

}  // namespace evodb
