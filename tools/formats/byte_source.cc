#include "tools/formats/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "runtime/core/error.h"

namespace ranvier::formats {
namespace {

constexpr std::size_t step = 1 << 16;

/// A file descriptor that is closed with its last copy.
class Descriptor {
 public:
  Descriptor(int number, bool owned) : number_(number), owned_(owned) {}
  ~Descriptor() {
    if (owned_) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
  bool owned_;
};

}  // namespace

ByteSource ByteSource::open(const std::string& path) {
  const bool standard = path == "-";
  const std::string name = standard ? "standard input" : path;
  const int number = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (number < 0) fail(ErrorCode::io, "{}: cannot be opened: {}", name, std::strerror(errno));
  auto file = std::make_shared<Descriptor>(number, !standard);
  struct stat status = {};
  if (::fstat(number, &status) != 0) fail(ErrorCode::io, "{}: {}", name, std::strerror(errno));
  if (S_ISDIR(status.st_mode)) fail(ErrorCode::io, "{}: is a folder, a file is expected", name);
  std::optional<std::uint64_t> size;
  if (S_ISREG(status.st_mode) && !standard) size = static_cast<std::uint64_t>(status.st_size);
  const auto fill = [file, name](std::span<char> to) {
    while (true) {
      const ssize_t got = ::read(file->number(), to.data(), to.size());
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) fail(ErrorCode::io, "{}: cannot be read: {}", name, std::strerror(errno));
    }
  };
  return ByteSource(name, fill, size);
}

ByteSource ByteSource::memory(std::string name, std::string bytes) {
  const std::uint64_t size = bytes.size();
  ByteSource source(
      std::move(name), [](std::span<char>) { return std::size_t{0}; }, size);
  source.buffer_ = std::move(bytes);
  return source;
}

std::string_view ByteSource::peek(std::size_t count) {
  while (buffer_.size() - begin_ < count) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    const std::size_t used = buffer_.size();
    buffer_.resize(used + std::max(step, count - used));
    const std::size_t got = fill_({buffer_.data() + used, buffer_.size() - used});
    buffer_.resize(used + got);
    if (got == 0) break;
  }
  return std::string_view(buffer_).substr(begin_);
}

void ByteSource::consume(std::size_t count) {
  begin_ += count;
  position_ += count;
}

std::size_t ByteSource::read(std::span<char> to) {
  std::size_t done = std::min(to.size(), buffer_.size() - begin_);
  std::copy_n(buffer_.data() + begin_, done, to.data());
  begin_ += done;
  while (done < to.size()) {
    const std::size_t got = fill_(to.subspan(done));
    if (got == 0) break;
    done += got;
  }
  position_ += done;
  return done;
}

std::string ByteSource::read_string(std::uint64_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    const std::size_t used = bytes.size();
    const auto next = std::max<std::uint64_t>(step, used);  // doubling
    bytes.resize(used + static_cast<std::size_t>(std::min(next, count - used)));
    const std::size_t got = read({bytes.data() + used, bytes.size() - used});
    if (used + got < bytes.size()) {
      bytes.resize(used + got);
      break;
    }
  }
  return bytes;
}

}  // namespace ranvier::formats
