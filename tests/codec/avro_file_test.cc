#include "codec/avro_file.h"

#include <limits>

#include "codec/avro_encoder.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(avro_files)

namespace {

bytes file_of(std::optional<int> level, int objects) {
  avro_file_writer writer(R"("string")", {{"key", "value"}}, level);
  for (int i = 0; i < objects; ++i) {
    avro_encoder(writer.buffer()).write_bytes("object " + std::to_string(i));
    writer.end_object();
  }
  return std::move(writer).finish();
}

struct opened {
  explicit opened(const bytes &file, std::int64_t limit = 1 << 30)
      : budget(limit), header(read_avro_file_header(file, "f.avro")), blocks(file, header, "f.avro", budget) {}
  memory_budget budget;
  avro_file_header header;
  avro_block_reader blocks;
};

/// A file whose only block is given.
bytes file_with_block(std::string_view codec, std::int64_t count, std::int64_t size, std::string_view data,
                      bool sync = true) {
  bytes file("Obj\x01", 4);
  avro_encoder out(file);
  out.write_long(2);
  out.write_bytes("avro.schema");
  out.write_bytes(R"("int")");
  out.write_bytes("avro.codec");
  out.write_bytes(codec);
  out.write_long(0);
  file += "0123456789abcdef";
  out.write_long(count);
  out.write_long(size);
  file += data;
  if (sync) file += "0123456789abcdef";
  return file;
}

}  // namespace

BOOST_AUTO_TEST_CASE(round_trip_over_several_blocks) {
  for (const std::optional<int> level : {std::optional<int>(), std::optional(5)}) {
    const int objects = 50'000;
    const bytes file = file_of(level, objects);
    opened in(file);
    BOOST_TEST(in.header.codec() == (level ? "deflate" : "null"));
    BOOST_TEST(in.header.find("key").value() == "value");
    BOOST_TEST(!in.header.find("other").has_value());
    int next = 0;
    int blocks = 0;
    while (in.blocks.next()) {
      ++blocks;
      avro_decoder decoder = in.blocks.decoder();
      for (std::size_t i = 0; i < in.blocks.count(); ++i) {
        BOOST_REQUIRE(decoder.read_bytes() == "object " + std::to_string(next++));
      }
      BOOST_TEST(decoder.at_end());
    }
    BOOST_TEST(next == objects);
    BOOST_TEST(blocks > 1);
    BOOST_TEST(in.blocks.next_offset() == file.size());
  }
}

BOOST_AUTO_TEST_CASE(the_same_input_gives_the_same_file) {
  BOOST_TEST((file_of(5, 10) == file_of(5, 10)));
}

BOOST_AUTO_TEST_CASE(a_file_without_objects_has_no_block) {
  opened in(file_of(5, 0));
  BOOST_TEST(!in.blocks.next());
}

BOOST_AUTO_TEST_CASE(headers_that_are_none) {
  CHECK_FAILS(read_avro_file_header("", "f"), status::CORRUPT, "Obj");
  CHECK_FAILS(read_avro_file_header("PAR1....", "f"), status::CORRUPT, "Obj");
  const bytes file = file_of(5, 1);
  const std::size_t header_size = read_avro_file_header(file, "f").first_block;
  for (std::size_t size = 0; size < header_size; ++size) {
    CHECK_FAILS(read_avro_file_header(byte_view(file).substr(0, size), "f"), status::CORRUPT, "offset");
  }
  CHECK_FAILS(read_avro_file_header(file_with_block("bzip2", 0, 0, ""), "f"), status::UNSUPPORTED, "bzip2");
}

BOOST_AUTO_TEST_CASE(metadata_counted_by_size) {
  bytes file("Obj\x01", 4);
  avro_encoder out(file);
  out.write_long(-1);
  out.write_long(17);
  out.write_bytes("avro.schema");
  out.write_bytes(R"("int")");
  out.write_long(0);
  file += "0123456789abcdef";
  BOOST_TEST(read_avro_file_header(file, "f").schema_text() == R"("int")");
  BOOST_TEST(read_avro_file_header(file, "f").codec() == "null");
}

BOOST_AUTO_TEST_CASE(metadata_of_impossible_counts) {
  using limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t count : {limits::max(), limits::min(), limits::min() + 1, std::int64_t{-1'000}}) {
    bytes file("Obj\x01", 4);
    avro_encoder out(file);
    out.write_long(count);
    out.write_long(17);
    file += bytes(100, '\0');
    CHECK_FAILS(read_avro_file_header(file, "f"), status::CORRUPT, "more metadata than the file has bytes");
  }
}

BOOST_AUTO_TEST_CASE(blocks_that_are_none) {
  const auto first_block_fails = [](const bytes &file, const char *what) {
    opened in(file);
    CHECK_FAILS(in.blocks.next(), status::CORRUPT, what);
  };
  first_block_fails(file_with_block("null", -1, 1, "x"), "count is negative");
  first_block_fails(file_with_block("null", 1, -1, "x"), "length is negative");
  first_block_fails(file_with_block("null", 1, 2, "x", false), "ends within");
  first_block_fails(file_with_block("null", 1, std::int64_t{1} << 62, "x"), "ends within");
  first_block_fails(file_with_block("null", 1, 1, "x", false), "ends within");
  first_block_fails(file_with_block("null", 1, 2, "xxxxxxx"), "sync");
  first_block_fails(file_with_block("deflate", 1, 3, "\xff\xff\xff"), "damaged");
}

BOOST_AUTO_TEST_CASE(a_block_beyond_the_budget) {
  bytes stored;
  deflater(5).append_deflated(stored, bytes(50'000'000, 'x'));
  const bytes file = file_with_block("deflate", 1, static_cast<std::int64_t>(stored.size()), stored);
  opened in(file, 20'000'000);
  CHECK_FAILS(in.blocks.next(), status::RESOURCE_EXHAUSTED);
  BOOST_TEST(in.budget.in_use() == 0);
  opened roomy(file);
  BOOST_TEST(roomy.blocks.next());
  BOOST_TEST(roomy.blocks.data_size() == 50'000'000u);
}

BOOST_AUTO_TEST_SUITE_END()
