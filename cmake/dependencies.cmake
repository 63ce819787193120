# What Ranvier builds on, all from the distribution's packages.

find_package(fmt 9 REQUIRED)
if(RANVIER_TESTS)
  find_package(GTest REQUIRED)
endif()
