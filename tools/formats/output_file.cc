#include "tools/formats/output_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "runtime/core/error.h"

namespace ranvier::formats {
namespace {

/// The one temporary file that a signal has to remove: the command line writes one file at a time.
std::array<char, 4096> doomed = {};

constexpr int deadly_signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGXFSZ};

void remove_and_die(int signal) {
  ::unlink(doomed.data());
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

/// A signal that is ignored stays so: that is how nohup works.
void handle_signals(void (*handler)(int)) {
  for (const int signal : deadly_signals)
    if (::signal(signal, handler) == SIG_IGN) ::signal(signal, SIG_IGN);
}

void guard(const std::string& path) {
  if (path.size() >= doomed.size()) return;
  std::copy(path.c_str(), path.c_str() + path.size() + 1, doomed.data());
  handle_signals(remove_and_die);
}

void unguard() { handle_signals(SIG_DFL); }

/// The permissions that a new file would get.
mode_t usual_mode() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

OutputFile::OutputFile(const std::string& path, Access access)
    : name_(path == "-" ? "standard output" : path), target_(path) {
  struct stat status = {};
  const bool exists = path != "-" && ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) fail(ErrorCode::io, "{}: cannot be written: it is a folder", name_);
  rename_ = path != "-" && (!exists || S_ISREG(status.st_mode));
  if (!rename_ && access == Access::sequential) {
    stream_ = path == "-" ? stdout : std::fopen(path.c_str(), "we");
    if (stream_ == nullptr) failed();
    return;
  }
  if (exists && ::access(path.c_str(), W_OK) != 0) failed();
  std::error_code none;
  if (rename_ && exists) target_ = std::filesystem::canonical(path, none).string();  // a link stays a link
  const std::filesystem::path folder =
      rename_ ? std::filesystem::path(target_).parent_path() : std::filesystem::temp_directory_path(none);
  temporary_ = (folder / ".ranvier-XXXXXX").string();
  const int descriptor = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor < 0) {
    temporary_.clear();
    failed();
  }
  guard(temporary_);
  ::fchmod(descriptor, exists ? status.st_mode & 07777 : usual_mode());
  stream_ = ::fdopen(descriptor, "w+");
  if (stream_ == nullptr) failed();
}

OutputFile::~OutputFile() {
  if (stream_ != nullptr && stream_ != stdout) std::fclose(stream_);
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
    unguard();
  }
}

void OutputFile::failed() const { fail(ErrorCode::io, "{}: cannot be written: {}", name_, std::strerror(errno)); }

void OutputFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stream_) != bytes.size()) failed();
}

void OutputFile::flush() {
  if (std::fflush(stream_) != 0) failed();
}

void OutputFile::copy_to_target() {
  std::FILE* from = std::fopen(temporary_.c_str(), "re");
  std::FILE* to = target_ == "-" ? stdout : std::fopen(target_.c_str(), "we");
  if (from == nullptr || to == nullptr) failed();
  std::array<char, 1 << 16> bytes;
  std::size_t got = 0;
  bool good = true;
  while (good && (got = std::fread(bytes.data(), 1, bytes.size(), from)) > 0)
    good = std::fwrite(bytes.data(), 1, got, to) == got;
  good = std::fflush(to) == 0 && good;
  std::fclose(from);
  if (to != stdout) good = std::fclose(to) == 0 && good;
  if (!good) failed();
}

void OutputFile::commit() {
  flush();
  if (temporary_.empty()) return;
  if (!rename_) return copy_to_target();
  if (std::rename(temporary_.c_str(), target_.c_str()) != 0) failed();
  temporary_.clear();
  unguard();
}

}  // namespace ranvier::formats
