#include "codec/json.h"

#include <boost/json.hpp>

#include "codec/json_writer.h"
#include "failure.h"

using namespace evodb;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(json)

namespace {

const std::string subject = "s3://lake/t/metadata/v7.metadata.json";

void check_corrupt(const std::string &text, const std::string &part) {
  BOOST_TEST_CONTEXT(text.substr(0, 80)) {
    CHECK_FAILS(json_document(text, subject), status::CORRUPT, part);
  }
}

std::string written(std::string_view text) {
  std::string out;
  json_writer(out).text(text);
  return out;
}

std::string nested(int levels) {
  return std::string(static_cast<std::size_t>(levels), '[') + std::string(static_cast<std::size_t>(levels), ']');
}

}  // namespace

BOOST_AUTO_TEST_CASE(reads_every_kind_of_value) {
  const std::string text =
      R"( {"n": null, "t": true, "f": false, "i": -7, "d": 2.5, "s": "é", "a": [1, [2, 3], {}], "o": {"x": 4}} )";
  const json_document document(text, subject);
  const json_node root = document.root();
  BOOST_TEST(root.member_count() == 8u);
  BOOST_TEST(!root.find("n"));
  BOOST_TEST(root.find_even_null("n")->is_null());
  BOOST_TEST(!root.find_even_null("absent"));
  BOOST_TEST(root.member("t").boolean());
  BOOST_TEST(!root.member("f").boolean());
  BOOST_TEST(root.member("i").int32() == -7);
  BOOST_TEST(root.member("i").number() == -7.0);
  BOOST_TEST(root.member("d").number() == 2.5);
  BOOST_TEST(root.member("s").text() == "é");
  const json_node array = root.member("a");
  BOOST_TEST(array.size() == 3u);
  BOOST_TEST(array[0].int64() == 1);
  BOOST_TEST(array[1][1].int64() == 3);
  BOOST_TEST(array[2].member_count() == 0u);
  BOOST_TEST(root.member("o").member("x").int64() == 4);
  std::string keys;
  root.for_each_member([&](std::string_view key, const json_node &) { keys += key; });
  BOOST_TEST(keys == "ntfidsao");
}

