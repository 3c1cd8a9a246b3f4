#include "codec/avro_file.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/hash.h"
#include "codec/avro_encoder.h"

namespace evodb {
namespace {

constexpr std::string_view file_magic("Obj\x01", 4);
constexpr std::size_t sync_size = 16;
constexpr std::size_t first_capacity = 256 * 1024;

[[noreturn]] void corrupt_at(std::size_t offset, std::string_view what, std::string_view subject) {
  fail(status::CORRUPT, std::string(what) + ": offset " + std::to_string(offset), std::string(subject));
}

/// Numbers and bytes directly in the file, where no padding may be assumed.
class file_cursor {
 public:
  file_cursor(byte_view file, std::size_t at, std::string_view subject) : file_(file), at_(at), subject_(subject) {}

  std::size_t at() const noexcept { return at_; }

  std::int64_t read_long() {
    std::uint64_t raw = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at_ == file_.size()) corrupt_at(at_, "the file ends within a number", subject_);
      const auto b = static_cast<std::uint8_t>(file_[at_++]);
      if (shift == 63 && b > 1) break;
      raw |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (b < 0x80) return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
    }
    corrupt_at(at_, "a number does not fit into 64 bits", subject_);
  }

  std::string_view read_fixed(std::uint64_t size) {
    if (size > file_.size() - at_) corrupt_at(at_, "the file ends within a value", subject_);
    const std::string_view result = file_.substr(at_, size);
    at_ += size;
    return result;
  }

  std::string_view read_bytes() {
    const std::size_t start = at_;
    const std::int64_t size = read_long();
    if (size < 0) corrupt_at(start, "a length is negative", subject_);
    return read_fixed(static_cast<std::uint64_t>(size));
  }

 private:
  byte_view file_;
  std::size_t at_;
  std::string_view subject_;
};

}  // namespace

std::optional<std::string_view> avro_file_header::find(std::string_view key) const noexcept {
  for (const auto &[name, value] : metadata) {
    if (name == key) return value;
  }
  return std::nullopt;
}

avro_file_header read_avro_file_header(byte_view file, std::string_view subject) {
  if (!file.starts_with(file_magic)) corrupt_at(0, "not an Avro file: it does not begin with \"Obj\" and 1", subject);
  file_cursor cursor(file, file_magic.size(), subject);
  avro_file_header header;
  while (const std::int64_t written = cursor.read_long()) {
    auto count = static_cast<std::uint64_t>(written);
    if (written < 0) {
      cursor.read_long();  // the size in bytes, of use to those who skip
      count = 0 - count;
    }
    if (count > file.size()) {
      corrupt_at(cursor.at(), "more metadata than the file has bytes", subject);
    }
    for (; count > 0; --count) {
      const std::string_view key = cursor.read_bytes();
      const std::string_view value = cursor.read_bytes();
      if (!is_avro_text(key) || !is_avro_text(value)) corrupt_at(cursor.at(), "metadata is not UTF-8", subject);
      header.metadata.emplace_back(key, value);
    }
  }
  header.sync = cursor.read_fixed(sync_size);
  header.first_block = cursor.at();
  if (!header.find("avro.schema")) corrupt_at(header.first_block, "the header has no avro.schema", subject);
  if (!is_known_codec(header.codec())) {
    fail(status::UNSUPPORTED, "Avro codec: " + std::string(header.codec()), std::string(subject));
  }
  return header;
}

avro_block_reader::avro_block_reader(byte_view file, const avro_file_header &header, std::string_view subject,
                                     memory_budget &budget)
    : file_(file),
      header_(header),
      subject_(subject),
      budget_(budget),
      at_(header.first_block),
      codec_(make_block_decompressor(header.codec())) {}

void avro_block_reader::corrupt(std::string_view what) const {
  corrupt_at(block_, what, subject_);
}

bool avro_block_reader::next() {
  if (at_ == file_.size()) return false;
  block_ = at_;
  file_cursor cursor(file_, at_, subject_);
  const std::int64_t count = cursor.read_long();
  if (count < 0) corrupt("a block's count is negative");
  const byte_view stored = cursor.read_bytes();
  if (cursor.read_fixed(sync_size) != header_.sync) corrupt("a block does not end with the file's sync marker");
  at_ = cursor.at();
  count_ = static_cast<std::size_t>(count);
  if (codec_) {
    decompress(stored);
  } else {
    if (stored.size() > most_inflated_bytes) corrupt("a block is larger than 1 GiB");
    grow(stored.size());
    std::memcpy(buffer_.get(), stored.data(), stored.size());
    data_ = {buffer_.get(), stored.size()};
  }
  std::memset(buffer_.get() + data_.size(), 0, avro_padding);
  return true;
}

void avro_block_reader::grow(std::size_t capacity) {
  if (capacity <= capacity_ && buffer_) return;
  buffer_.reset();
  reserved_.release();
  reserved_ = budget_.reserve(static_cast<std::int64_t>(capacity + avro_padding));
  buffer_.reset(new char[capacity + avro_padding]);  // not zeroed: what is not inflated into is not touched
  capacity_ = capacity;
}

void avro_block_reader::decompress(byte_view compressed) {
  if (!buffer_) grow(first_capacity);
  grow(std::min(most_inflated_bytes, std::max(capacity_, compressed.size() * 4)));
  try {
    for (;;) {
      if (const auto size = codec_->decompress(compressed, buffer_.get(), capacity_)) {
        data_ = {buffer_.get(), *size};
        return;
      }
      if (capacity_ == most_inflated_bytes) corrupt("a block inflates to more than 1 GiB");
      grow(std::min(most_inflated_bytes, capacity_ * 4));
    }
  } catch (const error &e) {
    if (e.code() != status::CORRUPT || !e.subject().empty()) throw;
    corrupt(e.message());
  }
}

avro_file_writer::avro_file_writer(std::string_view schema_text, const metadata &pairs, std::optional<int> level) {
  if (level) deflater_.emplace(*level);
  file_ = file_magic;
  avro_encoder encoder(file_);
  encoder.write_long(static_cast<std::int64_t>(pairs.size()) + 2);
  encoder.write_bytes("avro.schema");
  encoder.write_bytes(schema_text);
  encoder.write_bytes("avro.codec");
  encoder.write_bytes(level ? "deflate" : "null");
  for (const auto &[key, value] : pairs) {
    encoder.write_bytes(key);
    encoder.write_bytes(value);
  }
  encoder.write_long(0);
  sync_ = md5(file_);
  file_ += sync_;
}

void avro_file_writer::end_object() {
  ++count_;
  if (buffer_.size() >= block_bytes) flush();
}

void avro_file_writer::flush() {
  if (count_ == 0) return;
  deflated_.clear();
  if (deflater_) deflater_->append_deflated(deflated_, buffer_);
  avro_encoder encoder(file_);
  encoder.write_long(count_);
  encoder.write_bytes(deflater_ ? deflated_ : buffer_);
  file_ += sync_;
  buffer_.clear();
  count_ = 0;
}

bytes avro_file_writer::finish() && {
  flush();
  return std::move(file_);
}

}  // namespace evodb
