#include "interruption.h"

#include <csignal>

namespace tool {
namespace {

volatile std::sig_atomic_t is_interrupted = 0;

}  // namespace

void handle_interruptions() {
  struct sigaction once {};
  once.sa_handler = [](int) { is_interrupted = 1; };
  once.sa_flags = SA_RESETHAND | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) sigaction(signal, &once, nullptr);
}

bool take_interruption() noexcept {
  const bool was_interrupted = is_interrupted != 0;
  is_interrupted = 0;
  return was_interrupted;
}

}  // namespace tool
