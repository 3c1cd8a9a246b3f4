#include "model/type.h"

#include <boost/test/unit_test.hpp>

#include "failure.h"
#include "model/schema.h"

using namespace evodb;

BOOST_AUTO_TEST_SUITE(type_test)

namespace {

std::string again(const char *text) {
  return type::parse(text).to_text();
}

std::string nested_lists(int levels) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += "list<";
  text += "int";
  return text + std::string(static_cast<std::size_t>(levels), '>');
}

}  // namespace

BOOST_AUTO_TEST_CASE(texts_of_every_type) {
  for (const char *text : {"boolean",
                           "int",
                           "long",
                           "float",
                           "double",
                           "decimal(9,2)",
                           "date",
                           "time",
                           "timestamp",
                           "timestamptz",
                           "timestamp_ns",
                           "timestamptz_ns",
                           "string",
                           "uuid",
                           "fixed[16]",
                           "binary",
                           "unknown",
                           "variant",
                           "geometry",
                           "geometry(srid:4326)",
                           "geography",
                           "geography(srid:4326)",
                           "geography(OGC:CRS84, karney)",
                           "list<string>",
                           "list<required int>",
                           "map<string, int>",
                           "map<string, required list<int>>",
                           "struct<>",
                           "struct<a: int, b: required string>",
                           "struct<a: struct<b: list<map<int, long>>>>",
                           "struct<\"a b\": int, \"a\"\"b\": int, required: required int>"}) {
    BOOST_TEST(again(text) == text);
  }
}

BOOST_AUTO_TEST_CASE(lenient_texts) {
  BOOST_TEST(again(" int32 ") == "int");
  BOOST_TEST(again("int64") == "long");
  BOOST_TEST(again("FLOAT32") == "float");
  BOOST_TEST(again("float64") == "double");
  BOOST_TEST(again("decimal( 9 , 2 )") == "decimal(9,2)");
  BOOST_TEST(again("decimal (9,2)") == "decimal(9,2)");
  BOOST_TEST(again("fixed [ 4 ]") == "fixed[4]");
  BOOST_TEST(again("geometry( srid:4326 )") == "geometry(srid:4326)");
  BOOST_TEST(again("geometry(OGC:CRS84)") == "geometry");
  BOOST_TEST(again("geography( OGC:CRS84 , spherical )") == "geography");
  BOOST_TEST(again("struct<a: geography, b: geometry(x), c: int>") == "struct<a: geography, b: geometry(x), c: int>");
  BOOST_TEST(again("map<geography, geography(x, karney)>") == "map<geography, geography(x, karney)>");
  BOOST_TEST(again("Struct< a : int not null , b:string >") == "struct<a: required int, b: string>");
  BOOST_TEST(again("map<required string,int NOT NULL>") == "map<string, required int>");
}

