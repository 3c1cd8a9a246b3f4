#include "codec/avro_file.h"

#include "finding.h"

using namespace evodb;

/// A container file's header, its schema and its blocks; a text that is no file is taken as a schema.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  const std::string_view file = fuzz::text_of(data, size);
  const auto header = fuzz::attempt([&] { return read_avro_file_header(file, "fuzz"); });
  const std::string_view text = header ? header->schema_text() : file;
  if (const auto schema = fuzz::attempt([&] { return avro_schema::parse(text, "fuzz"); })) {
    fuzz::require((*schema)->root().depth <= 64 + 1, "nesting is bounded");
    option_of((*schema)->root());
  }
  if (!header) return 0;
  memory_budget budget(16 << 20);
  fuzz::attempt([&] {
    avro_block_reader blocks(file, *header, "fuzz", budget);
    while (blocks.next()) {
      avro_decoder decoder = blocks.decoder();
      fuzz::attempt([&] {
        while (!decoder.at_end()) {
          const std::size_t before = decoder.remaining();
          decoder.read_long();
          fuzz::require(decoder.remaining() < before, "reading goes on");
        }
      });
    }
  });
  return 0;
}
