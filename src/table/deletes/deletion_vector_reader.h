#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "codec/deletion_vector.h"
#include "io/storage.h"
#include "runtime/task.h"

namespace evodb {

/// Where a deletion vector is stored, as the entry of its delete file has it.
struct stored_vector {
  std::string path;                         ///< of the Puffin file, absolute
  std::int64_t offset = 0;                  ///< of the blob in the file: content_offset
  std::int64_t size = 0;                    ///< bytes: content_size_in_bytes
  std::optional<std::int64_t> cardinality;  ///< record_count; nothing: not checked
  stored_vector() = default;
};

/// Reads it with one request. Throws INVALID_ARGUMENT where the numbers are those of no vector or the path is outside of
/// the storage's root, NOT_FOUND, CORRUPT where it is not there or is not valid, RESOURCE_EXHAUSTED beyond the memory
/// budget, all naming the file.
task<deleted_positions> read_deletion_vector(std::shared_ptr<const storage> where, stored_vector vector);

}  // namespace evodb
