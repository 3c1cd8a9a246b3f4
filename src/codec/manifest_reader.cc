#include "codec/manifest_reader.h"

#include <charconv>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "codec/avro_file.h"
#include "codec/manifest_decoder.h"
#include "model/inherited_entries.h"
#include "runtime/weighed_cache.h"

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

/// Most manifests of a table have one schema, and its text takes longer to be read than a small manifest.
std::shared_ptr<const avro_schema> parse_schema(std::string_view text, std::string_view subject, weighed_cache &cache) {
  std::string key("avro schema ");
  key += text;
  if (const auto known = cache.peek(key)) return std::static_pointer_cast<const avro_schema>(known);
  std::shared_ptr<const avro_schema> parsed = avro_schema::parse(text, subject);
  cache.put(std::move(key), {parsed, parsed->size_in_bytes()});
  return parsed;
}

}  // namespace

manifest_entries decode_manifest(byte_view file, std::string_view subject, manifest_content content,
                                 const partition_spec &spec, const std::vector<type> &partition_types,
                                 const manifest_columns_wanted &wanted, memory_budget &budget) {
  const avro_file_header header = read_avro_file_header(file, subject);
  if (content_in(header, content, subject) != content) {
    fail(status::CORRUPT, "manifest header: \"content\" is not what the manifest list says", std::string(subject));
  }
  const auto schema = parse_schema(header.schema_text(), subject, budget.cache());
  const manifest_program program = compile_manifest_program(*schema, spec, partition_types, wanted, subject);
  manifest_decoder decoder(program, content, subject, spec, partition_types, wanted, budget);
  avro_block_reader blocks(file, header, subject, budget);
  while (blocks.next()) decoder.decode_block(blocks);
  return std::move(decoder).finish();
}

manifest_entries read_manifest(byte_view file, const manifest_file &listed, const partition_spec &spec,
                               const std::vector<type> &partition_types, const manifest_columns_wanted &wanted,
                               memory_budget &budget) {
  manifest_entries entries =
      decode_manifest(file, listed.manifest_path, listed.content, spec, partition_types, wanted, budget);
  const manifest_inheritance inheritance = manifest_inheritance::of(listed, entries);
  entries.files.first_row_ids = wanted.details ? inheritance.first_row_ids(entries) : std::vector<std::int64_t>();
  inheritance.apply_to(entries);
  return entries;
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
