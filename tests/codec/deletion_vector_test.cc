#include "codec/deletion_vector.h"

#include <libdeflate.h>

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

#include "base/big_endian.h"
#include "base/hash.h"
#include "base/little_endian.h"
#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(deletion_vector_test)

namespace {

using positions = std::vector<std::int64_t>;

constexpr std::int64_t next_bitmap = std::int64_t{1} << 32;

positions decoded(byte_view blob, std::int64_t budget_bytes = std::int64_t{1} << 20) {
  memory_budget budget(budget_bytes);
  return decode_deletion_vector(blob, "v.puffin", budget).positions;
}

positions range(std::int64_t begin, std::int64_t end, std::int64_t step = 1) {
  positions all;
  for (std::int64_t p = begin; p < end; p += step) all.push_back(p);
  return all;
}

positions operator+(positions a, const positions &b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// What stands behind the magic as a blob, with its length and checksum right.
bytes blob_of(byte_view vector) {
  const bytes content = bytes("\xD1\xD3\x39\x64") + bytes(vector);
  bytes blob;
  append_be32(blob, static_cast<std::uint32_t>(content.size()));
  blob += content;
  append_be32(blob, libdeflate_crc32(0, content.data(), content.size()));
  return blob;
}

struct container {
  int key, cardinality;
  bytes body;
  bool is_runs = false;
};

/// A bitmap as its parts say, right or wrong.
bytes bitmap_of(const std::vector<container> &containers) {
  bytes flags((containers.size() + 7) / 8, '\0'), descriptors, offsets, bodies, bitmap;
  bool has_runs = false;
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (containers[i].is_runs) flags[i / 8] = static_cast<char>(flags[i / 8] | 1 << i % 8);
    has_runs |= containers[i].is_runs;
    append_le(descriptors, static_cast<std::uint16_t>(containers[i].key));
    append_le(descriptors, static_cast<std::uint16_t>(containers[i].cardinality - 1));
    append_le(offsets, std::uint32_t{0});  // no reader of all containers looks at them
    bodies += containers[i].body;
  }
  if (has_runs) {
    append_le(bitmap, std::uint16_t{12347});
    append_le(bitmap, static_cast<std::uint16_t>(containers.size() - 1));
    bitmap += flags;
  } else {
    append_le(bitmap, std::uint32_t{12346});
    append_le(bitmap, static_cast<std::uint32_t>(containers.size()));
  }
  return bitmap + descriptors + (has_runs && containers.size() < 4 ? bytes() : offsets) + bodies;
}

bytes numbers(const std::vector<int> &all) {
  bytes body;
  for (const int one : all) append_le(body, static_cast<std::uint16_t>(one));
  return body;
}

bytes runs(const std::vector<int> &starts_and_lengths) {
  return numbers({static_cast<int>(starts_and_lengths.size() / 2)}) + numbers(starts_and_lengths);
}

bytes vector_of(const std::vector<std::pair<std::uint32_t, bytes>> &bitmaps) {
  bytes vector;
  append_le(vector, static_cast<std::uint64_t>(bitmaps.size()));
  for (const auto &[key, bitmap] : bitmaps) {
    append_le(vector, key);
    vector += bitmap;
  }
  return vector;
}

positions decoded(const std::vector<container> &containers) {
  return decoded(blob_of(vector_of({{0, bitmap_of(containers)}})));
}

}  // namespace

