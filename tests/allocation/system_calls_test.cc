// A binding's runs make no system call.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <functional>

#include "tests/allocation/examples.h"

namespace ranvier::allocation {
namespace {

int report = -1;  // where the child writes to

/// Reports the number of a forbidden system call in two bytes.
void on_forbidden(int, siginfo_t* info, void*) {
  for (const int shift : {0, 8}) {
    const auto byte = static_cast<unsigned char>(info->si_syscall >> shift);
    if (write(report, &byte, 1) != 1) break;
  }
  _exit(1);
}

/// From here on this process may write single bytes to `report`, and exit; any other system call is trapped.
bool forbid_system_calls() {
  struct sigaction action {};
  action.sa_sigaction = on_forbidden;
  action.sa_flags = SA_SIGINFO;
  std::array<sock_filter, 9> filter = {{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 5, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_write, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(report), 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
  }};
  const sock_fprog program = {filter.size(), filter.data()};
  return sigaction(SIGSYS, &action, nullptr) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// What became of `work` in a child that may make no system call: "none", or the number of the one it made.
std::string system_calls_of(const std::function<void()>& work) {
  std::array<int, 2> pipe_ends{};
  if (pipe(pipe_ends.data()) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    report = pipe_ends[1];
    if (!forbid_system_calls()) _exit(2);
    work();
    _exit(write(report, "", 1) == 1 ? 0 : 3);
  }
  close(pipe_ends[1]);
  std::array<unsigned char, 2> bytes{};
  std::size_t count = 0;
  while (count < bytes.size() && read(pipe_ends[0], bytes.data() + count, 1) == 1) ++count;
  close(pipe_ends[0]);
  int status = -1;
  if (child < 0 || waitpid(child, &status, 0) != child) return "no child";
  if (count == 2) return fmt::format("number {}", bytes[0] + 256 * bytes[1]);
  return count == 1 && status == 0 ? "none" : fmt::format("the child ended with status {:#x}", status);
}

void expect_no_system_call(const std::vector<Example>& examples) {
  for (const Example& each : examples) {
    const auto runs = [&] {
      for (int run = 0; run < 100; ++run) each.binding->run();
    };
    EXPECT_EQ(system_calls_of(runs), "none") << each.name;
  }
}

TEST(SystemCalls, AreNoticed) {
  EXPECT_EQ(system_calls_of([] {}), "none");
  EXPECT_EQ(system_calls_of([] { getppid(); }), fmt::format("number {}", SYS_getppid));
  EXPECT_EQ(system_calls_of([] { EXPECT_LT(write(2, "", 1), 2); }), fmt::format("number {}", SYS_write));
}

TEST(SystemCalls, NoneInSingleOperators) { expect_no_system_call(single_operators()); }

TEST(SystemCalls, NoneInSmallGraphs) { expect_no_system_call(small_graphs()); }

TEST(SystemCalls, NoneInModels) { expect_no_system_call(models_in("models")); }

}  // namespace
}  // namespace ranvier::allocation
