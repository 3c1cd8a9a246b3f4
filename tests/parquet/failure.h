#pragma once

#include <string_view>

#include "base/error.h"

namespace evodb::testing {

/// For BOOST_CHECK_EXCEPTION: an error of this status whose message has this text in it.
inline auto is_failure(status code, std::string_view text) {
  return [code, text](const error &e) {
    BOOST_TEST_MESSAGE(e.message());
    return e.code() == code && e.message().find(text) != std::string::npos;
  };
}

}  // namespace evodb::testing
