#include "io/s3/refusals.h"

#include "failure.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(refusals_test)

namespace {

using kind = refused_request::kind;

http_answer answer_of(int status, bytes body, std::vector<name_value> headers = {}) {
  http_answer made;
  made.status = status;
  made.body = std::move(body);
  made.headers = std::move(headers);
  return made;
}

bytes refusal_of(const std::string &code, const std::string &more = {}) {
  return "<Error><Code>" + code + "</Code><Message>No.</Message>" + more + "</Error>";
}

error refused(const http_answer &answer, kind what = kind::read, const std::string &host = "s3.example") {
  refused_request asked;
  asked.what = what;
  asked.host = host;
  asked.bucket = "bucket";
  asked.region = "auto";
  asked.location = "s3://bucket/t/a";
  asked.now_ms = 1'795'341'600'000;  // 2026-11-22T10:00:00Z
  return refusal_error(asked, answer);
}

void check(const error &why, status code, const std::string &part) {
  BOOST_TEST(name_of(why.code()) == std::string(name_of(code)));
  BOOST_TEST(why.message().find(part) != std::string::npos, "'" << why.message() << "' does not say '" << part << "'");
  BOOST_TEST(why.message().find_first_of("\n\r\x1b") == std::string::npos);
  BOOST_TEST(why.subject() == "s3://bucket/t/a");
}

}  // namespace

BOOST_AUTO_TEST_CASE(where_the_bucket_is_is_handed_on) {
  const error moved =
      refused(answer_of(301, refusal_of("PermanentRedirect", "<Endpoint>bucket.s3.eu-west-1.amazonaws.com</Endpoint>"),
                        {{"x-amz-bucket-region", "eu-west-1"}}));
  check(moved, status::INVALID_ARGUMENT, "https://s3.eu-west-1.amazonaws.com (storage.endpoint, AWS_ENDPOINT_URL_S3)");
  check(moved, status::INVALID_ARGUMENT, "its region is eu-west-1, not auto (storage.region, AWS_REGION)");
  check(refused(answer_of(307, refusal_of("TemporaryRedirect", "<Endpoint>other.example</Endpoint>"))),
        status::INVALID_ARGUMENT, "https://other.example");
  check(refused(answer_of(400, refusal_of("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>"))),
        status::INVALID_ARGUMENT, "its region is eu-west-1, not auto");
  check(refused(answer_of(403, refusal_of("AuthorizationHeaderMalformed"))), status::ACCESS_DENIED,
        "the region is auto: set storage.region");
}

BOOST_AUTO_TEST_CASE(what_a_key_may_not_do) {
  const bytes denied = refusal_of("AccessDenied");
  check(refused(answer_of(403, denied), kind::read), status::ACCESS_DENIED,
        "no right to list the bucket (s3:ListBucket)");
  check(refused(answer_of(403, denied), kind::list), status::ACCESS_DENIED, "may not list the bucket");
  check(refused(answer_of(403, denied), kind::write), status::ACCESS_DENIED, "for reading alone");
}

BOOST_AUTO_TEST_CASE(keys_and_tokens) {
  for (const char *code : {"InvalidAccessKeyId", "Unauthorized", "SignatureDoesNotMatch"})
    check(refused(answer_of(401, refusal_of(code))), status::ACCESS_DENIED, "check AWS_ACCESS_KEY_ID and");
  check(refused(answer_of(404, refusal_of("XAdminUserNotFound"))), status::ACCESS_DENIED, "check AWS_ACCESS_KEY_ID");
  for (const char *code : {"ExpiredToken", "InvalidToken"})
    check(refused(answer_of(400, refusal_of(code))), status::ACCESS_DENIED, "make new ones");
  check(refused(answer_of(400, "<Error><Code>InvalidArgument</Code><Message>X-Amz-Security-Token</Message></Error>")),
        status::ACCESS_DENIED, "make new ones");
}

BOOST_AUTO_TEST_CASE(clocks) {
  check(refused(answer_of(403, refusal_of("RequestTimeTooSkewed"), {{"Date", "Sun, 22 Nov 2026 11:00:00 GMT"}})),
        status::ACCESS_DENIED, "this machine's clock says 2026-11-22T10:00:00Z, and the store's 2026-11-22T11:00:00Z");
  check(refused(answer_of(403, refusal_of("RequestTimeTooSkewed"))), status::ACCESS_DENIED, "see that it is right");
}

BOOST_AUTO_TEST_CASE(buckets_that_are_not_there) {
  check(refused(answer_of(404, refusal_of("NoSuchBucket"))), status::NOT_FOUND,
        "there is no bucket bucket at s3.example");
  check(refused(answer_of(404, refusal_of("NoSuchBucket")), kind::read, "abc.r2.cloudflarestorage.com"),
        status::NOT_FOUND, "storage.jurisdiction");
}

BOOST_AUTO_TEST_CASE(others_that_answer_for_the_store) {
  const bytes page = "<html>\n<title>\n Log\x1b[2J in\n</title>";
  check(refused(answer_of(404, page)), status::STORAGE_UNAVAILABLE, "no answer of an S3 store but a page 'Log [2J in'");
  check(refused(answer_of(301, "")), status::STORAGE_UNAVAILABLE, "no answer of an S3 store:");
  check(refused(answer_of(302, "", {{"Location", "https://login.example/?secret=x"}})), status::STORAGE_UNAVAILABLE,
        "sent on to login.example:");
  check(refused(answer_of(400, "Client sent an HTTP request to an HTTPS server.")), status::INVALID_ARGUMENT,
        "one of https://");
  check(refused(answer_of(407, "")), status::INVALID_ARGUMENT, "http://USER:PASSWORD@HOST:PORT");
  check(refused(answer_of(403, "<!DOCTYPE html><title>Blocked</title>")), status::ACCESS_DENIED, "a page 'Blocked'");
  BOOST_TEST(refused(answer_of(502, page)).message() == "s3.example answered 502 without a code");
}

BOOST_AUTO_TEST_CASE(texts_of_an_answer_are_bounded) {
  const std::string much(10'000, 'x');
  const error why =
      refused(answer_of(301, "<Error><Code>" + much + "</Code><Message>a\nb\x1b[31m" + much + "</Message><Endpoint>" +
                                 much + "</Endpoint><Region>" + much + "</Region></Error>"));
  BOOST_TEST(why.message().size() < 2000u);
  BOOST_TEST(why.message().find_first_of("\n\x1b") == std::string::npos);
  std::string deep = "<Error>";
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  BOOST_TEST(read_refusal(deep).code == "");
}

BOOST_AUTO_TEST_SUITE_END()