// Written by Iceberg Java 1.12 (BitmapPositionDeleteIndex.serialize).
BOOST_AUTO_TEST_CASE(is_that_of_iceberg_java_in_both_directions) {
  const std::vector<std::pair<positions, const char *>> known{
      {{}, "0000000cd1d339640000000000000000bf18480c"},
      {{0, 3, 70000},
       "0000002ed1d339640100000000000000000000003a300000020000000000010001000000180000001c0000000000030070114799b8ce"},
      {range(5, 8),
       "00000026d1d339640100000000000000000000003a300000010000000000020010000000050006000700c4e78d9f"},  // no run, which would be as large
      {range(5, 1000), "0000001fd1d339640100000000000000000000003b300000010000e20301000500e203aa0a4272"},
      {positions{1} + range(3, 10) + positions{next_bitmap + 2},
       "00000039d1d339640200000000000000000000003b300000010000070002000100000003000600010000003a3000000100000000000000"
       "100000000200723a991f"},
  };
  for (const auto &[expected, hex] : known) {
    BOOST_TEST(to_hex(encode_deletion_vector(expected)) == hex);
    BOOST_TEST(decoded(from_hex(hex)) == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(every_kind_of_container_is_that_of_iceberg_java) {
  const positions sparse = range(0, 65536, 3);
  const bytes bitset = encode_deletion_vector(sparse);
  BOOST_TEST(to_hex(sha256(bitset)) == "689fcea77cd53576767fe6aae8ea35936fa6d05072bad9dbfd17028a07125ab5");
  BOOST_TEST(decoded(bitset) == sparse, boost::test_tools::per_element());
  const positions mixed = positions{1} + range(65536, 65736) + range(131072, 196608, 2) + positions{5 * 65536} +
                          range(6 * 65536, 8 * 65536);
  const bytes all = encode_deletion_vector(mixed);
  BOOST_TEST(to_hex(sha256(all)) == "de1a2b754d8a096a2546cd483367287615e4e6e6e7ef9a71716eb3c048fdec56");
  BOOST_TEST((decoded(all, 2 << 20) == mixed));
}

BOOST_AUTO_TEST_CASE(reads_the_empty_bitmaps_that_iceberg_java_puts_into_a_gap) {
  const positions expected{7, 3 * next_bitmap + 2};
  BOOST_TEST(decoded(from_hex("00000050d1d339640400000000000000000000003a30000001000000000000001000000007000100000"
                              "03a30000000000000020000003a30000000000000030000003a3000000100000000000000100000000200"
                              "4ee16017")) == expected,
             boost::test_tools::per_element());
  const bytes ours = encode_deletion_vector(expected);
  BOOST_TEST(decoded(ours) == expected, boost::test_tools::per_element());
  BOOST_TEST(ours.size() == 4U + 4 + 8 + 2 * (4 + 4 + 4 + 4 + 4 + 2) + 4);
}

BOOST_AUTO_TEST_CASE(random_positions_are_read_back) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 60; ++round) {
    std::set<std::int64_t> chosen;
    const std::int64_t spread = std::int64_t{1} << (1 + random() % 62);
    const int count = static_cast<int>(random() % 200);
    for (int i = 0; i < count; ++i) {
      const auto begin = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(spread));
      const std::int64_t length = random() % 5 == 0 ? static_cast<std::int64_t>(random() % 9000) : 1;
      for (std::int64_t p = begin; p < begin + length; ++p) chosen.insert(p);
    }
    const positions expected(chosen.begin(), chosen.end());
    BOOST_TEST((decoded(encode_deletion_vector(expected), 64 << 20) == expected), "round " << round);
  }
}

BOOST_AUTO_TEST_CASE(positions_to_be_written_ascend_within_what_readers_take) {
  constexpr std::int64_t beyond = std::int64_t{0x7fffffff} << 32;
  BOOST_TEST(decoded(encode_deletion_vector(positions{beyond - 1})) == positions{beyond - 1},
             boost::test_tools::per_element());
  for (const positions &wrong : {positions{3, 3}, positions{3, 2}, positions{-1}, positions{beyond}})
    CHECK_FAILS(encode_deletion_vector(wrong), status::INVALID_ARGUMENT, "position");
}

BOOST_AUTO_TEST_CASE(length_magic_and_checksum_are_checked) {
  const bytes good = encode_deletion_vector(range(0, 9));
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_FAILS(decoded(good.substr(0, size)), status::CORRUPT, "v.puffin");
  CHECK_FAILS(decoded(good + '\0'), status::CORRUPT, "its length is not that of the blob");
  for (std::size_t i = 0; i < good.size(); ++i) {
    bytes flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 4);
    CHECK_FAILS(decoded(flipped), status::CORRUPT, "v.puffin");
  }
}

