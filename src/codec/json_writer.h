#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace evodb {

/// Appends compact JSON to a text. Commas come by themselves; that begins and ends match is the caller's care. Keys and
/// texts that are not UTF-8 are INVALID_ARGUMENT.
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
  /// A finite number: the fewest digits that read back as the same, always with a fraction or an exponent, since Java
  /// takes no integer for a float.
  void number(double value);
  void number(float value);
  void boolean(bool value);
  void null();
  void raw(std::string_view json);  ///< a whole JSON value

 private:
  void before_value();
  template <typename Float>
  void floating(Float value);
  void quote(std::string_view text);

  bytes &out_;
  bool needs_comma_ = false;
};

}  // namespace evodb
