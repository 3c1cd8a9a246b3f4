#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "codec/manifest_reader.h"
#include "model/inherited_entries.h"
#include "table/table_context.h"

namespace evodb {

/// How many a reader of many has under way at a time.
inline constexpr std::size_t concurrent_manifest_reads = 16;
inline constexpr std::int64_t largest_manifest_bytes = std::int64_t{1} << 30;

/// Called with a manifest's size in bytes, before it is decoded.
using fetched_manifest = std::function<void(std::int64_t)>;
/// Called with what was decoded just before, on the same thread: to go on without another change of threads.
using decoded_manifest = std::function<void(const inherited_entries &)>;

/// A manifest's live entries (there may be DELETED ones among them) with the columns wanted, or more of them: out of the
/// runtime's cache, or of storage, and then kept. `when_decoded`, if not null, is called where this call decodes it. The
/// manifest's bytes are held from the budget until they are decoded. Throws as decode_manifest does, and CORRUPT where an entry leaves out what it must not.
task<inherited_entries> read_manifest_of(table_context &context, const manifest_file &listed,
                                         const partition_spec &spec, const std::vector<type> &partition_types,
                                         const manifest_columns_wanted &wanted,
                                         decoded_manifest when_decoded = nullptr);

/// All entries of a manifest as storage has it now, past the cache.
struct stored_manifest {
  inherited_entries entries;
  std::int64_t bytes = 0;  ///< of the file
};
task<stored_manifest> read_stored_manifest(table_context &context, const manifest_file &listed,
                                           const partition_spec &spec, const std::vector<type> &partition_types,
                                           const manifest_columns_wanted &wanted,
                                           fetched_manifest when_fetched = nullptr,
                                           decoded_manifest when_decoded = nullptr);

/// Keeps all that the entries of a manifest say that was written just now, before inheritance.
void keep_manifest(table_context &context, const manifest_file &written, const partition_spec &spec,
                   const std::vector<type> &partition_types, std::shared_ptr<const manifest_entries> entries);

}  // namespace evodb