BOOST_AUTO_TEST_CASE(errors_point_at_the_character) {
  const std::pair<std::string, const char *> cases[] = {
      {"", "expected a type at character 1"},
      {"varchar", "unknown type at character 1"},
      {"int x", "expected the end at character 5"},
      {"decimal", "expected '(' at character 8"},
      {"decimal(9)", "expected ',' at character 10"},
      {"decimal(39,2)", "at character 1"},
      {"decimal(0,0)", "at character 1"},
      {"decimal(9,99999999999)", "too large at character 11"},
      {"fixed[-1]", "expected a number at character 7"},
      {"list<varchar>", "unknown type at character 6"},
      {"list<int", "expected '>' at character 9"},
      {"map<string>", "expected ',' at character 11"},
      {"struct<a int>", "expected ':' at character 10"},
      {"struct<: int>", "expected a field name at character 8"},
      {"struct<a: int,>", "expected a field name at character 15"},
      {"struct<a: int not>", "expected 'null' at character 18"},
      {"struct<\"a: int>", "not closed at character 8"},
      {"geography(x, flat)", "unknown edge algorithm"},
      {"geometry(x", "expected ')' at character 11"},
      {nested_lists(65), "nest"},
      {nested_lists(100'000), "nest"},
  };
  for (const auto &[text, part] : cases) CHECK_FAILS(type::parse(text), status::INVALID_ARGUMENT, part);
}

/// What a type's text could not hold.
BOOST_AUTO_TEST_CASE(reference_systems_without_a_name) {
  for (const char *crs : {"WGS 84 (CRS84)", " x", "x ", "caf\xe9"}) {
    CHECK_FAILS(type::geometry(crs), status::INVALID_ARGUMENT, "coordinate reference system");
    CHECK_FAILS(type::geography(crs, ""), status::INVALID_ARGUMENT, "coordinate reference system");
  }
  CHECK_FAILS(type::geography("a,b", ""), status::INVALID_ARGUMENT, "coordinate reference system");
  BOOST_CHECK(type::parse(type::geometry("a,b").to_text()) == type::geometry("a,b"));
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded) {
  const type deepest = type::parse(nested_lists(64));
  BOOST_TEST(deepest.depth() == 64);
  field element;
  element.type = deepest;
  CHECK_FAILS(type::list(element), status::INVALID_ARGUMENT, "deeper than 64 levels");
  CHECK_FAILS(type::structure({element}), status::INVALID_ARGUMENT, "deeper than 64 levels");
}

BOOST_AUTO_TEST_CASE(equality_is_deep) {
  const type a = type::parse("struct<a: list<int>>");
  BOOST_TEST(bool(a == type::parse("struct<a: list<int>>")));
  BOOST_TEST(bool(a != type::parse("struct<a: list<long>>")));
  BOOST_TEST(bool(a != type::parse("struct<b: list<int>>")));
  BOOST_TEST(bool(a != type::parse("struct<a: required list<int>>")));
  BOOST_TEST(bool(type::decimal(9, 2) != type::decimal(9, 3)));
  BOOST_TEST(bool(type::geometry("a") != type::geometry("b")));
  BOOST_TEST(bool(type::geometry("") == type::geometry("OGC:CRS84")));
}

BOOST_AUTO_TEST_CASE(children) {
  const type m = type::parse("map<string, required int>");
  BOOST_TEST(m.key().name == "key");
  BOOST_TEST(m.key().required);
  BOOST_TEST(m.value().name == "value");
  BOOST_TEST(m.value().type.is(type_kind::int32));
  BOOST_TEST(type::parse("list<int>").element().name == "element");
  BOOST_TEST(type(type_kind::int32).fields().empty());
  BOOST_TEST(!type(type_kind::variant).is_primitive());
  BOOST_TEST(!type(type_kind::variant).is_nested());
}

BOOST_AUTO_TEST_CASE(format_versions) {
  BOOST_TEST(type::parse("struct<a: map<string, list<int>>>").minimum_format_version() == 1);
  for (const char *text : {"unknown", "variant", "timestamp_ns", "timestamptz_ns", "geometry", "geography",
                           "struct<a: map<string, list<variant>>>"}) {
    BOOST_TEST(type::parse(text).minimum_format_version() == 3);
  }
}

BOOST_AUTO_TEST_CASE(promotions_by_format_version) {
  const auto allowed = [](const char *from, const char *to, int version) {
    return can_promote(type::parse(from), type::parse(to), version);
  };
  for (const int version : {1, 2, 3}) {
    BOOST_TEST(allowed("int", "int", version));
    BOOST_TEST(allowed("int", "long", version));
    BOOST_TEST(allowed("float", "double", version));
    BOOST_TEST(allowed("decimal(9,2)", "decimal(10,2)", version));
    BOOST_TEST(!allowed("decimal(9,2)", "decimal(8,2)", version));
    BOOST_TEST(!allowed("decimal(9,2)", "decimal(10,3)", version));
    BOOST_TEST(!allowed("long", "int", version));
    BOOST_TEST(!allowed("int", "double", version));
    BOOST_TEST(!allowed("int", "string", version));
    BOOST_TEST(!allowed("date", "timestamptz", version));
    BOOST_TEST(!allowed("timestamp", "timestamp_ns", version));
    BOOST_TEST(!allowed("struct<a: int>", "struct<a: long>", version));
    BOOST_TEST(allowed("date", "timestamp", version) == (version == 3));
    BOOST_TEST(allowed("date", "timestamp_ns", version) == (version == 3));
    BOOST_TEST(allowed("unknown", "string", version) == (version == 3));
  }
}

BOOST_AUTO_TEST_SUITE_END()
