#include "codec/puffin.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/little_endian.h"
#include "base/version.h"
#include "codec/json.h"
#include "codec/json_writer.h"

namespace evodb {
namespace {

// The file: magic, blobs, footer; the footer: magic, payload, size of the payload, flags, magic.
constexpr byte_view puffin_magic = "PFA1";
constexpr std::int64_t puffin_magic_length = 4;
constexpr std::uint32_t compressed_footer_flag = 1;

puffin_properties read_puffin_properties(const json_node &in) {
  puffin_properties properties;
  const auto found = in.find("properties");
  if (!found) return properties;
  found->for_each_member(
      [&](std::string_view key, const json_node &value) { properties.emplace_back(key, value.text()); });
  return properties;
}

puffin_blob read_puffin_blob(const json_node &in, std::int64_t blobs_end) {
  puffin_blob blob;
  blob.type = in.member("type").text();
  const json_node fields = in.member("fields");
  for (std::size_t i = 0; i < fields.size(); ++i) blob.fields.push_back(fields[i].int32());
  blob.snapshot_id = in.member("snapshot-id").int64();
  blob.sequence_number = in.member("sequence-number").int64();
  blob.offset = in.member("offset").int64();
  blob.length = in.member("length").int64();
  if (blob.offset < puffin_magic_length || blob.length < 0 || blob.length > blobs_end - blob.offset)
    in.refuse(fmt::format("the blob at {} of {} bytes lies outside of the file's blobs, which end at {}", blob.offset,
                          blob.length, blobs_end));
  if (const auto codec = in.find("compression-codec")) blob.compression_codec = codec->text();
  blob.properties = read_puffin_properties(in);
  return blob;
}

void write_puffin_properties(json_writer &out, const puffin_properties &properties) {
  out.key("properties");
  out.begin_object();
  for (const auto &[key, value] : properties) {
    out.key(key);
    out.text(value);
  }
  out.end_object();
}

void write_puffin_blob(json_writer &out, const puffin_blob &blob) {
  out.begin_object();
  out.key("type");
  out.text(blob.type);
  out.key("fields");
  out.begin_array();
  for (const std::int32_t id : blob.fields) out.integer(id);
  out.end_array();
  out.key("snapshot-id");
  out.integer(blob.snapshot_id);
  out.key("sequence-number");
  out.integer(blob.sequence_number);
  out.key("offset");
  out.integer(blob.offset);
  out.key("length");
  out.integer(blob.length);
  if (!blob.compression_codec.empty()) {
    out.key("compression-codec");
    out.text(blob.compression_codec);
  }
  if (!blob.properties.empty()) write_puffin_properties(out, blob.properties);
  out.end_object();
}

}  // namespace

puffin_footer_extent find_puffin_footer(byte_view last_bytes, std::int64_t file_size, std::string_view file) {
  const auto refuse = [&](status code, std::string_view problem) {
    fail(code, fmt::format("{}: {} ({} bytes)", problem, file, file_size), std::string(file));
  };
  constexpr std::int64_t least = 2 * puffin_magic_length + puffin_tail_length;
  if (last_bytes.size() < puffin_tail_length || file_size < least)
    refuse(status::CORRUPT, "too short for a Puffin file");
  const byte_view tail = last_bytes.substr(last_bytes.size() - puffin_tail_length);
  if (!tail.ends_with(puffin_magic)) refuse(status::CORRUPT, "not a Puffin file, or one that was cut short");
  const auto flags = load_le<std::uint32_t>(tail.data() + sizeof(std::int32_t));
  if (flags == compressed_footer_flag) refuse(status::UNSUPPORTED, "the footer of the Puffin file is compressed");
  if (flags != 0) refuse(status::UNSUPPORTED, "the footer of the Puffin file has flags that are not known");
  const std::int64_t length = load_le<std::int32_t>(tail.data());
  if (length < 0 || length > file_size - least)
    refuse(status::CORRUPT, "the footer of the Puffin file is longer than the file");
  if (length > max_puffin_footer_length)
    refuse(status::CORRUPT, "the footer of the Puffin file is longer than any real one");
  return {file_size - puffin_tail_length - length - puffin_magic_length, puffin_magic_length + length};
}

puffin_footer read_puffin_footer(byte_view data, const puffin_footer_extent &at, std::string_view file) {
  if (static_cast<std::int64_t>(data.size()) != at.length || !data.starts_with(puffin_magic))
    fail(status::CORRUPT, fmt::format("the footer of the Puffin file does not begin with its magic: {}", file),
         std::string(file));
  const json_document document(data.substr(puffin_magic.size()), file);
  puffin_footer footer;
  const json_node root = document.root(), blobs = root.member("blobs");
  for (std::size_t i = 0; i < blobs.size(); ++i) footer.blobs.push_back(read_puffin_blob(blobs[i], at.offset));
  footer.properties = read_puffin_properties(root);
  return footer;
}

puffin_writer::puffin_writer() : file_(puffin_magic) {}

const puffin_blob &puffin_writer::add(puffin_blob facts, byte_view content) {
  facts.offset = static_cast<std::int64_t>(file_.size());
  facts.length = static_cast<std::int64_t>(content.size());
  file_ += content;
  return blobs_.emplace_back(std::move(facts));
}

bytes puffin_writer::finish() && {
  file_ += puffin_magic;
  const std::size_t begin = file_.size();
  json_writer out(file_);
  out.begin_object();
  out.key("blobs");
  out.begin_array();
  for (const puffin_blob &blob : blobs_) write_puffin_blob(out, blob);
  out.end_array();
  write_puffin_properties(
      out, {{"created-by", fmt::format("evodb_lakehouse {}.{}.{}", version_major, version_minor, version_patch)}});
  out.end_object();
  const std::size_t length = file_.size() - begin;
  if (length > static_cast<std::size_t>(max_puffin_footer_length))
    fail(status::RESOURCE_EXHAUSTED, fmt::format("a Puffin file of {} blobs needs a footer of {} bytes, of at most {}",
                                                 blobs_.size(), length, max_puffin_footer_length));
  append_le(file_, static_cast<std::int32_t>(length));
  append_le(file_, std::uint32_t{0});
  file_ += puffin_magic;
  return std::move(file_);
}

}  // namespace evodb
