// The published vectors of AWS Signature Version 4. tests/io/s3/signature_vectors.json holds the data of
// github.com/awslabs/aws-c-auth (Apache License 2.0), tests/aws-signing-test-suite/v4 at 495329c: the cases that do not
// normalise paths, since S3 does not.

#include "io/s3/signature.h"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>

#include "base/hash.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(signature_test)

namespace {

constexpr std::int64_t signed_at_ms = 1440938160000;  // 2015-08-30T12:36:00Z

boost::json::array vectors() {
  std::ifstream in(EVODB_SOURCE_DIR "/tests/io/s3/signature_vectors.json");
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return boost::json::parse(text).as_array();
}

std::string text_of(const boost::json::value &of, const char *name) {
  return std::string(of.at(name).as_string());
}

std::vector<name_value> pairs_of(const boost::json::value &of) {
  std::vector<name_value> pairs;
  for (const auto &pair : of.as_array())
    pairs.emplace_back(std::string(pair.at(0).as_string()), std::string(pair.at(1).as_string()));
  return pairs;
}

credentials example(std::string session_token = {}) {
  return {"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", std::move(session_token)};
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_published_vectors) {
  const boost::json::array all = vectors();
  BOOST_TEST(all.size() == 31u);
  for (const auto &one : all) {
    BOOST_TEST_CONTEXT(text_of(one, "name")) {
      http_request request;
      request.method = text_of(one, "method");
      request.path = text_of(one, "path");
      request.query = pairs_of(one.at("query"));
      request.headers = pairs_of(one.at("headers"));
      const std::string payload = to_hex(sha256(text_of(one, "body")));
      if (one.at("signs_body").as_bool()) request.set_header("x-amz-content-sha256", payload);
      const signature made =
          sign(request, example(text_of(one, "session_token")), {"us-east-1", "service"}, signed_at_ms, payload);
      BOOST_TEST(made.canonical_request == text_of(one, "canonical_request"));
      BOOST_TEST(made.string_to_sign == text_of(one, "string_to_sign"));
      BOOST_TEST(made.authorization.ends_with("Signature=" + text_of(one, "signature")));
      BOOST_TEST(*request.header("authorization") == made.authorization);
    }
  }
}

/// Amazon's examples for S3 ("Authenticating Requests: Using the Authorization Header"): a path that holds a dollar sign, a range.
BOOST_AUTO_TEST_CASE(the_examples_of_s3) {
  const credentials by{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}};
  constexpr std::int64_t at_ms = 1369353600000;  // 2013-05-24T00:00:00Z
  const std::string nothing = to_hex(sha256(""));
  http_request get;
  get.method = "GET";
  get.path = "/test.txt";
  get.headers = {{"Host", "examplebucket.s3.amazonaws.com"}, {"Range", "bytes=0-9"}, {"x-amz-content-sha256", nothing}};
  BOOST_TEST(sign(get, by, {"us-east-1", "s3"}, at_ms, nothing)
                 .authorization.ends_with("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
  http_request put;
  put.method = "PUT";
  put.path = "/test$file.text";
  const std::string payload = to_hex(sha256("Welcome to Amazon S3."));
  put.headers = {{"Host", "examplebucket.s3.amazonaws.com"},
                 {"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                 {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                 {"x-amz-content-sha256", payload}};
  BOOST_TEST(sign(put, by, {"us-east-1", "s3"}, at_ms, payload)
                 .authorization.ends_with("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
  http_request list;
  list.method = "GET";
  list.query = {{"prefix", "J"}, {"max-keys", "2"}};
  list.headers = {{"Host", "examplebucket.s3.amazonaws.com"}, {"x-amz-content-sha256", nothing}};
  BOOST_TEST(sign(list, by, {"us-east-1", "s3"}, at_ms, nothing)
                 .authorization.ends_with("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

BOOST_AUTO_TEST_CASE(signing_again_replaces_the_signature) {
  http_request request;
  request.method = "GET";
  request.headers = {{"Host", "example.amazonaws.com"}};
  const http_request unsigned_yet = request;
  sign(request, example(), {}, signed_at_ms, "UNSIGNED-PAYLOAD");
  BOOST_TEST(request.headers.size() == 3u);
  http_request anew = unsigned_yet;
  BOOST_TEST(sign(request, example(), {}, signed_at_ms + 5000, "UNSIGNED-PAYLOAD").canonical_request ==
             sign(anew, example(), {}, signed_at_ms + 5000, "UNSIGNED-PAYLOAD").canonical_request);
}

BOOST_AUTO_TEST_SUITE_END()
