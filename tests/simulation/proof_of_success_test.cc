// Success is taken from what an answer says, and not from its status alone: answers that say something else, or nothing, as
// whatever stands between a client and its store may give them.
#include "base/hash.h"
#include "failure.h"
#include "simulation/heard_warnings.h"
#include "simulation/played_server.h"

using namespace evodb;
using namespace evodb::simulation;
using namespace std::chrono_literals;

namespace {

using kind = put_outcome::kind;

const std::string page = "<html><head><title>Log in</title></head><body/></html>";
const std::string with_page = answered("200 OK", "Content-Type: text/html\r\n", page);

struct fixture : played_server {
  std::optional<object> get(byte_range range = {}) {
    std::optional<object> found;
    run([&]() -> task<> {
      std::string key = "t/a";
      found = co_await store->get(std::move(key), range);
    });
    return found;
  }
  std::optional<object_meta> head() {
    std::optional<object_meta> found;
    run([&]() -> task<> {
      std::string key = "t/a";
      found = co_await store->head(std::move(key));
    });
    return found;
  }
  put_outcome put(put_options options = {}) {
    put_outcome outcome;
    run([&]() -> task<> {
      std::string key = "t/a";
      auto body = std::make_shared<const bytes>("content");
      put_options own = options;
      outcome = co_await store->put(std::move(key), std::move(body), std::move(own));
    });
    return outcome;
  }
  listing list(std::int64_t limit = -1) {
    listing found;
    run([&]() -> task<> {
      list_options options;
      options.prefix = "t/";
      options.limit = limit;
      found = co_await store->list(std::move(options));
    });
    return found;
  }
  void remove() {
    run([&]() -> task<> {
      std::vector<std::string> keys{"t/a", "t/b"};
      co_await store->remove(std::move(keys));
    });
  }
  /// Gives one answer after another; the last one again and again.
  void play(std::vector<std::string> answers) {
    answer = [this, answers](const received_request &) {
      return answers.at(std::min(asked.size(), answers.size()) - 1);
    };
  }
};

/// 20 MiB, in two parts.
class large_source final : public byte_source {
 public:
  std::int64_t size() const noexcept override { return std::int64_t{20} << 20; }
  task<bytes> read(std::int64_t, std::int64_t length) override {
    co_return bytes(static_cast<std::size_t>(length), 'x');
  }
};

const std::string etag_of_a_part(32, '0');
const std::string initiated =
    answered("200 OK", "", "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
const std::string completed = answered("200 OK", "",
                                       "<CompleteMultipartUploadResult><ETag>&quot;x-2&quot;</ETag>"
                                       "</CompleteMultipartUploadResult>");

std::string etag_of_the_whole() {
  return to_hex(md5(bytes(32, '\0'))) + "-2";
}

struct upload_fixture : fixture {
  std::string begun = initiated, of_a_part = answered("200 OK", "ETag: \"" + etag_of_a_part + "\"\r\n");
  std::vector<std::string> of_completion{completed};
  std::string of_head = answered("404 Not Found");

  upload_fixture() {
    answer = [this](const received_request &what) {
      if (what.method == "POST" && what.query.contains("uploads")) return begun;
      if (what.method == "PUT") return of_a_part;
      if (what.method == "HEAD") return of_head;
      if (what.method == "DELETE") return answered("204 No Content");
      return of_completion.at(std::min(completions++, of_completion.size() - 1));
    };
  }
  put_outcome upload() {
    completions = 0;
    put_outcome outcome;
    run([&]() -> task<> {
      std::string key = "t/large";
      std::shared_ptr<byte_source> content = std::make_shared<large_source>();
      put_options options;
      outcome = co_await store->upload(std::move(key), std::move(content), std::move(options));
    });
    return outcome;
  }
  std::size_t completions = 0;
};

std::string head_of(std::int64_t size, const std::string &etag) {
  return "HTTP/1.1 200 OK\r\nETag: \"" + etag + "\"\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
}

std::string page_of(const std::string &key, const std::string &next) {
  std::string more = "<IsTruncated>false</IsTruncated>";
  if (!next.empty())
    more = "<IsTruncated>true</IsTruncated><NextContinuationToken>" + next + "</NextContinuationToken>";
  const std::string row = key.empty() ? "" : "<Contents><Key>" + key + "</Key><Size>1</Size></Contents>";
  return answered("200 OK", "", "<ListBucketResult>" + more + row + "</ListBucketResult>");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(proof_of_success_test, fixture)

BOOST_AUTO_TEST_CASE(a_put_without_an_etag_is_looked_at) {
  const std::string stored = answered("200 OK", "ETag: \"e\"\r\n", "content");
  for (const std::string &without : {answered("200 OK"), with_page, answered("200 OK", "ETag: \"\"\r\n")}) {
    play({without, stored});
    const put_outcome there = put();
    BOOST_TEST((there.what == kind::done));
    BOOST_TEST(there.etag == "e");
    for (const std::string &other :
         {refused("404 Not Found", "NoSuchKey"), answered("200 OK", "ETag: \"e\"\r\n", "old")}) {
      play({without, other});
      const put_outcome absent = put();
      BOOST_TEST((absent.what == kind::unknown));
      BOOST_TEST(absent.reason->message().find("without an ETag") != std::string::npos);
      BOOST_TEST(asked.size() == 2u);
    }
  }
}

/// A page has an ETag as well.
BOOST_AUTO_TEST_CASE(a_put_that_is_answered_with_a_body_is_looked_at) {
  play({answered("200 OK", "ETag: \"p\"\r\n", "<html>Log in</html>"), refused("404 Not Found", "NoSuchKey")});
  BOOST_TEST((put().what == kind::unknown));
  BOOST_TEST(asked.size() == 2u);
}

/// What it means is found out by the commit, in the slot.
BOOST_AUTO_TEST_CASE(a_conditional_put_without_an_etag_is_not_known) {
  play({with_page});
  BOOST_TEST((put(put_options(put_condition(put_condition::kind::if_absent))).what == kind::unknown));
  BOOST_TEST(asked.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_write_is_final_by_the_stores_code_alone) {
  const put_options once(put_condition(put_condition::kind::if_absent));
  const std::pair<std::string, kind> answers[] = {
      {refused("403 Forbidden", "AccessDenied"), kind::failed},
      {refused("400 Bad Request", "BadDigest"), kind::failed},
      {refused("400 Bad Request", "RequestTimeout"), kind::unknown},
      {refused("403 Forbidden", "SlowDown"), kind::unknown},
      {refused("403 Forbidden", "RequestTimeTooSkewed"), kind::unknown},
      {answered("403 Forbidden", "Content-Type: text/html\r\n", page), kind::unknown},
      {answered("400 Bad Request"), kind::unknown},
      {refused("200 OK", "InternalError"), kind::unknown},
      {refused("301 Moved Permanently", "PermanentRedirect"), kind::unknown},
  };
  for (const auto &[said, meaning] : answers) {
    play({said});
    BOOST_TEST((put(once).what == meaning), said);
    BOOST_TEST(asked.size() == 1u);
  }
}

BOOST_FIXTURE_TEST_CASE(an_upload_is_completed_by_the_answer_that_says_so, upload_fixture) {
  BOOST_TEST((upload().what == kind::done));
  const std::string nothing[] = {answered("200 OK"),
                                 answered("200 OK", "", "  \n "),
                                 with_page,
                                 answered("200 OK", "", "<CompleteMultipartUploadResult><ETag>x-2"),
                                 answered("200 OK", "", "<?xml version='1.0'?><Error><Code>Internal"),
                                 answered("200 OK", "", "<CompleteMultipartUploadResult/>")};
  for (const std::string &one : nothing) {
    of_completion = {one};
    of_head = answered("404 Not Found");
    BOOST_TEST((upload().what == kind::unknown), one);
    BOOST_TEST(completions == 3u);
    of_head = head_of(20 << 20, etag_of_the_whole());
    BOOST_TEST((upload().what == kind::done), one);
    for (const std::string &other : {head_of(1, etag_of_the_whole()), head_of(20 << 20, std::string(32, '1')),
                                     answered("200 OK", "Content-Type: text/html\r\n")}) {
      of_head = other;
      BOOST_TEST((upload().what == kind::unknown), other);
    }
    of_completion = {one, completed};
    BOOST_TEST((upload().what == kind::done), one);
  }
}

BOOST_FIXTURE_TEST_CASE(a_completion_is_tried_again_by_the_code_within, upload_fixture) {
  for (const char *code : {"SlowDown", "InternalError"}) {
    of_completion = {refused("200 OK", code), refused("200 OK", code), refused("200 OK", code), completed};
    BOOST_TEST((upload().what == kind::done));
    BOOST_TEST(completions == 4u);
  }
  of_completion = {refused("200 OK", "InvalidPart")};
  const put_outcome refused_for_good = upload();
  BOOST_TEST((refused_for_good.what == kind::unknown));
  BOOST_TEST(refused_for_good.reason->store.code == "InvalidPart");
  BOOST_TEST(completions == 1u);
}

BOOST_FIXTURE_TEST_CASE(an_upload_has_an_id_and_its_parts_have_etags, upload_fixture) {
  begun = with_page;
  BOOST_TEST((upload().what == kind::failed));
  begun = initiated;
  of_a_part = answered("200 OK");
  const put_outcome outcome = upload();
  BOOST_TEST((outcome.what == kind::failed));
  BOOST_TEST(outcome.reason->message().find("without an ETag") != std::string::npos);
  BOOST_TEST(outcome.reason->subject() == "s3://simulated/t/large");
}

BOOST_AUTO_TEST_CASE(a_listing_is_a_listing) {
  play({answered("200 OK", "", "<ListBucketResult><IsTruncated>fal"), with_page, page_of("t/a", "")});
  BOOST_TEST(list().objects.size() == 1u);
  for (const std::string &other : {with_page, answered("200 OK"), answered("200 OK", "", "<ListBucketResult>")}) {
    play({other});
    CHECK_FAILS(list(), status::CORRUPT, "is no ListBucketResult");
    BOOST_TEST(asked.size() == 3u);
  }
  play({refused("200 OK", "SlowDown"), page_of("t/a", "")});
  BOOST_TEST(list().objects.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_listing_ends_and_shows_what_was_asked_for) {
  play({page_of("t/a", "1"), page_of("", "2"), page_of("t/b", "")});
  BOOST_TEST(list().objects.size() == 2u);
  play({page_of("t/a", "1"), page_of("t/b", "2"), page_of("t/a", "1"), page_of("t/b", "2")});
  CHECK_FAILS(list(), status::CORRUPT, "never ends");
  BOOST_TEST(asked.size() == 3u);
  answer = [this](const received_request &) { return page_of("", std::to_string(asked.size())); };
  CHECK_FAILS(list(), status::CORRUPT, "101 empty pages in a row");
  BOOST_TEST(asked.size() == 101u);
  answer = [this](const received_request &) {
    const std::size_t page = asked.size();
    return page_of(page % 100 == 0 ? "t/a" : "", page < 500 ? std::to_string(page) : "");
  };
  BOOST_TEST(list().objects.size() == 5u);
  play({page_of("u/a", "")});
  CHECK_FAILS(list(), status::CORRUPT, "not asked for");
}

BOOST_AUTO_TEST_CASE(deleted_is_what_the_store_does_not_name) {
  const std::string all = answered("200 OK", "", "<DeleteResult/>");
  const auto left = [](const std::string &code) {
    return answered("200 OK", "",
                    "<DeleteResult><Error><Key>t/b</Key><Code>" + code + "</Code></Error></DeleteResult>");
  };
  play({left("InternalError"), left("SlowDown"), all});
  remove();
  BOOST_TEST(asked.size() == 3u);
  play({left("AccessDenied")});
  CHECK_FAILS(remove(), status::ACCESS_DENIED, "AccessDenied");
  BOOST_TEST(asked.size() == 1u);
  for (const std::string &other : {answered("200 OK"), with_page, answered("204 No Content")}) {
    play({other});
    CHECK_FAILS(remove(), status::CORRUPT, "is no DeleteResult");
  }
}

BOOST_AUTO_TEST_CASE(a_part_is_the_part_that_was_asked_for) {
  const byte_range middle(2, 3);
  const auto part = [](const std::string &range, const std::string &body) {
    return answered("206 Partial Content", range.empty() ? "" : "Content-Range: " + range + "\r\n", body);
  };
  play({part("bytes 2-4/10", "cde")});
  BOOST_TEST(get(middle)->body == "cde");
  BOOST_TEST(get(middle)->meta.size == 10);
  play({answered("200 OK", "", "abcdefghij")});  // by a server without ranges
  BOOST_TEST(get(middle)->body == "cde");
  for (const std::string &other :
       {part("bytes 2-4/10", "cd"), part("bytes 1-3/10", "bcd"), part("bytes 2-5/10", "cdef"), part("", "cde"),
        part("bytes 2-4/*", "cde"), part("bytes 4-2/10", "cde"), part("bytes 2-4/4", "cde"), part("2-4/10", "cde"),
        answered("204 No Content"), with_page}) {
    play({other});
    CHECK_FAILS(get(middle), status::STORAGE_UNAVAILABLE, "no answer of an S3 store");
    BOOST_TEST(asked.size() == 3u);
    play({other, part("bytes 2-4/10", "cde")});
    BOOST_TEST(get(middle)->body == "cde");
  }
}

/// A connection that breaks would look the same.
BOOST_AUTO_TEST_CASE(an_object_of_unknown_length_is_not_whole) {
  play({"HTTP/1.1 200 OK\r\nETag: \"e\"\r\n\r\nhalf"});
  CHECK_FAILS(get(), status::STORAGE_UNAVAILABLE, "without saying how long it is");
  play({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwhole\r\n0\r\n\r\n"});
  BOOST_TEST(get()->body == "whole");
}

/// A HEAD has no body, so that it says neither why, nor that it is the store's.
BOOST_AUTO_TEST_CASE(a_head_that_says_too_little_is_followed_by_a_get) {
  const std::string unmeasured = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\n\r\n";
  play({unmeasured, answered("206 Partial Content", "ETag: \"e\"\r\nContent-Range: bytes 0-0/1234\r\n", "x")});
  BOOST_TEST(head()->size == 1234);
  play({unmeasured, answered("416 Range Not Satisfiable")});
  BOOST_TEST(head()->size == 0);
  play({answered("404 Not Found", "Content-Type: text/plain\r\n"), refused("404 Not Found", "NoSuchKey")});
  BOOST_TEST(!head());
  BOOST_TEST(asked.size() == 2u);
  play({answered("404 Not Found", "Content-Type: text/html\r\n"),
        answered("404 Not Found", "Content-Type: text/html\r\n", page)});
  CHECK_FAILS(head(), status::STORAGE_UNAVAILABLE, "a page 'Log in'");
  play({answered("403 Forbidden"), refused("403 Forbidden", "AccessDenied")});
  CHECK_FAILS(head(), status::ACCESS_DENIED, "no right to list");
  play({answered("404 Not Found")});
  BOOST_TEST(!head());
  BOOST_TEST(asked.size() == 1u);
}

BOOST_AUTO_TEST_CASE(times_that_are_absent_are_unknown) {
  for (const char *modified : {"", "Last-Modified: yesterday\r\n"}) {
    play({answered("200 OK", std::string("ETag: \"e\"\r\n") + modified, "x")});
    BOOST_TEST(get()->meta.last_modified_ms == 0);
  }
}

BOOST_AUTO_TEST_CASE(a_code_that_passes_is_tried_again_whatever_the_status) {
  for (const char *code : {"RequestTimeout", "SlowDown", "ThrottlingException"}) {
    play({refused("400 Bad Request", code), refused("403 Forbidden", code), answered("200 OK", "", "x")});
    BOOST_TEST(get()->body == "x");
    BOOST_TEST(asked.size() == 3u);
  }
}

/// The content of an object is none of the store's words.
BOOST_AUTO_TEST_CASE(an_object_may_hold_what_looks_like_a_refusal) {
  const std::string body = "<Error><Code>SlowDown</Code></Error>";
  play({answered("200 OK", "ETag: \"e\"\r\n", body)});
  BOOST_TEST(get()->body == body);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_refused_is_tried_twice_more_as_long_as_it_was_never_accepted) {
  const std::string good = answered("200 OK", "", "x");
  const std::string unknown[] = {refused("401 Unauthorized", "Unauthorized"),
                                 refused("403 Forbidden", "InvalidAccessKeyId"),
                                 refused("403 Forbidden", "SignatureDoesNotMatch")};
  for (const std::string &said : unknown) {
    fixture own;
    own.play({said});
    CHECK_FAILS(own.get(), status::ACCESS_DENIED, "in outages");
    BOOST_TEST(own.asked.size() == 3u);
    const auto took = own.asked_at.back() - own.asked_at.front();
    BOOST_TEST((took > 1500ms && took < 3s));
    CHECK_FAILS(own.list(), status::ACCESS_DENIED, "in outages");
    BOOST_TEST(own.asked.size() == 3u);
    BOOST_TEST((own.put().what != kind::done));
    BOOST_TEST(own.asked.size() == 1u);
    own.play({said, said, good});
    BOOST_TEST(own.get()->body == "x");
    own.play({said, good});
    CHECK_FAILS(own.get(), status::ACCESS_DENIED, "in outages");
    BOOST_TEST(own.asked.size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(other_refusals_are_final) {
  for (const std::string &said :
       {refused("403 Forbidden", "AccessDenied"), refused("400 Bad Request", "ExpiredToken"),
        refused("403 Forbidden", "InvalidToken"), refused("403 Forbidden", "ExpiredRequest")}) {
    play({said});
    BOOST_CHECK_THROW(get(), error);
    BOOST_TEST(asked.size() == 1u);
  }
}

/// The few repetitions of an answer that proves nothing are no tries for as long as the store may take.
BOOST_FIXTURE_TEST_CASE(what_is_tried_a_few_times_is_not_announced_as_long, fixture) {
  heard_warnings heard;
  environment->listener = &heard;
  const auto announced = [&] {
    const std::vector<event> told = std::exchange(heard.all, {});
    BOOST_TEST(!told.empty());
    std::int64_t longest_ms = 0;
    for (const event &one : told)
      longest_ms = std::max<std::int64_t>(longest_ms, std::stoll(attribute(one, "evodb.retry.left_ms")));
    return longest_ms;
  };
  play({with_page});
  const steady_time before = in.now();
  CHECK_FAILS(get(), status::STORAGE_UNAVAILABLE, "with a page");
  const std::int64_t told_ms = announced();
  BOOST_TEST(told_ms < 5000);
  BOOST_TEST(((in.now() - before) <= std::chrono::milliseconds(told_ms)));
  play({refused("503 Service Unavailable", "SlowDown"),
        answered("404 Not Found", "", "<Error><Code>NoSuchKey</Code></Error>")});
  BOOST_TEST(!get());
  BOOST_TEST(announced() > 50'000);
}

BOOST_AUTO_TEST_SUITE_END()
