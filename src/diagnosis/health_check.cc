#include "diagnosis/health_check.h"

#include "base/utf8.h"
#include "codec/json_writer.h"

namespace evodb {

std::string sentence_of(const error &why) {
  const bool names_subject = why.subject().empty() || why.message().find(why.subject()) != std::string::npos;
  return names_subject ? why.message() : why.message() + " (" + why.subject() + ")";
}

health_check &health_check::with(std::int64_t value) {
  value_json = std::to_string(value);
  return *this;
}

health_check &health_check::with(std::string_view value) {
  value_json.clear();
  json_writer to(value_json);
  is_utf8(value) ? to.text(value) : to.null();
  return *this;
}

health_check &health_check::say(std::string_view sentence) {
  if (!message.empty()) message += "; ";
  message += sentence;
  return *this;
}

health_check &health_check::fail(std::string_view sentence) {
  is_ok = false;
  return say(sentence);
}

}  // namespace evodb
