#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace evodb {

/// Appends compact JSON to a text. Commas come by themselves; that begins and ends match is the caller's care.
class json_writer {
 public:
  explicit json_writer(bytes &to) : out_(to) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  void text(std::string_view value);
  void integer(std::int64_t value);
  void number(double value);  ///< finite
  void number(float value);   ///< finite
  void boolean(bool value);
  void null();
  void raw(std::string_view json);  ///< a whole JSON value

 private:
  void before_value();
  void quote(std::string_view text);

  bytes &out_;
  bool needs_comma_ = false;
};

}  // namespace evodb
