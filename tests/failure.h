#pragma once

#include <boost/test/unit_test.hpp>
#include <string>

#include "base/error.h"

/// For BOOST_CHECK_EXCEPTION: an error of that status whose one-line message holds `part`.
inline auto failure(evodb::status code, std::string part = {}) {
  return [code, part = std::move(part)](const evodb::error &e) {
    BOOST_TEST(evodb::name_of(e.code()) == std::string(evodb::name_of(code)));
    BOOST_TEST(e.message().find('\n') == std::string::npos, e.message());
    BOOST_TEST(e.message().find(part) != std::string::npos, "'" << e.message() << "' does not say '" << part << "'");
    return e.code() == code;
  };
}

#define CHECK_FAILS(expression, ...) \
  BOOST_CHECK_EXCEPTION(static_cast<void>(expression), evodb::error, failure(__VA_ARGS__))
