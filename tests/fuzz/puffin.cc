#include "codec/puffin.h"

#include "finding.h"

using namespace evodb;

namespace {

std::optional<puffin_footer> footer_of(byte_view file) {
  return fuzz::attempt(
      [&] {
        const puffin_footer_extent at = find_puffin_footer(file, static_cast<std::int64_t>(file.size()), "fuzz");
        const auto offset = static_cast<std::size_t>(at.offset), length = static_cast<std::size_t>(at.length);
        fuzz::require(at.offset >= 0 && at.length >= 0 && offset + length <= file.size(), "a footer lies in its file");
        return read_puffin_footer(file.substr(offset, length), at, "fuzz");
      },
      {status::CORRUPT, status::UNSUPPORTED});
}

byte_view content_of(byte_view file, const puffin_blob &blob) {
  fuzz::require(
      blob.offset >= 0 && blob.length >= 0 && static_cast<std::size_t>(blob.offset + blob.length) <= file.size(),
      "a blob lies in its file");
  return file.substr(static_cast<std::size_t>(blob.offset), static_cast<std::size_t>(blob.length));
}

}  // namespace

/// A whole file.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view file = fuzz::text_of(data, size);
  const auto footer = footer_of(file);
  if (!footer) return 0;
  puffin_writer writer;
  for (const puffin_blob &blob : footer->blobs) writer.add(blob, content_of(file, blob));
  const bytes written = std::move(writer).finish();
  const auto again = footer_of(written);
  fuzz::require(again && again->blobs.size() == footer->blobs.size(), "blobs are read back");
  for (std::size_t i = 0; i < footer->blobs.size(); ++i) {
    const puffin_blob &first = footer->blobs[i], &second = again->blobs[i];
    fuzz::require(first.type == second.type && first.fields == second.fields &&
                      first.snapshot_id == second.snapshot_id && first.sequence_number == second.sequence_number &&
                      first.compression_codec == second.compression_codec && first.properties == second.properties &&
                      content_of(file, first) == content_of(written, second),
                  "a blob is read back");
  }
  return 0;
}
