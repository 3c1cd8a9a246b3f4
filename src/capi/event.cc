#include "runtime/event.h"

#include "capi/boundary.h"
#include "capi/options.h"

using namespace evodb;
using namespace evodb::capi;

struct evodb_event {
  const event &value;
};

namespace {

std::string_view text_of(const evodb_event *event, std::string event::*part) {
  return event == nullptr ? std::string_view() : std::string_view(event->value.*part);
}

}  // namespace

evodb_status evodb_options_set_observer(evodb_options *options, evodb_event_callback callback, void *context,
                                        int32_t highest_log_level, evodb_error **error) {
  return guarded(error, [&] {
    require(options, "options");
    require(reinterpret_cast<const void *>(callback), "callback");
    if (highest_log_level < EVODB_LOG_NONE || highest_log_level > EVODB_LOG_DEBUG)
      fail(status::INVALID_ARGUMENT, "highest_log_level is none of EVODB_LOG_...");
    options->highest_log_level = static_cast<log_level>(highest_log_level);
    options->on_event = [callback, context](const event &reported) {
      const evodb_event handle{reported};
      callback(context, &handle);
    };
  });
}

int32_t evodb_event_kind(const evodb_event *event) {
  if (event == nullptr) return 0;
  switch (event->value.what) {
    case event::kind::log:
      return EVODB_EVENT_LOG;
    case event::kind::span_started:
      return EVODB_EVENT_SPAN_STARTED;
    case event::kind::span_ended:
      return EVODB_EVENT_SPAN_ENDED;
  }
  return 0;
}

int32_t evodb_event_log_level(const evodb_event *event) {
  const bool is_record = event != nullptr && event->value.what == event::kind::log;
  return is_record ? static_cast<std::int32_t>(event->value.level) : EVODB_LOG_NONE;
}

const char *evodb_event_name(const evodb_event *event, int64_t *out_length) {
  return text_out(text_of(event, &event::name), out_length);
}

int64_t evodb_event_time_ns(const evodb_event *event) {
  return event == nullptr ? 0 : event->value.time_ns;
}

const char *evodb_event_operation_id(const evodb_event *event, int64_t *out_length) {
  return text_out(text_of(event, &event::operation_id), out_length);
}

const char *evodb_event_span_id(const evodb_event *event, int64_t *out_length) {
  return text_out(text_of(event, &event::span_id), out_length);
}

const char *evodb_event_parent_id(const evodb_event *event, int64_t *out_length) {
  return text_out(text_of(event, &event::parent_id), out_length);
}

int64_t evodb_event_attribute_count(const evodb_event *event) {
  return event == nullptr ? 0 : static_cast<std::int64_t>(event->value.attributes.size());
}

evodb_status evodb_event_attribute(const evodb_event *event, int64_t index, const char **out_key,
                                   int64_t *out_key_length, const char **out_value, int64_t *out_value_length,
                                   evodb_error **error) {
  return guarded(error, [&] {
    require(event, "event");
    const auto &[key, value] = checked_at(event->value.attributes, index);
    text_out(key, out_key, out_key_length);
    text_out(value, out_value, out_value_length);
  });
}
