// malloc and its family, counted.
#pragma once

namespace ranvier::allocation {

/// Counts the calls of malloc, free and the like that any thread of this process makes while it lives: those of
/// operator new and of other libraries among them. One at a time.
class Counter {
 public:
  Counter();
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter();

  long calls() const;
  /// What was allocated since and is still kept, less what was kept before and is freed.
  long bytes() const;
};

}  // namespace ranvier::allocation
