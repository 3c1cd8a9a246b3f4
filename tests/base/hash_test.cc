#include "base/hash.h"

#include <boost/test/unit_test.hpp>

using namespace evodb;

BOOST_AUTO_TEST_SUITE(hash_test)

BOOST_AUTO_TEST_CASE(murmur3_of_every_tail_length) {
  // Reference values of the x86 32 bit variant, seed 0.
  BOOST_TEST(murmur3("") == 0);
  BOOST_TEST(static_cast<std::uint32_t>(murmur3("a")) == 0x3c2569b2u);
  BOOST_TEST(static_cast<std::uint32_t>(murmur3("ab")) == 0x9bbfd75fu);
  BOOST_TEST(static_cast<std::uint32_t>(murmur3("abc")) == 0xb3dd93fau);
  BOOST_TEST(static_cast<std::uint32_t>(murmur3("abcd")) == 0x43ed676au);
  BOOST_TEST(static_cast<std::uint32_t>(murmur3("Hello, world!")) == 0xc0363e43u);
  BOOST_TEST(static_cast<std::uint32_t>(murmur3(std::string(4, '\0'))) == 0x2362f9deu);
}

BOOST_AUTO_TEST_CASE(digests) {
  BOOST_TEST(to_hex(md5("")) == "d41d8cd98f00b204e9800998ecf8427e");
  BOOST_TEST(to_hex(md5("abc")) == "900150983cd24fb0d6963f7d28e17f72");
  BOOST_TEST(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  BOOST_TEST(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/// RFC 4231, test cases 1 and 2.
BOOST_AUTO_TEST_CASE(hmac_sha256_of_the_rfc) {
  BOOST_TEST(to_hex(hmac_sha256(bytes(20, '\x0b'), "Hi There")) ==
             "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  BOOST_TEST(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

BOOST_AUTO_TEST_SUITE_END()
