#include "codec/block_codec.h"

#include <libdeflate.h>
#include <snappy-c.h>
#include <zstd.h>

#include <map>

#include "codec/avro_encoder.h"
#include "codec/avro_file.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(block_codecs)

namespace {

bytes zstandard_of(byte_view data) {
  bytes to(ZSTD_compressBound(data.size()), '\0');
  to.resize(ZSTD_compress(to.data(), to.size(), data.data(), data.size(), 3));
  return to;
}

bytes snappy_of(byte_view data) {
  std::size_t size = snappy_max_compressed_length(data.size());
  bytes to(size, '\0');
  BOOST_REQUIRE(snappy_compress(data.data(), data.size(), to.data(), &size) == SNAPPY_OK);
  to.resize(size);
  const std::uint32_t checksum = libdeflate_crc32(0, data.data(), data.size());
  for (int shift = 24; shift >= 0; shift -= 8) to += static_cast<char>(checksum >> shift);
  return to;
}

bytes deflate_of(byte_view data) {
  bytes to;
  deflater(5).append_deflated(to, data);
  return to;
}

bytes compressed(std::string_view codec, byte_view data) {
  return codec == "zstandard" ? zstandard_of(data) : codec == "snappy" ? snappy_of(data) : deflate_of(data);
}

constexpr const char *codecs[] = {"deflate", "zstandard", "snappy"};

bytes file_with_block(std::string_view codec, byte_view block) {
  bytes file("Obj\x01", 4);
  avro_encoder out(file);
  out.write_long(2);
  out.write_bytes("avro.schema");
  out.write_bytes(R"("bytes")");
  out.write_bytes("avro.codec");
  out.write_bytes(codec);
  out.write_long(0);
  file += "0123456789abcdef";
  out.write_long(1);
  out.write_bytes(block);
  return file + "0123456789abcdef";
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_was_compressed_comes_back) {
  for (const char *codec : codecs) {
    const auto decompressor = make_block_decompressor(codec);
    for (const bytes &data : {bytes(), bytes("abc"), bytes(100'000, 'x')}) {
      const bytes block = compressed(codec, data);
      bytes to(data.size() + 1, '\0');
      BOOST_TEST(decompressor->decompress(block, to.data(), to.size()).value() == data.size(), codec);
      BOOST_TEST((byte_view(to).substr(0, data.size()) == data), codec);
      if (data.empty()) continue;
      BOOST_TEST(!decompressor->decompress(block, to.data(), data.size() - 1).has_value(), codec);
    }
  }
}

BOOST_AUTO_TEST_CASE(codecs_that_are_not_known) {
  for (const char *codec : {"null", "bzip2", "xz", "", "Snappy"}) BOOST_TEST(!make_block_decompressor(codec), codec);
  BOOST_TEST(is_known_codec("null"));
  BOOST_TEST(!is_known_codec("xz"));
}

BOOST_AUTO_TEST_CASE(damage_is_never_other_data) {
  // Snappy's checksum covers what it holds; the others may give other bytes, but never more than there is room for.
  const bytes data = "what a manifest holds, what a manifest holds, what a manifest holds";
  for (const char *codec : codecs) {
    const auto decompressor = make_block_decompressor(codec);
    const bytes block = compressed(codec, data);
    std::map<std::string, int> outcomes;
    for (std::size_t i = 0; i < block.size(); ++i) {
      for (const bytes &damaged :
           {bytes(block).erase(i, 1), bytes(block).replace(i, 1, 1, static_cast<char>(block[i] ^ 1)),
            block.substr(0, i)}) {
        bytes to(data.size(), '\0');
        try {
          const auto size = decompressor->decompress(damaged, to.data(), to.size());
          ++outcomes[!size ? "no room" : to.substr(0, *size) == data ? "the same" : "other data"];
        } catch (const error &e) {
          BOOST_TEST((e.code() == status::CORRUPT));
          ++outcomes["CORRUPT"];
        }
      }
    }
    BOOST_TEST(outcomes["CORRUPT"] > 0, codec);
    if (std::string_view(codec) == "snappy") BOOST_TEST(outcomes["other data"] == 0);
  }
}

BOOST_AUTO_TEST_CASE(avro_files_of_every_codec) {
  bytes object;
  avro_encoder(object).write_bytes(bytes(3'000'000, 'y'));
  for (const char *codec : codecs) {
    const bytes file = file_with_block(codec, compressed(codec, object));
    memory_budget budget(64 << 20);
    const avro_file_header header = read_avro_file_header(file, "f.avro");
    {
      avro_block_reader blocks(file, header, "f.avro", budget);
      BOOST_TEST(blocks.next(), codec);
      BOOST_TEST(blocks.decoder().read_bytes().size() == 3'000'000u, codec);
      BOOST_TEST(!blocks.next(), codec);
    }
    // Few bytes that become many are held by the budget.
    memory_budget small(1 << 20);
    avro_block_reader bounded(file, header, "f.avro", small);
    CHECK_FAILS(bounded.next(), status::RESOURCE_EXHAUSTED);
    const bytes broken = file_with_block(codec, "\xff\xff\xff\xff\xff\xff");
    const avro_file_header broken_header = read_avro_file_header(broken, "f.avro");
    avro_block_reader damaged(broken, broken_header, "f.avro", budget);
    CHECK_FAILS(damaged.next(), status::CORRUPT, "offset");
  }
}

BOOST_AUTO_TEST_SUITE_END()