BOOST_AUTO_TEST_CASE(bitmaps_are_as_many_as_said_and_ascend) {
  const bytes one = bitmap_of({{0, 1, numbers({5})}});
  BOOST_TEST(decoded(blob_of(vector_of({{2, one}, {3, one}}))) == (positions{2 * next_bitmap + 5, 3 * next_bitmap + 5}),
             boost::test_tools::per_element());
  for (const auto &keys : {std::pair{3U, 2U}, {2U, 2U}, {0U, 0x7fffffffU}, {0U, 0xffffffffU}})
    CHECK_FAILS(decoded(blob_of(vector_of({{keys.first, one}, {keys.second, one}}))), status::CORRUPT, "do not ascend");
  bytes more = vector_of({{0, one}});
  more[0] = 2;
  CHECK_FAILS(decoded(blob_of(more)), status::CORRUPT, "fewer bitmaps than it says");
  more[0] = 0;
  CHECK_FAILS(decoded(blob_of(more)), status::CORRUPT, "something behind its last bitmap");
  more.replace(0, 8, 8, '\xff');
  CHECK_FAILS(decoded(blob_of(more)), status::CORRUPT, "fewer bitmaps than it says");
  CHECK_FAILS(decoded(blob_of(vector_of({{0, "\1\0\0\0"}}))), status::CORRUPT, "");
}

BOOST_AUTO_TEST_CASE(containers_say_the_truth) {
  BOOST_TEST(decoded({{1, 2, numbers({5, 9})}, {3, 3, runs({0, 1, 2, 0}), true}}) ==
                 (positions{65541, 65545, 196608, 196609, 196610}),
             boost::test_tools::per_element());
  CHECK_FAILS(decoded({{1, 1, numbers({5})}, {1, 1, numbers({5})}}), status::CORRUPT, "containers do not ascend");
  CHECK_FAILS(decoded({{1, 2, numbers({5, 5})}}), status::CORRUPT, "numbers of a container do not ascend");
  CHECK_FAILS(decoded({{1, 2, numbers({5})}}), status::CORRUPT, "ends early");
  CHECK_FAILS(decoded({{1, 1, numbers({5, 6})}}), status::CORRUPT, "behind its last bitmap");
  CHECK_FAILS(decoded({{1, 2, runs({0, 0, 0, 0}), true}}), status::CORRUPT, "runs of a container do not ascend");
  CHECK_FAILS(decoded({{1, 2, runs({65535, 1}), true}}), status::CORRUPT, "runs of a container do not ascend");
  CHECK_FAILS(decoded({{1, 1, runs({0, 1}), true}}), status::CORRUPT, "more numbers than it says");
  CHECK_FAILS(decoded({{1, 3, runs({0, 1}), true}}), status::CORRUPT, "fewer numbers than it says");
  CHECK_FAILS(decoded({{1, 1, runs({}), true}}), status::CORRUPT, "fewer numbers than it says");
  CHECK_FAILS(decoded({{1, 1, numbers({9, 1, 1}), true}}), status::CORRUPT, "ends early");
  bytes bits(8192, '\0');
  bits.replace(0, 600, 600, '\xff');
  BOOST_TEST(decoded({{0, 4800, bits}}) == range(0, 4800), boost::test_tools::per_element());
  CHECK_FAILS(decoded({{0, 4801, bits}}), status::CORRUPT, "more or fewer numbers");
  CHECK_FAILS(decoded({{0, 4799, bits}}), status::CORRUPT, "more or fewer numbers");
  CHECK_FAILS(decoded({{0, 4800, bits.substr(1)}}), status::CORRUPT, "ends early");
}

BOOST_AUTO_TEST_CASE(more_positions_than_memory_are_refused_before_they_are_made) {
  std::vector<container> full;
  for (int key = 0; key < 65536; ++key) full.push_back({key, 65536, runs({0, 65535}), true});
  const bytes blob = blob_of(vector_of({{0, bitmap_of(full)}}));  // a megabyte that stands for 2^32 positions
  memory_budget budget(std::int64_t{1} << 30);
  CHECK_FAILS(decode_deletion_vector(blob, "v.puffin", budget), status::RESOURCE_EXHAUSTED, "");
  BOOST_TEST(budget.in_use() == 0);
  const deleted_positions few = decode_deletion_vector(encode_deletion_vector(range(0, 100)), "v.puffin", budget);
  BOOST_TEST(budget.in_use() == 800);
}

BOOST_AUTO_TEST_SUITE_END()
