#include "codec/manifest_reader.h"

#include <charconv>
#include <utility>

#include "base/error.h"
#include "codec/avro_file.h"
#include "codec/manifest_decoder.h"

namespace evodb {
namespace {

std::optional<std::int32_t> number_in(const avro_file_header &header, std::string_view key, std::string_view subject) {
  const std::optional<std::string_view> text = header.find(key);
  if (!text) return std::nullopt;
  std::int32_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc() || end != text->data() + text->size()) {
    fail(status::CORRUPT, "manifest header: \"" + std::string(key) + "\" is no number", std::string(subject));
  }
  return value;
}

/// Of a header that says nothing, `otherwise`.
manifest_content content_in(const avro_file_header &header, manifest_content otherwise, std::string_view subject) {
  const auto written = header.find("content");
  if (!written) return otherwise;
  const std::string_view text = *written;
  if (text != "data" && text != "deletes") {
    fail(status::CORRUPT, "manifest header: \"content\" is neither data nor deletes", std::string(subject));
  }
  return text == "data" ? manifest_content::data : manifest_content::deletes;
}

}  // namespace

manifest_entries read_manifest(byte_view file, const manifest_file &listed, const partition_spec &spec,
                               const std::vector<type> &partition_types, const manifest_columns_wanted &wanted,
                               memory_budget &budget) {
  const std::string_view subject = listed.manifest_path;
  const avro_file_header header = read_avro_file_header(file, subject);
  if (content_in(header, listed.content, subject) != listed.content) {
    fail(status::CORRUPT, "manifest header: \"content\" is not what the manifest list says", listed.manifest_path);
  }
  const auto schema = avro_schema::parse(header.schema_text(), subject);
  const manifest_program program = compile_manifest_program(*schema, spec, partition_types, wanted, subject);
  manifest_decoder decoder(program, listed, spec, partition_types, wanted, budget);
  avro_block_reader blocks(file, header, subject, budget);
  while (blocks.next()) decoder.decode_block(blocks);
  return std::move(decoder).finish();
}

manifest_header read_manifest_header(byte_view file, std::string_view subject) {
  const avro_file_header header = read_avro_file_header(file, subject);
  manifest_header result;
  result.schema = header.find("schema").value_or("");
  result.schema_id = number_in(header, "schema-id", subject);
  result.partition_spec = header.find("partition-spec").value_or("");
  result.partition_spec_id = number_in(header, "partition-spec-id", subject);
  result.format_version = number_in(header, "format-version", subject).value_or(1);
  result.content = content_in(header, manifest_content::data, subject);
  result.codec = header.codec();
  result.avro_schema = header.schema_text();
  return result;
}

}  // namespace evodb
