// What a fork() leaves behind.
#pragma once

namespace ranvier::python {

/// How many forks lie between this process and the one that loaded the module. A child has none of its parent's
/// threads: what waits for them, a session's thread pool, can neither run nor be destroyed there.
int forks();

}  // namespace ranvier::python
