#include "io/s3/s3_responses.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(s3_responses_test)

BOOST_AUTO_TEST_CASE(a_refusal_is_read_and_nothing_else_is) {
  const refusal read = read_refusal(
      "<?xml version=\"1.0\"?><Error><Code>PreconditionFailed</Code><Message>No &amp; no.</Message></Error>");
  BOOST_TEST(read.code == "PreconditionFailed");
  BOOST_TEST(read.message == "No & no.");
  for (const char *other : {"", "<html><body>502 Bad Gateway</body></html>", "<Error", "{\"a\":1}", "<Error/>"})
    BOOST_TEST(read_refusal(other).code == "");
  BOOST_TEST(read_refusal("<Error><Message>" + std::string(100'000, 'x') + "</Message></Error>").message.size() ==
             1000u);
}

BOOST_AUTO_TEST_CASE(a_listing_decodes_keys_where_it_says_so) {
  const std::string one =
      "<Contents><Key>a%2Bb+c</Key><Size>12</Size><ETag>&quot;x&quot;</ETag><LastModified>2026-11-22T10:00:00.123Z</"
      "LastModified></Contents>";
  const std::string head = "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  const listing_page plain = read_listing(head + one + "</ListBucketResult>", "s");
  BOOST_TEST(plain.found.objects.at(0).key == "a%2Bb+c");
  BOOST_TEST(plain.found.objects.at(0).size == 12);
  BOOST_TEST(plain.found.objects.at(0).etag == "x");
  BOOST_TEST(plain.found.objects.at(0).last_modified_ms == 1795341600123);
  BOOST_TEST(plain.next == "");
  const listing_page encoded =
      read_listing(head +
                       "<EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextContinuationToken>n</"
                       "NextContinuationToken>" +
                       one + "<CommonPrefixes><Prefix>p%2F</Prefix></CommonPrefixes></ListBucketResult>",
                   "s");
  BOOST_TEST(encoded.found.objects.at(0).key == "a+b c");
  BOOST_TEST(encoded.found.common_prefixes.at(0) == "p/");
  BOOST_TEST(encoded.next == "n");
}

BOOST_AUTO_TEST_CASE(a_listing_that_is_none) {
  const std::pair<const char *, const char *> wrong[] = {
      {"", "is no ListBucketResult"},
      {"<html/>", "is no ListBucketResult"},
      {"<ListBucketResult><Contents><Key>a</Key><Size>x</Size></Contents></ListBucketResult>",
       "without a key or a size"},
      {"<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>", "without a key or a size"},
      {"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>", "does not say how"},
      {"<ListBucketResult><IsTruncated>maybe</IsTruncated></ListBucketResult>", "whether it goes on"},
      {"<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a%2</Key><Size>1</Size></Contents></"
       "ListBucketResult>",
       "not encoded"},
      {"<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>a%zz</Key><Size>1</Size></Contents></"
       "ListBucketResult>",
       "not encoded"},
  };
  for (const auto &[body, why] : wrong) CHECK_FAILS(read_listing(body, "s"), status::CORRUPT, why);
}

BOOST_AUTO_TEST_CASE(a_time_that_cannot_be_read_is_unknown) {
  for (const char *time : {"", "<LastModified/>", "<LastModified>yesterday</LastModified>"}) {
    const std::string one = std::string("<Contents><Key>a</Key><Size>1</Size>") + time + "</Contents>";
    const listing_page page = read_listing("<ListBucketResult>" + one + "</ListBucketResult>", "s");
    BOOST_TEST(page.found.objects.at(0).last_modified_ms == 0);
  }
}

BOOST_AUTO_TEST_CASE(deletions_and_uploads) {
  BOOST_TEST(write_deletion({"a<b", "c"})
                 .find("<Object><Key>a&lt;b</Key></Object><Object><Key>c</Key></Object><Quiet>true</Quiet>") !=
             std::string::npos);
  BOOST_TEST(!read_deletion("<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>", "s"));
  const auto left = read_deletion(
      "<DeleteResult><Error><Key>a</Key><Code>AccessDenied</Code><Message>m</Message></Error></DeleteResult>", "s");
  BOOST_TEST(left->key == "a");
  BOOST_TEST(left->why.code == "AccessDenied");
  CHECK_FAILS(read_deletion("nothing", "s"), status::CORRUPT, "is no DeleteResult");
  BOOST_TEST(read_upload_id("<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>",
                            "s") == "u");
  const std::string long_id(100'000, 'u');
  CHECK_FAILS(
      read_upload_id(
          "<InitiateMultipartUploadResult><UploadId>" + long_id + "</UploadId></InitiateMultipartUploadResult>", "s"),
      status::CORRUPT, "an UploadId of 100000 bytes");
  CHECK_FAILS(read_upload_id("<InitiateMultipartUploadResult/>", "s"), status::CORRUPT, "without an id");
  BOOST_TEST(write_completion({"e1", "e2"}).find("<Part><ETag>\"e1\"</ETag><PartNumber>1</PartNumber></Part>") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
