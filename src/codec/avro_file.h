#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "codec/avro_decoder.h"
#include "codec/block_codec.h"
#include "codec/deflate.h"
#include "runtime/memory_budget.h"

namespace evodb {

/// What an Avro container file begins with (Avro specification, "Object Container Files"). Views into the file.
struct avro_file_header {
  std::vector<std::pair<std::string_view, std::string_view>> metadata;
  std::string_view sync;        ///< 16 bytes
  std::size_t first_block = 0;  ///< offset in the file

  std::optional<std::string_view> find(std::string_view key) const noexcept;
  std::string_view schema_text() const noexcept { return find("avro.schema").value_or(std::string_view{}); }
  std::string_view codec() const noexcept { return find("avro.codec").value_or("null"); }
};

/// Throws CORRUPT naming `subject` and the offset, UNSUPPORTED naming a codec that is none of null, deflate,
/// zstandard and snappy.
avro_file_header read_avro_file_header(byte_view file, std::string_view subject);

/// Goes through the blocks of a container file. Each block's data is good until the next one is asked for.
class avro_block_reader {
 public:
  static constexpr std::size_t most_inflated_bytes = std::size_t{1} << 30;  ///< of one block, whatever its codec

  /// `file`, `header`, `subject` and `budget` must outlive the reader. The buffer that blocks are inflated into counts
  /// against the budget.
  avro_block_reader(byte_view file, const avro_file_header &header, std::string_view subject, memory_budget &budget);

  /// Whether there was one more block. Throws CORRUPT naming file and offset (sync, count, size, compressed data),
  /// RESOURCE_EXHAUSTED when the block inflates beyond the budget.
  bool next();

  std::size_t count() const noexcept { return count_; }     ///< of objects in the block
  std::size_t offset() const noexcept { return block_; }    ///< of the block in the file
  std::size_t next_offset() const noexcept { return at_; }  ///< where the next block begins in the file
  std::size_t bytes_to_come() const noexcept { return file_.size() - at_; }  ///< of the file, behind this block
  avro_decoder decoder() const noexcept { return {data_, {subject_, block_}}; }
  std::size_t data_size() const noexcept { return data_.size(); }

 private:
  [[noreturn]] void corrupt(std::string_view what) const;
  void decompress(byte_view compressed);
  void grow(std::size_t capacity);

  byte_view file_;
  const avro_file_header &header_;
  std::string_view subject_;
  memory_budget &budget_;
  std::size_t at_;         // of the next block in the file
  std::size_t block_ = 0;  // of the present one
  std::size_t count_ = 0;
  byte_view data_;
  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  memory_budget::reservation reserved_;
  std::unique_ptr<block_decompressor> codec_;  // null: blocks are stored as they are
};

/// Builds a container file: the caller appends encoded objects to `buffer()` and says end_object() behind each.
class avro_file_writer {
 public:
  /// Objects are gathered to about this many bytes a block: small enough that a block is inflated into the processor's
  /// cache and a reader needs little memory; large enough that deflate's window, which starts empty with each block,
  /// costs little size.
  static constexpr std::size_t block_bytes = 256 * 1024;
  /// Of libdeflate. With such blocks manifests come out 1.02 to 1.03 times as large as Java's (zlib's level 9, blocks
  /// of 64,000 bytes) in half of level 6's time; level 1 saves another third, but comes close to 1.1 times.
  static constexpr int default_level = 2;

  using metadata = std::vector<std::pair<std::string, std::string>>;
  /// `level` is libdeflate's; nothing: codec "null". The sync marker is a hash of the header: the same input gives the
  /// same file.
  avro_file_writer(std::string_view schema_text, const metadata &pairs, std::optional<int> level);

  bytes &buffer() noexcept { return buffer_; }
  void end_object();
  bytes finish() &&;

 private:
  void flush();
  std::optional<deflater> deflater_;
  bytes file_;
  bytes sync_;
  bytes buffer_;
  bytes deflated_;
  std::int64_t count_ = 0;
};

}  // namespace evodb
