#include "tools/graph/layout.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "tools/command.h"

namespace ranvier::view {
namespace {

using tools::bad_input;
using tools::give_up;

/// A file without a name: unlike with pipes, nobody waits for anybody.
class Stream {
 public:
  Stream() : file_(std::tmpfile()) {
    if (file_ == nullptr) give_up(bad_input, "a temporary file cannot be made: {}", std::strerror(errno));
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() { std::fclose(file_); }

  int descriptor() const { return ::fileno(file_); }

  void fill(const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size() || std::fflush(file_) != 0)
      give_up(bad_input, "a temporary file cannot be written: {}", std::strerror(errno));
    std::rewind(file_);
  }

  std::string contents() {
    std::rewind(file_);
    std::string bytes;
    char buffer[1 << 16];
    while (const std::size_t count = std::fread(buffer, 1, sizeof(buffer), file_)) bytes.append(buffer, count);
    return bytes;
  }

 private:
  std::FILE* file_;
};

/// Runs a program on three streams. Returns what waitpid() tells.
int run(const char* program, const std::string& argument, const Stream& in, const Stream& out, const Stream& err) {
  posix_spawn_file_actions_t actions;
  if (::posix_spawn_file_actions_init(&actions) != 0) throw std::bad_alloc();
  const std::unique_ptr<posix_spawn_file_actions_t, int (*)(posix_spawn_file_actions_t*)> guard(
      &actions, ::posix_spawn_file_actions_destroy);
  ::posix_spawn_file_actions_adddup2(&actions, in.descriptor(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, out.descriptor(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.descriptor(), STDERR_FILENO);
  std::string name = program;
  std::string word = argument;
  char* const words[] = {name.data(), word.data(), nullptr};
  pid_t child = 0;
  if (const int error = ::posix_spawnp(&child, program, &actions, nullptr, words, environ); error != 0)
    give_up(bad_input,
            "the program '{}' of Graphviz cannot be run: {}; install it (Debian: graphviz), or write --format dot",
            program, std::strerror(error));
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) give_up(bad_input, "'{}' cannot be waited for: {}", program, std::strerror(errno));
  return status;
}

}  // namespace

std::string laid_out(const std::string& drawing, const std::string& format) {
  Stream in;
  Stream out;
  Stream err;
  in.fill(drawing);
  const int status = run("dot", "-T" + format, in, out, err);
  if (status != 0) {
    const std::string message = err.contents();
    give_up(bad_input, "Graphviz' program 'dot' did not draw the model: {}",
            message.empty() ? fmt::format("it ended with status {}", status) : message.substr(0, message.find('\n')));
  }
  return out.contents();
}

}  // namespace ranvier::view
