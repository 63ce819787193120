#include "runtime/c_api/handles.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace ranvier::c_api {
namespace {

using Ints = Handles<int>;

TEST(Handles, FindWhatTheyStandFor) {
  Ints handles(1);
  const Ints::Handle one = handles.add(std::make_unique<int>(1));
  const Ints::Handle two = handles.add(std::make_unique<int>(2));
  EXPECT_EQ(*handles.find(one), 1);
  EXPECT_EQ(*handles.find(two), 2);
  EXPECT_EQ(*handles.remove(one), 1);
  EXPECT_EQ(handles.find(one), nullptr);
  EXPECT_EQ(handles.remove(one), nullptr);
  EXPECT_EQ(*handles.remove(two), 2);
}

TEST(Handles, OneThatIsGoneIsNeverTakenForAnother) {
  Ints handles(1);
  std::set<Ints::Handle> gone;
  for (int i = 0; i < 1000; ++i) {
    const Ints::Handle handle = handles.add(std::make_unique<int>(i));
    EXPECT_TRUE(gone.insert(handle).second);
    handles.remove(handle);
  }
  const Ints::Handle last = handles.add(std::make_unique<int>(-1));
  for (const Ints::Handle handle : gone) EXPECT_EQ(handles.find(handle), nullptr);
  handles.remove(last);
}

TEST(Handles, OfAnotherKindAndAnyOtherNumberStandForNothing) {
  Ints handles(1);
  Ints others(2);
  const Ints::Handle handle = handles.add(std::make_unique<int>(1));
  EXPECT_EQ(others.find(handle), nullptr);
  others.remove(others.add(std::make_unique<int>(1)));
  EXPECT_EQ(others.find(handle), nullptr);
  for (const Ints::Handle number : {Ints::Handle{0}, Ints::Handle{1}, ~Ints::Handle{0}, handle + 1, handle - 1,
                                    handle << 1, reinterpret_cast<Ints::Handle>(&handle)})
    EXPECT_EQ(handles.find(number), nullptr) << number;
  handles.remove(handle);
}

TEST(Handles, GrowWithoutMoving) {
  Ints handles(1);
  std::vector<Ints::Handle> all;
  const int* first = nullptr;
  for (int i = 0; i < 5000; ++i) {
    all.push_back(handles.add(std::make_unique<int>(i)));
    if (i == 0) first = handles.find(all[0]);
  }
  EXPECT_EQ(handles.find(all[0]), first);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(*handles.find(all[i]), i);
  for (const Ints::Handle handle : all) handles.remove(handle);
}

TEST(Handles, AreMadeAndRemovedByManyThreads) {
  Ints handles(1);
  const auto work = [&] {
    for (int i = 0; i < 2000; ++i) {
      const Ints::Handle handle = handles.add(std::make_unique<int>(i));
      EXPECT_EQ(*handles.find(handle), i);
      EXPECT_EQ(*handles.remove(handle), i);
    }
  };
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work);
}

}  // namespace
}  // namespace ranvier::c_api
