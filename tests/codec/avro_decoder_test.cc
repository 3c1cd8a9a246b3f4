#include "codec/avro_decoder.h"

#include <limits>
#include <random>
#include <vector>

#include "codec/avro_encoder.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(avro_decoding)

namespace {

/// Data with the padding that a decoder needs behind it; bytes with the top bit set follow, so that reading on would be
/// seen.
struct padded {
  explicit padded(bytes from) : size(from.size()), data(std::move(from)) { data.append(avro_padding, '\0'); }
  avro_decoder decoder() const { return {byte_view(data).substr(0, size), {"file.avro", 1234}}; }
  std::size_t size;
  bytes data;
};

const avro_type &root_of(const std::shared_ptr<const avro_schema> &schema) {
  return schema->root();
}

}  // namespace

BOOST_AUTO_TEST_CASE(longs_of_every_length) {
  std::vector<std::int64_t> numbers = {0, -1, 1, std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min()};
  for (int bit = 0; bit < 63; ++bit) {
    for (const std::int64_t near : {-1, 0, 1}) {
      numbers.push_back((std::int64_t{1} << bit) + near);
      numbers.push_back(-(std::int64_t{1} << bit) + near);
    }
  }
  bytes encoded;
  avro_encoder out(encoded);
  for (const std::int64_t n : numbers) out.write_long(n);
  const padded data(encoded);
  avro_decoder in = data.decoder();
  for (const std::int64_t n : numbers) BOOST_TEST(in.read_long() == n);
  BOOST_TEST(in.at_end());

  avro_decoder skipping = data.decoder();
  skipping.skip_varints(numbers.size() - 1);
  BOOST_TEST(skipping.read_long() == numbers.back());
  BOOST_TEST(skipping.at_end());
}

BOOST_AUTO_TEST_CASE(skips_any_number_of_varints) {
  std::mt19937_64 random(3);
  std::vector<std::int64_t> numbers;
  bytes encoded;
  avro_encoder out(encoded);
  for (int i = 0; i < 300; ++i) {
    numbers.push_back(static_cast<std::int64_t>(random() >> (random() % 64)));
    out.write_long(numbers.back());
  }
  const padded data(encoded);
  for (std::size_t count = 0; count < numbers.size(); ++count) {
    avro_decoder in = data.decoder();
    in.skip_varints(count);
    BOOST_TEST(in.read_long() == numbers[count]);
  }
  avro_decoder in = data.decoder();
  CHECK_FAILS(in.skip_varints(numbers.size() + 1), status::CORRUPT, "ends within a number");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_cut_or_too_long) {
  for (std::size_t size = 0; size < 11; ++size) {
    const padded data(bytes(size, '\x80'));
    avro_decoder in = data.decoder();
    CHECK_FAILS(in.read_long(), status::CORRUPT, "block at 1234, offset");
  }
  const padded too_large(bytes(9, '\xff') + '\x02');
  avro_decoder in = too_large.decoder();
  CHECK_FAILS(in.read_long(), status::CORRUPT, "64 bits");
  bytes encoded;
  avro_encoder(encoded).write_long(std::int64_t{1} << 31);
  const padded no_int(encoded);
  avro_decoder in_int = no_int.decoder();
  CHECK_FAILS(in_int.read_int(), status::CORRUPT, "32 bits");
}

BOOST_AUTO_TEST_CASE(lengths_are_bounded_by_what_is_left) {
  for (const std::int64_t length : {std::int64_t{-1}, std::int64_t{5}, std::numeric_limits<std::int64_t>::max(),
                                    std::numeric_limits<std::int64_t>::min()}) {
    bytes encoded;
    avro_encoder(encoded).write_long(length);
    const padded data(encoded + "four");
    avro_decoder in = data.decoder();
    CHECK_FAILS(in.read_bytes(), status::CORRUPT);
  }
  const padded flags(bytes("\x02", 1));
  avro_decoder in = flags.decoder();
  CHECK_FAILS(in.read_boolean(), status::CORRUPT, "boolean");
}

BOOST_AUTO_TEST_CASE(item_counts) {
  bytes encoded;
  avro_encoder out(encoded);
  out.write_long(2);
  out.write_long(-3);
  out.write_long(4);
  encoded += "12345";
  const padded data(encoded);
  avro_decoder in = data.decoder();
  BOOST_TEST(in.read_item_count(1) == 2u);
  BOOST_TEST(in.read_item_count(1) == 3u);
  avro_decoder again = data.decoder();
  BOOST_TEST(again.read_item_count(1) == 2u);
  CHECK_FAILS(again.read_item_count(2), status::CORRUPT, "more items");

  for (const std::int64_t count : {std::int64_t{1} << 62, std::numeric_limits<std::int64_t>::min(), std::int64_t{-5}}) {
    bytes hostile;
    avro_encoder hostile_out(hostile);
    hostile_out.write_long(count);
    hostile_out.write_long(100);
    const padded hostile_data(hostile);
    avro_decoder hostile_in = hostile_data.decoder();
    CHECK_FAILS(hostile_in.read_item_count(1), status::CORRUPT);
  }
}

BOOST_AUTO_TEST_CASE(skips_values_of_any_type) {
  const auto schema = avro_schema::parse(
      R"({"type":"record","name":"r","fields":[
        {"name":"a","type":"null"},{"name":"b","type":"boolean"},{"name":"c","type":"int"},{"name":"d","type":"float"},
        {"name":"e","type":"double"},{"name":"f","type":"bytes"},{"name":"g","type":{"type":"fixed","name":"x","size":3}},
        {"name":"h","type":{"type":"array","items":["null","string"]}},{"name":"i","type":{"type":"map","values":"x"}},
        {"name":"j","type":{"type":"array","items":"null"}},{"name":"k","type":{"type":"enum","name":"n","symbols":["A"]}},
        {"name":"l","type":["long","string","null"]}]})",
      "f");
  bytes encoded;
  avro_encoder out(encoded);
  out.write_boolean(true);
  out.write_long(-77);
  out.write_float(1);
  out.write_double(2);
  out.write_bytes("bytes");
  out.write_fixed("abc");
  out.write_long(1);
  out.write_long(0);  // an item, null
  out.write_long(-1);
  out.write_long(5);
  out.write_long(1);
  out.write_bytes("txt");
  out.write_long(0);
  out.write_long(1);
  out.write_bytes("key");
  out.write_fixed("abc");
  out.write_long(0);
  out.write_long(std::int64_t{1} << 60);  // nulls take no bytes
  out.write_long(0);
  out.write_long(0);
  out.write_long(1);
  out.write_bytes("branch");
  const padded data(encoded);
  avro_decoder in = data.decoder();
  in.skip(root_of(schema));
  BOOST_TEST(in.at_end());
  for (std::size_t size = 0; size < encoded.size(); ++size) {
    const padded cut(encoded.substr(0, size));
    avro_decoder cut_in = cut.decoder();
    CHECK_FAILS(cut_in.skip(root_of(schema)), status::CORRUPT);
  }
}

BOOST_AUTO_TEST_CASE(text_is_utf8) {
  BOOST_TEST(is_avro_text(""));
  BOOST_TEST(is_avro_text("plain ASCII text"));
  BOOST_TEST(is_avro_text("twelve bytes \xc3\xa9"));
  BOOST_TEST(!is_avro_text("twelve bytes \xe9"));
  BOOST_TEST(!is_avro_text("\xff"));
}

BOOST_AUTO_TEST_SUITE_END()