BOOST_AUTO_TEST_CASE(unescapes_texts_and_keys) {
  const std::string text = R"({"a\u0062c": "tab\t quote\" slash\/ \u00e9 \ud83d\ude00 nul\u0000.", "long": ")" +
                           std::string(10'000, 'x') + R"(\n"})";
  const json_document document(text, subject);
  const std::string expected = "tab\t quote\" slash/ é 😀 nul\0."s;
  BOOST_TEST(document.root().member("abc").text() == expected);
  BOOST_TEST(document.root().member("long").text() == std::string(10'000, 'x') + "\n");
}

BOOST_AUTO_TEST_CASE(texts_that_are_no_json_are_refused_at_their_byte_and_line) {
  check_corrupt("", "not JSON at byte 0, line 1: incomplete JSON");
  check_corrupt("  ", "not JSON at byte 2, line 1");
  check_corrupt("{\"a\": 1,\n \"b\": }", "not JSON at byte 15, line 2: syntax error");
  check_corrupt("{} {}", "not JSON at byte 3, line 1: extra data");
  check_corrupt("{\"a\": 1", "incomplete JSON");
  check_corrupt("[1,]", "syntax error");
  check_corrupt("{'a': 1}", "syntax error");
  check_corrupt("[NaN]", "syntax error");
  check_corrupt("[01]", "syntax error");
  check_corrupt("[1e99999999999]", "exponent overflow");
  check_corrupt("// no\n{}", "syntax error");
  check_corrupt("\xEF\xBB\xBF{}", "syntax error");
  check_corrupt("[\"line\nbreak\"]", "syntax error");
}

BOOST_AUTO_TEST_CASE(the_status_and_the_subject_are_those_of_the_one_to_blame) {
  CHECK_FAILS(json_document("{", "schema", status::INVALID_ARGUMENT), status::INVALID_ARGUMENT, "incomplete");
  BOOST_CHECK_EXCEPTION(json_document("{", subject), error, [](const error &e) { return e.subject() == subject; });
}

BOOST_AUTO_TEST_CASE(ill_formed_utf8_is_refused) {
  for (const char *text : {"\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"",
                           "{\"\x80\": 1}", "\"\\ud800\"", "\"\\udc00\""}) {
    check_corrupt(text, "not JSON at byte");
  }
}

BOOST_AUTO_TEST_CASE(a_key_twice_is_refused_and_named) {
  check_corrupt(R"({"a": 1, "b": 2, "a": 1})", "has a key twice: a");
  check_corrupt(R"([{"x": {"k": 1, "\u006b": 2}}])", "has a key twice: k");
  check_corrupt(R"({"a\nb": 1, "a\nb": 2})", "twice: a b");
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"key" + std::to_string(i) + "\": 0, ";
  BOOST_CHECK_NO_THROW(json_document(many + "\"key1000\": 0}", subject));
  check_corrupt(many + "\"key500\": 0}", "twice: key500");
  BOOST_CHECK_NO_THROW(json_document(R"([{"a": {"a": 1}}, {"a": 2}])", subject));
}

BOOST_AUTO_TEST_CASE(depth_is_bounded) {
  BOOST_CHECK_NO_THROW(json_document(nested(200), subject));
  check_corrupt(nested(201), "too deep");
  check_corrupt(nested(1'000'000), "too deep");
}

BOOST_AUTO_TEST_CASE(integers_are_exact_and_bounded) {
  const std::string text = R"([9223372036854775807, -9223372036854775808, 9223372036854775808, 2147483647, -2147483648,
                              2147483648, 1.0, 1e2, -0, 123456789012345678901234567890])";
  const json_document document(text, subject);
  const json_node list = document.root();
  BOOST_TEST(list[0].int64() == std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(list[1].int64() == std::numeric_limits<std::int64_t>::min());
  CHECK_FAILS(list[2].int64(), status::CORRUPT, "$[2]: expected an integer of 64 bits");
  BOOST_TEST(list[3].int32() == std::numeric_limits<std::int32_t>::max());
  BOOST_TEST(list[4].int32() == std::numeric_limits<std::int32_t>::min());
  CHECK_FAILS(list[5].int32(), status::CORRUPT, "$[5]: expected an integer of 32 bits");
  CHECK_FAILS(list[6].int64(), status::CORRUPT, "$[6]: expected an integer of 64 bits");
  CHECK_FAILS(list[7].int32(), status::CORRUPT, "$[7]: expected an integer of 32 bits");
  BOOST_TEST(list[2].number() == 9223372036854775808.0);
  BOOST_TEST(list[9].number() == 123456789012345678901234567890.0);
}

BOOST_AUTO_TEST_CASE(a_negative_zero_is_what_it_is_asked_for) {
  const json_document document("[-0, -0.0, -0e0, -1e-400, 0, -0]", subject);
  const json_node list = document.root();
  for (std::size_t i = 0; i < list.size(); ++i) {
    BOOST_TEST_CONTEXT(i) {
      BOOST_TEST(list[i].number() == 0.0);
      BOOST_TEST(std::signbit(list[i].number()) == (i != 4));
    }
  }
  BOOST_TEST(list[0].int64() == 0);
  BOOST_TEST(list[5].int32() == 0);
  CHECK_FAILS(list[1].int64(), status::CORRUPT, "$[1]: expected an integer of 64 bits");
  CHECK_FAILS(list[3].int64(), status::CORRUPT, "$[3]: expected an integer of 64 bits");
}

/// Everything else than a signed integer of 64 bits is a double, here and when it is written and read again.
BOOST_AUTO_TEST_CASE(numbers_stay_of_their_kind) {
  using boost::json::kind;
  const std::pair<const char *, kind> numbers[] = {
      {"-0", kind::int64},
      {"0", kind::int64},
      {"-9223372036854775808", kind::int64},
      {"9223372036854775807", kind::int64},
      {"9223372036854775808", kind::double_},
      {"18446744073709551615", kind::double_},
      {"-9223372036854775809", kind::double_},
      {"123456789012345678901234567890", kind::double_},
      {"-0.0", kind::double_},
      {"0e0", kind::double_},
      {"1e-400", kind::double_},
      {"1e22", kind::double_},
      {"2.0", kind::double_},
  };
  for (const auto &[text, expected] : numbers) {
    BOOST_TEST_CONTEXT(text) {
      const boost::json::value read = parse_json(text, subject);
      BOOST_TEST((read.kind() == expected));
      std::string again;
      json_writer writer(again);
      if (read.is_int64()) {
        writer.integer(read.get_int64());
      } else {
        writer.number(read.get_double());
      }
      BOOST_TEST((parse_json(again, subject) == read));
      BOOST_TEST((parse_json(again, subject).kind() == expected));
    }
  }
  CHECK_FAILS(parse_json("[1e400]", subject), status::CORRUPT, "$[0]: number is out of range");
  CHECK_FAILS(parse_json("-1e400", subject), status::CORRUPT, "$: number is out of range");
}

BOOST_AUTO_TEST_CASE(doubles_are_the_nearest_ones) {
  const std::string text =
      "[0.1, 5e-324, 1.7976931348623157e308, 1e-400, 1e400, 2.2250738585072011e-308, 9007199254740993.0]";
  const json_document document(text, subject);
  const json_node list = document.root();
  BOOST_TEST(list[0].number() == 0.1);
  BOOST_TEST(list[1].number() == std::numeric_limits<double>::denorm_min());
  BOOST_TEST(list[2].number() == std::numeric_limits<double>::max());
  BOOST_TEST(list[3].number() == 0.0);
  CHECK_FAILS(list[4].number(), status::CORRUPT, "$[4]: number is out of range");
  BOOST_TEST(list[5].number() == 2.2250738585072011e-308);
  BOOST_TEST(list[6].number() == 9007199254740992.0);
}

BOOST_AUTO_TEST_CASE(refusals_name_the_subject_and_the_path) {
  const std::string text = R"({"schemas": [{}, {}, {"fields": [{"id": "one", "name": null}]}]})";
  const json_document document(text, subject);
  const json_node field = document.root().member("schemas")[2].member("fields")[0];
  CHECK_FAILS(field.member("id").int32(), status::CORRUPT, "$.schemas[2].fields[0].id: expected an integer of 32 bits");
  CHECK_FAILS(field.member("name"), status::CORRUPT, "$.schemas[2].fields[0]: lacks name");
  CHECK_FAILS(field.member("type"), status::CORRUPT, "$.schemas[2].fields[0]: lacks type");
  CHECK_FAILS(field.size(), status::CORRUPT, "expected an array");
  CHECK_FAILS(document.root().member("schemas").find("x"), status::CORRUPT, "$.schemas: expected an object");
  CHECK_FAILS(field.text(), status::CORRUPT, "expected a string");
  CHECK_FAILS(field.boolean(), status::CORRUPT, "expected true or false");
  CHECK_FAILS(field.number(), status::CORRUPT, "expected a number");
  CHECK_FAILS(document.root().int64(), status::CORRUPT, "$: expected an integer of 64 bits");
  BOOST_CHECK_EXCEPTION(field.text(), error, [](const error &e) { return e.subject() == subject; });
}

BOOST_AUTO_TEST_CASE(what_a_refusal_quotes_stays_short_and_on_one_line) {
  const std::string text = "{\"two\\nlines\": {\"\\u0000\": 1}, \"long" + std::string(100'000, 'k') + "é\": [1]}";
  const json_document document(text, subject);
  CHECK_FAILS(document.root().member("two\nlines").int64(), status::CORRUPT, "$.two lines: expected an integer");
  document.root().for_each_member([&](std::string_view key, const json_node &node) {
    if (!key.starts_with("long")) return;
    BOOST_CHECK_EXCEPTION(node[0].text(), error, [](const error &e) { return e.message().size() < 600; });
  });
  std::string faces;
  for (int i = 0; i < 200; ++i) faces += "😀";
  for (std::size_t pad = 0; pad < 4; ++pad) {  // cut between code points
    try {
      document.root().refuse(std::string(pad, 'x') + faces);
    } catch (const error &e) {
      BOOST_CHECK_NO_THROW(written(e.message()));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_same_text_as_a_value_of_boost_json) {
  const std::string text = R"({"type":"record","fields":[{"name":"a","default":null},{"x":1.5,"y":-3,"z":true}]})";
  BOOST_TEST(parse_json(text, subject) == boost::json::parse(text));
  CHECK_FAILS(parse_json("{\"a\":1,\"a\":1}", subject), status::CORRUPT, "twice");
  CHECK_FAILS(parse_json("[1e400]", subject), status::CORRUPT, "out of range");
}

BOOST_AUTO_TEST_CASE(the_writer_separates_and_escapes) {
  std::string out;
  json_writer to(out);
  to.begin_object();
  to.key("a");
  to.begin_array();
  to.integer(-1);
  to.boolean(true);
  to.null();
  to.begin_object();
  to.end_object();
  to.begin_array();
  to.end_array();
  to.end_array();
  to.key("b\"");
  to.text("x");
  to.end_object();
  BOOST_TEST(out == R"({"a":[-1,true,null,{},[]],"b\"":"x"})");
  BOOST_TEST(written("q\" b\\ n\n t\t \x01 \x1f é /") == R"("q\" b\\ n\u000a t\u0009 \u0001 \u001f é /")");
  BOOST_TEST(written(std::string_view("\0", 1)) == R"("\u0000")");
}

BOOST_AUTO_TEST_CASE(every_character_is_read_back) {
  std::string all;
  for (int c = 0; c < 128; ++c) all += static_cast<char>(c);
  all += "é€😀\u2028";
  const std::string text = written(all);
  BOOST_TEST(json_document(text, subject).root().text() == all);
}

BOOST_AUTO_TEST_CASE(a_special_character_is_found_wherever_it_stands) {
  for (std::size_t size = 1; size <= 17; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int c = 0; c < 128; ++c) {
        std::string plain(size, 'x');
        plain[at] = static_cast<char>(c);
        const std::string text = written(plain);
        BOOST_REQUIRE(json_document(text, subject).root().text() == plain);
      }
      std::string wrong(size, '!');
      wrong[at] = '\x80';
      CHECK_FAILS(written(wrong), status::INVALID_ARGUMENT);
    }
  }
  BOOST_TEST(written("") == "\"\"");
}

BOOST_AUTO_TEST_CASE(the_writer_refuses_what_no_reader_takes) {
  CHECK_FAILS(written("ok\xff"), status::INVALID_ARGUMENT, "text is not UTF-8");
  std::string out;
  json_writer to(out);
  to.begin_object();
  CHECK_FAILS(to.key("\xc3"), status::INVALID_ARGUMENT, "text is not UTF-8");
}

BOOST_AUTO_TEST_CASE(floats_are_written_short_and_never_as_integers) {
  const auto number = [](auto value) {
    std::string out;
    json_writer(out).number(value);
    return out;
  };
  BOOST_TEST(number(0.1) == "0.1");
  BOOST_TEST(number(0.1f) == "0.1");
  BOOST_TEST(number(5.0) == "5.0");
  BOOST_TEST(number(-0.0) == "-0.0");
  BOOST_TEST(number(1e22) == "1e+22");
  BOOST_TEST(number(std::numeric_limits<double>::denorm_min()) == "5e-324");
}

BOOST_AUTO_TEST_SUITE_END()
