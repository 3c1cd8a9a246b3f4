#include "output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace tool {
namespace {

constexpr std::int64_t shown_after_ms = 500;

std::int64_t steady_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

/// Columns that a terminal needs for a text: its code points.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return width;
}

}  // namespace

void print_line(std::string_view line) {
  const bool is_written =
      std::fwrite(line.data(), 1, line.size(), stdout) == line.size() && std::fputc('\n', stdout) != EOF;
  if (!is_written || std::fflush(stdout) != 0) {
    if (errno == EPIPE) std::_Exit(0);  // a closed pipe is no error
    throw unwritable_output();
  }
}

void print_json(const boost::json::object &row) {
  print_line(boost::json::serialize(row));
}

void text_table::print() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = width_of(columns_[i].title);
    for (const auto &row : rows_) width = std::max(width, width_of(row[i]));
    widths.push_back(width);
  }
  auto line_of = [&](auto cell) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string &text = cell(i);
      const std::string padding(widths[i] - width_of(text), ' ');
      if (i > 0) line += "  ";
      line += columns_[i].side == align::right ? padding + text : text + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
  };
  print_line(heading(line_of([&](std::size_t i) -> const std::string & { return columns_[i].title; })));
  for (const auto &row : rows_) print_line(line_of([&](std::size_t i) -> const std::string & { return row[i]; }));
}

std::string count_text(std::int64_t number) {
  std::string digits = std::to_string(number < 0 ? -number : number);
  for (int at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return number < 0 ? "-" + digits : digits;
}

std::string size_text(std::int64_t bytes) {
  const std::int64_t tenths = (bytes * 10 + 512) / 1024;
  return fmt::format("{}.{} KiB", count_text(tenths / 10), tenths % 10);
}

std::string heading(std::string_view text) {
  const char *no_color = std::getenv("NO_COLOR");
  const bool wants_plain = isatty(STDOUT_FILENO) == 0 || (no_color != nullptr && *no_color != '\0');
  return wants_plain ? std::string(text) : fmt::format("\x1b[1m{}\x1b[0m", text);
}

int exit_status_of(const failure &what) {
  if (what.code == EVODB_COMMIT_STATE_UNKNOWN) return 3;
  return what.is_before_io ? 2 : 1;
}

void print_failure(const failure &what, bool as_json) {
  auto text_or_null = [](const std::string &text) {
    return text.empty() ? boost::json::value() : boost::json::value(text);
  };
  std::string out;
  if (as_json) {
    boost::json::object error;
    error["code"] = what.code;
    error["name"] = evodb_status_name(what.code);
    error["message"] = what.message;
    error["subject"] = text_or_null(what.subject);
    error["http_status"] = what.http_status == 0 ? boost::json::value() : boost::json::value(what.http_status);
    error["store_code"] = text_or_null(what.store_code);
    error["request_id"] = text_or_null(what.request_id);
    error["token"] = text_or_null(what.token);
    boost::json::object row;
    row["error"] = std::move(error);
    out = boost::json::serialize(row) + "\n";
  } else {
    const bool names_subject = what.subject.empty() || what.message.find(what.subject) != std::string::npos;
    out = fmt::format("evodb-lakehouse: {}: {}{}\n", evodb_status_name(what.code), what.message,
                      names_subject ? "" : fmt::format(" ({})", what.subject));
    if (what.code == EVODB_COMMIT_STATE_UNKNOWN) out += fmt::format("token: {}\n", what.token);
  }
  std::fwrite(out.data(), 1, out.size(), stderr);
}

void print_warning(const failure &what, bool as_json) {
  std::string out;
  if (as_json) {
    boost::json::object warning;
    warning["code"] = what.code;
    warning["name"] = evodb_status_name(what.code);
    warning["message"] = what.message;
    warning["subject"] = what.subject.empty() ? boost::json::value() : boost::json::value(what.subject);
    boost::json::object row;
    row["warning"] = std::move(warning);
    out = boost::json::serialize(row) + "\n";
  } else {
    out = fmt::format("evodb-lakehouse: warning: {}\n", what.message);
  }
  std::fwrite(out.data(), 1, out.size(), stderr);
}

void print_warnings(const table_handle &of, bool as_json) {
  for (std::int64_t i = 0; i < evodb_table_warning_count(of.get()); ++i) {
    evodb_status code = EVODB_OK;
    const char *message = nullptr, *subject = nullptr;
    check([&](auto **error) {
      return evodb_table_warning_at(of.get(), i, &code, &message, nullptr, &subject, nullptr, error);
    });
    print_warning({code, message, subject}, as_json);
  }
}

progress::progress() : is_terminal_(isatty(STDERR_FILENO) != 0), begun_ms_(steady_ms()) {}

void progress::show(std::string_view text) {
  if (!is_terminal_ || steady_ms() - begun_ms_ < shown_after_ms) return;
  is_shown_ = true;
  std::fprintf(stderr, "\r\x1b[K%.*s", static_cast<int>(text.size()), text.data());
}

progress::~progress() {
  if (is_shown_) std::fprintf(stderr, "\r\x1b[K");
}

}  // namespace tool
