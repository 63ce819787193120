// The command line.

#include <malloc.h>

#include <new>

#include "tools/command.h"

namespace {

using namespace ranvier;
using namespace ranvier::tools;

constexpr const char* exit_codes =
    "Results go to standard output, everything else to standard error.\n"
    "Exit codes: 0 good, 1 a check failed, 2 usage, 3 bad or unsupported model,\n"
    "4 bad input, unwritable output or too little memory, 5 an error in Ranvier itself.\n"
    "`ranvier COMMAND --help` explains a command, with examples.";

Program program() {
  Program result = {
      .name = "ranvier",
      .about = "Runs ONNX models on CPUs.",
      .version = RANVIER_VERSION,
      .help = exit_codes,
      .commands = {run_command(), verify_command(), summary_command(), graph_command(), check_command(),
                   bench_command(), profile_command(), health_command(), optimize_command(), ops_command()}};
  result.commands.push_back(completion_command(result.commands));
  return result;
}

}  // namespace

int main(int count, char** arguments) {
  // Pieces of a stream go back to the system, as long as malloc does not get used to them and keeps gaps of their size.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  try {
    const ExitCode code = run_program(program(), count, arguments);
    flush_output();
    return code;
  } catch (const Failure& failure) {
    note(failure.what());
    return failure.code();
  } catch (const Error& error) {
    note(error.what());
    return exit_code(error.code());
  } catch (const std::bad_alloc&) {
    note("memory ran out");
    return bad_input;
  } catch (const std::exception& error) {
    note(fmt::format("an error in Ranvier: {}", error.what()));
    return bug;
  }
}
